import type { Results, ScenarioResults, ShownOrder } from '../../results.ts'
import type { Line } from '../document.ts'
import { plain } from '../format.ts'
import { scenariosInOrder } from '../view.ts'

export interface Explained {
  readonly scenario: ScenarioResults
  readonly shown: ShownOrder
  readonly title: string
  /** What a link to it leads to, in every medium. */
  readonly anchor: string
}

/** The orders that show what faults did, each with a title that leads to it. */
export const explainedOrders = (results: Results): readonly Explained[] => {
  const seen = new Map<string, number>()
  return scenariosInOrder(results).flatMap((scenario) =>
    (scenario.shown ?? []).map((shown) => {
      const title = `${scenario.id}: ${shown.order}`
      const slug = slugOf(title)
      const before = seen.get(slug) ?? 0
      seen.set(slug, before + 1)
      return { scenario, shown, title, anchor: before === 0 ? slug : `${slug}-${before}` }
    }),
  )
}

/** What happened to the order in a contestant: within what is told of the order. */
export const timelineAnchorOf = ({ anchor }: Pick<Explained, 'anchor'>, contestant: string): string =>
  `${anchor}--${slugOf(contestant)}`

/** The row of a scenario in the matrix. */
export const rowAnchorOf = ({ id }: Pick<ScenarioResults, 'id'>): string => `row-${slugOf(id)}`

/**
 * What leads to the order that shows what a fault did to a contestant, or else to others: in a page to its timeline in
 * that contestant, in Markdown to its heading. None where none is told of.
 */
export const anchorOf = (
  explained: readonly Explained[],
  scenario: ScenarioResults,
  contestant: string,
): Line['to'] => {
  const order = scenario.results[contestant]?.effect?.shows
  const own = explained.filter((each) => each.scenario.id === scenario.id)
  const told = own.find(({ shown }) => shown.order === order) ?? own[0]
  if (told === undefined) return undefined
  const isTimed = Object.hasOwn(told.shown.timelines ?? {}, contestant)
  return { page: isTimed ? timelineAnchorOf(told, contestant) : told.anchor, heading: told.anchor }
}

/** As GitHub makes the anchor of a heading: a heading's own anchor is the same in a page and in Markdown. */
export const slugOf = (title: string): string =>
  plain(title)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
