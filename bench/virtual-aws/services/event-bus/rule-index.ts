import type { Event } from './entry.ts'
import type { Rule } from './rule.ts'

interface Indexed {
  readonly order: number
  readonly rule: Rule
  /** The event's source and detail type say it all. */
  readonly isDecided: boolean
}

const fields = ['source', 'detail-type']

/**
 * The rules of a bus, by what an event's source and detail type must be:
 *
 *     'order-service' │ 'OrderCreated'  ─▶ rules that match these two only by plain values
 *     (anything else)                   ─▶ rules that are tried on every event
 *
 * Most rules name both, so that a put looks one pair up and tries no pattern at all.
 */
export class RuleIndex {
  readonly #byPair = new Map<string, Indexed[]>()
  readonly #others: Indexed[] = []
  #count = 0

  add(rule: Rule): void {
    const indexed = { order: this.#count, rule, isDecided: rule.pattern.isDecidedBy(fields) }
    this.#count += 1
    const sources = rule.pattern.valuesOf('source')
    const detailTypes = rule.pattern.valuesOf('detail-type')
    if (sources === undefined || detailTypes === undefined) {
      this.#others.push(indexed)
      return
    }
    for (const source of sources)
      for (const detailType of detailTypes) {
        const pair = pairOf(source, detailType)
        const rules = this.#byPair.get(pair)
        if (rules === undefined) this.#byPair.set(pair, [indexed])
        else rules.push(indexed)
      }
  }

  /** The rules that match, in the order in which they were added. */
  matching(event: Event): readonly Rule[] {
    const keyed = this.#byPair.get(pairOf(event.source, event.detailType)) ?? none
    const found = keyed.filter(({ rule, isDecided }) => isDecided || rule.pattern.matches(event.whole))
    if (this.#others.length > 0) {
      found.push(...this.#others.filter(({ rule }) => rule.pattern.matches(event.whole)))
      found.sort((a, b) => a.order - b.order)
    }
    return found.map(({ rule }) => rule)
  }
}

const none: readonly Indexed[] = []

/** A separator that JSON text cannot hold unescaped keeps `a` + `bc` apart from `ab` + `c`. */
const pairOf = (source: string, detailType: string): string => `${source}\u0000${detailType}`
