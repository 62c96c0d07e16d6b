import type { Event } from './event.ts'
import type { Rule } from './rule.ts'

interface Indexed {
  readonly order: number
  readonly rule: Rule
  /** The event's source and detail type say it all. */
  readonly isDecided: boolean
}

interface Pair {
  readonly indexed: Indexed[]
  /** The same, as they are when all of them are decided. */
  readonly rules: Rule[]
  isDecided: boolean
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
  /** Source → detail type → the rules of the pair. */
  readonly #pairs = new Map<string, Map<string, Pair>>()
  readonly #others: Indexed[] = []
  #count = 0

  add(rule: Rule): void {
    const order = this.#count
    this.#count += 1
    const sources = rule.pattern.valuesOf('source')
    const detailTypes = rule.pattern.valuesOf('detail-type')
    if (sources === undefined || detailTypes === undefined) {
      this.#others.push({ order, rule, isDecided: false })
      return
    }
    const indexed = { order, rule, isDecided: rule.pattern.isDecidedBy(fields) }
    for (const source of sources)
      for (const detailType of detailTypes) {
        const pair = this.#pairOf(source, detailType)
        pair.indexed.push(indexed)
        pair.rules.push(rule)
        pair.isDecided &&= indexed.isDecided
      }
  }

  #pairOf(source: string, detailType: string): Pair {
    const ofSource = this.#pairs.get(source) ?? new Map<string, Pair>()
    const pair = ofSource.get(detailType) ?? { indexed: [], rules: [], isDecided: true }
    this.#pairs.set(source, ofSource.set(detailType, pair))
    return pair
  }

  /** The rules that match, in the order in which they were added. */
  matching(event: Event): readonly Rule[] {
    const pair = this.#pairs.get(event.source)?.get(event.detailType) ?? none
    if (pair.isDecided && this.#others.length === 0) return pair.rules
    const found = [...pair.indexed, ...this.#others].filter(
      ({ rule, isDecided }) => isDecided || rule.pattern.matches(event.whole),
    )
    return found.sort((a, b) => a.order - b.order).map(({ rule }) => rule)
  }
}

const none: Pair = { indexed: [], rules: [], isDecided: true }
