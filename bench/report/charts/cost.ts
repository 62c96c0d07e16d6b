import { scaleLinear } from 'd3-scale'
import type { CostLine, Results, ScenarioResults } from '../../results.ts'
import { clipped, listed, usd } from '../format.ts'
import { type Html, html } from '../markup.ts'
import { costInWords, type Entrant, entrantsOf, labelledValues } from '../view.ts'
import { at, coloursMax, picture, textWidth } from './chart.ts'

const kinds = ['work', 'idle', 'observability'] as const

/** What each contestant costs by service: a bar for work, one for idle and one for observability, on one scale. */
export const costFigure = (results: Results, scenario: ScenarioResults): Html => {
  const services = servicesOf(results)
  return html`<figure class="card"><figcaption>${labelledValues(results, `Cost by service, scenario ${scenario.id}`)}<span class="note">USD per million orders; work, idle and observability apart, on one scale</span></figcaption>
<ul class="legend">${services.map(
    (service, place) =>
      html`<li><svg aria-hidden="true" width="18" height="14" viewBox="0 0 18 14"><rect class="fill f${place % coloursMax}" width="18" height="14" rx="2"/></svg><span><strong>${letterOf(place)}</strong> ${service}</span></li>`,
  )}<li><svg aria-hidden="true" width="18" height="14" viewBox="0 0 18 14"><rect class="fill f5" width="18" height="14" rx="2"/>${stripes(0, 0, 18, 14, 'idle')}</svg><span>striped: idle</span></li><li><svg aria-hidden="true" width="18" height="14" viewBox="0 0 18 14"><rect class="fill f5" width="18" height="14" rx="2"/>${stripes(0, 0, 18, 14, 'observability')}</svg><span>ruled: observability</span></li></ul>
<div class="wide">${bars(results, scenario, services, 'wide', 1050)}</div><div class="narrow">${bars(results, scenario, services, 'narrow', 340)}</div></figure>`
}

const servicesOf = (results: Results): readonly string[] => [
  ...new Set(
    results.scenarios.flatMap((scenario) =>
      entrantsOf(results, scenario).flatMap(({ result }) => result.cost.lines.map(({ service }) => service)),
    ),
  ),
]

/** A service is told by a letter too, since a narrow segment holds no more. */
const letterOf = (place: number): string => {
  const letter = String.fromCharCode(65 + (place % 26))
  return place < 26 ? letter : `${letter}${Math.floor(place / 26)}`
}

interface Segment {
  readonly service: string
  readonly place: number
  readonly value: number
}
interface Bar {
  readonly kind: CostLine['kind']
  readonly segments: readonly Segment[]
  readonly total: number
}

const barsOf = ({ result }: Entrant, services: readonly string[]): readonly Bar[] =>
  kinds.map((kind) => {
    const segments = services
      .map((service, place) => ({
        service,
        place,
        value: result.cost.lines
          .filter((line) => line.kind === kind && line.service === service)
          .reduce((total, line) => total + line.usdPerMillionOrders, 0),
      }))
      .filter(({ value }) => value > 0)
    return { kind, segments, total: segments.reduce((total, { value }) => total + value, 0) }
  })

const fontPx = 12
const barHeight = 24
const barGap = 6
const headHeight = 26
const blockGap = 16

const bars = (
  results: Results,
  scenario: ScenarioResults,
  services: readonly string[],
  name: string,
  width: number,
): Html => {
  const blocks = entrantsOf(results, scenario).map((entrant) => ({
    entrant,
    bars: barsOf(entrant, services),
  }))
  const all = blocks.flatMap((block) => block.bars)
  const valueWidth = Math.max(40, ...all.map(({ total }) => textWidth(usd(total), fontPx)))
  const left = textWidth('observability', fontPx)
  const scale = scaleLinear(
    [0, Math.max(1e-9, ...all.map(({ total }) => total))],
    [0, width - left - valueWidth - 12],
  )
  const blockHeight = headHeight + kinds.length * (barHeight + barGap) + blockGap
  const frame = {
    id: `cost-${name}-${results.scenarios.indexOf(scenario)}`,
    width,
    height: Math.max(20, blocks.length * blockHeight - blockGap),
    title: labelledValues(results, `Cost in USD per million orders, scenario ${scenario.id}`),
    description: `${listed(blocks.map(({ entrant, bars: own }) => describe(entrant, own)))}. The table of lines holds the numbers.`,
  }
  return picture(
    frame,
    html`${blocks.map(
      ({ entrant, bars: own }, index) =>
        html`<g transform="translate(0 ${index * blockHeight})">${heading(entrant, width)}${own.map(
          (bar, row) =>
            barMarkup(bar, left, headHeight + row * (barHeight + barGap), (value) => scale(value)),
        )}</g>`,
    )}`,
  )
}

const describe = ({ id, result }: Entrant, own: readonly Bar[]): string =>
  `${id}: ${costInWords(result.cost)} in all, ${listed(own.map(({ kind, total }) => `${kind} ${usd(total)}`))}`

const heading = ({ id, result }: Entrant, width: number): Html => {
  const total = costInWords(result.cost)
  const room = Math.floor(width / (fontPx * 0.65)) - total.length - 4
  return html`<text class="bar-head" x="0" y="15">${clipped(id, Math.max(8, room))}: ${total}</text>`
}

const barMarkup = (
  { kind, segments, total }: Bar,
  left: number,
  top: number,
  widthOf: (value: number) => number,
): Html => {
  let x = left
  const drawn = segments.map((segment) => {
    const from = x
    x += widthOf(segment.value)
    return segmentMarkup(segment, kind, from, top, widthOf(segment.value))
  })
  return html`<text class="tick" x="${at(left - 8)}" y="${at(top + barHeight / 2 + 4)}" text-anchor="end">${kind}</text>${drawn}<text class="tick" x="${at(x + 6)}" y="${at(top + barHeight / 2 + 4)}">${usd(total)}</text>`
}

const segmentMarkup = (
  { service, place, value }: Segment,
  kind: CostLine['kind'],
  x: number,
  top: number,
  width: number,
): Html => {
  // A hairline of the background parts two segments, unless that would swallow a small one.
  const shown = width > 4 ? width - 1.5 : width
  const text = [service, letterOf(place)].find((candidate) => textWidth(candidate, fontPx) + 10 < shown)
  const middle = x + shown / 2
  const plate = textWidth(text ?? '', fontPx) + 6
  const mark =
    text === undefined
      ? undefined
      : html`${kind === 'work' ? undefined : html`<rect class="fill f${place % coloursMax}" x="${at(middle - plate / 2)}" y="${at(top + 4)}" width="${at(plate)}" height="${barHeight - 8}"/>`}<text class="on-fill" x="${at(middle)}" y="${at(top + barHeight / 2 + 4)}" text-anchor="middle">${text}</text>`
  return html`<g><title>${service}, ${kind}: ${usd(value)}</title><rect class="fill f${place % coloursMax}" x="${at(x)}" y="${at(top)}" width="${at(Math.max(0.5, shown))}" height="${barHeight}"/>${stripes(x, top, shown, barHeight, kind)}${mark}</g>`
}

/** Slanted stripes for idle, upright rules for observability, nothing for work. */
const stripes = (x: number, y: number, width: number, height: number, kind: CostLine['kind']): Html => {
  if (kind === 'work' || width < 3) return html``
  const step = 7
  const lines: string[] = []
  for (let from = 3; from < width; from += step)
    lines.push(
      kind === 'idle'
        ? `M${at(x + from)} ${at(y + height)}L${at(x + Math.min(width, from + 4))} ${at(y)}`
        : `M${at(x + from)} ${at(y)}V${at(y + height)}`,
    )
  return html`<path class="stripes" d="${lines.join('')}"/>`
}
