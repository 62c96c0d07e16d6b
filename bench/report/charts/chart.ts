import { type Html, html } from '../markup.ts'
import type { Entrant } from '../view.ts'

/** Colours that the style sheet has; a ninth series begins again with the first. */
export const coloursMax = 8

// Colour is never alone: each place has its own dashes as well.
const dashes = ['', '11 4', '5 3', '2 3', '11 3 2 3', '7 3 2 3 2 3', '1 4', '15 3 5 3']

export const dashOf = (place: number): string => dashes[place % dashes.length] ?? ''
export const colourOf = (place: number): string => `c${place % coloursMax}`

/** Width of text in px, on the wide side: the reader's font is not known here. */
export const textWidth = (text: string, fontPx: number): number => [...text].length * fontPx * 0.6

/** A coordinate, to a tenth of a pixel. */
export const at = (value: number): string => String(Math.round(value * 10) / 10 + 0)

export interface Frame {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly title: string
  /** What the picture says, for who cannot see it. */
  readonly description: string
}

/** A picture with its name and description. It shrinks with the page and never grows beyond its own size. */
export const picture = ({ id, width, height, title, description }: Frame, body: Html): Html =>
  html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${body}</svg>`

/** The series of a chart by line and name. */
export const legend = (entrants: readonly Pick<Entrant, 'id' | 'title' | 'place'>[]): Html =>
  html`<ul class="legend">${entrants.map(
    ({ id, title, place }) =>
      html`<li class="${colourOf(place)}"><svg aria-hidden="true" width="40" height="10" viewBox="0 0 40 10"><path class="curve" d="M1 5H39" stroke-dasharray="${dashOf(place)}"/></svg><span><strong>${id}</strong> ${title}</span></li>`,
  )}</ul>`

/** Moves labels apart, in order, so that no two lie closer than `gap`, and all between `low` and `high` if there is room. */
export const spread = (
  places: readonly number[],
  gap: number,
  low: number,
  high: number,
): readonly number[] => {
  const order = places
    .map((_, index) => index)
    .sort((one, other) => (places[one] ?? 0) - (places[other] ?? 0))
  const moved = [...places]
  let least = low
  for (const index of order) {
    moved[index] = Math.max(places[index] ?? 0, least)
    least = (moved[index] ?? 0) + gap
  }
  let most = high
  for (const index of order.toReversed()) {
    moved[index] = Math.min(moved[index] ?? 0, most)
    most = (moved[index] ?? 0) - gap
  }
  return moved
}
