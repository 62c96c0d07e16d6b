import type { CommandName, ServiceName } from '../../shared/messages/names.ts'

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

/** A while: from so many ms after the first order, for so long. */
export interface Spell {
  readonly fromMs: number
  readonly forMs: number
}

/** From so many ms after the first order, for so long; where that is not said, until somebody puts it right. */
export interface Since {
  readonly fromMs: number
  readonly forMs?: number
}

type Provider = 'gateway' | 'carrier' | 'mailer'

/**
 * What goes wrong. It is told in terms that both styles share: a *service*, a *step* of the flow (`ProcessPayment` is
 * a command in the one, and what the payment service does on hearing InventoryReserved in the other), a *place*, a
 * *provider*. Where one of the styles has nothing of the kind, the fault does nothing to it.
 */
export type Fault =
  /**
   * A handler dies with this probability per receive, at the point named, on the last receive too. `before-effect`: it
   * has not come to its first line.
   */
  | {
      readonly kind: 'crash'
      readonly at: 'before-effect' | 'before-answer' | 'after-answer' | 'before-return'
      readonly probability: number
    }
  /** A handler waits, with this probability per receive, for something that never comes, until it times out. */
  | {
      readonly kind: 'hang'
      readonly at: 'before-effect' | 'before-answer'
      readonly probability: number
    }
  /** All handlers of a service die as soon as they start; only those of one step, where it is named. */
  | ({
      readonly kind: 'service-outage'
      readonly service: ServiceName
      readonly step?: CommandName
    } & Spell)
  /**
   * A delivery happens once more, after a delay drawn from the range: of a message by a queue to its function, or of an
   * event by a rule to its queue. A message that passes both may be doubled at either.
   */
  | {
      readonly kind: 'duplicate'
      readonly at: Place
      readonly probability: number
      readonly delayMs: readonly [number, number]
    }
  /** A delivery is late by a delay drawn from the range; only that of one step, where it is named. */
  | {
      readonly kind: 'delay'
      readonly at: Place
      readonly step?: CommandName
      readonly probability: number
      readonly delayMs: readonly [number, number]
    }
  /** A provider answers nothing but "unavailable". */
  | ({ readonly kind: 'provider-outage'; readonly provider: Provider } & Spell)
  /** A provider takes so much longer for each answer; its effects take place half way. */
  | ({ readonly kind: 'provider-slow'; readonly provider: Provider; readonly extraMs: number } & Spell)
  /** A provider refuses every request that is new: cards are declined, shipments refused, mails bounce. */
  | ({ readonly kind: 'provider-refusal'; readonly provider: Provider } & Spell)
  /** The front door takes no order: StartExecution, or SendMessage of the command CreateOrder, is refused. */
  | ({ readonly kind: 'door-refusal' } & Spell)
  /** The bus takes no event: PutEvents is refused. */
  | ({ readonly kind: 'bus-refusal' } & Spell)
  /** The bus takes so much longer for each PutEvents: it takes effect so much later, and is answered so much later. */
  | ({ readonly kind: 'bus-slow'; readonly extraMs: number } & Spell)
  /** The bus delivers nothing until it is over, neither what it takes meanwhile nor what it had taken before. */
  | ({ readonly kind: 'bus-stall' } & Spell)
  /** The API of Step Functions answers nothing but "unavailable"; executions that need no answer go on. */
  | ({ readonly kind: 'orchestrator-refusal' } & Spell)
  /**
   * Of the quota of what coordinates, the neighbours in the account leave so much: of the state machine's transitions,
   * of the bus's deliveries.
   */
  | ({ readonly kind: 'coordination-throttled'; readonly perSecond: number } & Spell)
  /** The neighbours in the account run so many functions at once, of the 1,000 that may run. */
  | ({ readonly kind: 'concurrency-taken'; readonly executions: number } & Spell)
  /** Whoever sends a service its messages may not any more. */
  | ({ readonly kind: 'permission-lost'; readonly service: ServiceName } & Spell)
  /** The rules that bring a step its events are disabled. */
  | ({ readonly kind: 'rule-disabled'; readonly step: CommandName } & Spell)
  /** The rules that bring a step its events have a pattern that matches none of them. */
  | ({ readonly kind: 'wrong-pattern'; readonly step: CommandName } & Since)
  /** Queues of a service have other settings, in seconds, and then those of the template again. */
  | ({
      readonly kind: 'queue-changed'
      readonly service: ServiceName
      readonly setting: 'VisibilityTimeout' | 'MessageRetentionPeriod'
      readonly seconds: number
    } & Spell)
  /** The message of a step can never be read, with this probability per order, however often it is sent. */
  | { readonly kind: 'poison'; readonly step: CommandName; readonly probability: number }
  /**
   * The schema of a step's message has a new version. `ahead`: its senders have it, the step cannot read it until it
   * has it, too. `behind`: the step has it, and can never read what was sent until the senders had it, too.
   */
  | ({ readonly kind: 'schema'; readonly step: CommandName; readonly producer: 'ahead' | 'behind' } & Spell)
  /** The conductor's definition is replaced by one that does the same. */
  | { readonly kind: 'definition-update'; readonly fromMs: number }
  /** The conductor's definition is replaced by one with a mistake: the state of a step asks for a variable that nobody set. */
  | ({ readonly kind: 'definition-broken'; readonly step: CommandName } & Since)
  /** Nobody takes the messages of a step, from the beginning: the mapping, or the function that is invoked, is not there. */
  | { readonly kind: 'nobody-listens'; readonly step: CommandName }
  /** The rule that brings a step its events is not there, from the beginning. */
  | { readonly kind: 'rule-missing'; readonly step: CommandName }

/** Where a message is on its way: with a rule of the bus, or in a queue. */
export type Place = 'queue' | 'rule'
