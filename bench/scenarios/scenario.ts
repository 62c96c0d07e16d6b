/** A scenario: the load, the world's refusals and the faults, as data. Files beside this one export one each. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /**
   * `sameOutcome`: every order ends alike in all contestants, and the business laws hold. `laws`: only they hold.
   * `nothing`: the design does not promise to survive it, and `about` says what is lost.
   */
  readonly promises: 'sameOutcome' | 'laws' | 'nothing'
  /** Why this scenario exists and what to look for, in a sentence or two. */
  readonly about: string
  readonly load: LoadShape
  readonly world: WorldModel
  readonly faults: readonly Fault[]
}

/** How the workload's arrivals are bent. */
export type LoadShape =
  | { readonly kind: 'as-given' }
  /** Around the middle of the run, arrivals come `factor` times as fast for `forMs`. */
  | { readonly kind: 'burst'; readonly factor: number; readonly forMs: number }

/** The outside world and the warehouse; rates are probabilities per order (or per sku), hashed, never drawn. */
export interface WorldModel {
  /** Share of skus that have no stock at all. */
  readonly skusOutOfStock: number
  /** Share of skus of which the warehouse holds only half of what the workload asks for. */
  readonly skusScarce: number
  readonly cardsDeclined: number
  readonly shipmentsRefused: number
  readonly mailsBounced: number
  /** Share of charges whose answer is lost on the first attempt although the charge took effect. */
  readonly chargeAnswersLost: number
}

export type Fault =
  /** A handler dies with this probability per receive, at the point named, on the last receive too. */
  | {
      readonly kind: 'crash'
      readonly at: 'before-answer' | 'after-answer' | 'before-return'
      readonly probability: number
    }
  /**
   * A delivery happens once more, after a delay drawn from the range: of a message by a queue to its function, or of an
   * event by a rule to its queue. A message that passes both may be doubled at either.
   */
  | {
      readonly kind: 'duplicate'
      readonly at: 'queue' | 'rule'
      readonly probability: number
      readonly delayMs: readonly [number, number]
    }
  /** A provider answers nothing but "unavailable" from `fromMs` after the first order, for `forMs`. */
  | {
      readonly kind: 'provider-outage'
      readonly provider: 'gateway' | 'carrier' | 'mailer'
      readonly fromMs: number
      readonly forMs: number
    }
