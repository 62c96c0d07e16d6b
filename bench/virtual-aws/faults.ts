import type { ServiceId } from './observer.ts'

/**
 * Where a run may be disturbed. The virtual AWS asks at each point; whoever injects decides, from data.
 * Every hook is pure in what it is given, so that the same seed disturbs the same message in the same way.
 */
export interface FaultHooks {
  /**
   * Lambda is about to run a handler. `crash`: its environment dies before the handler has done anything. `hang`: the
   * handler never comes to its first line, and the invocation ends at its timeout.
   */
  beforeStart?(invocation: StartedInvocation): 'crash' | 'hang' | undefined
  /**
   * A handler is about to make an API call. `crash`: its environment dies before the call takes effect (nothing
   * is sent; the invocation ends as crashed). `hang`: nothing is sent and no answer comes, so that the invocation ends
   * at its timeout. An Error: the call is refused with it.
   */
  beforeCall?(call: HandlerCall): 'crash' | 'hang' | Error | undefined
  /** The call took effect and the answer is on its way. `crash`: the environment dies before it arrives. */
  afterCall?(call: HandlerCall): 'crash' | undefined
  /** The handler has returned; `crash`: its environment dies before the answer leaves it. */
  beforeReturn?(invocation: { readonly functionId: string; readonly event: unknown }): 'crash' | undefined
  /**
   * A message (queue) or a matched event (rule target) is being delivered. Each number is a further copy that is
   * delivered that many ms after this one, even when this one has been deleted by then.
   */
  copies?(delivery: { readonly resource: string; readonly body: unknown }): readonly number[]
  /**
   * An API call by anybody has arrived: by a handler, the front door, a state machine's integration or a rule's target.
   * An Error: the service refuses it, before it looks at permissions and quotas.
   */
  refusal?(call: ArrivedCall): Error | undefined
  /**
   * How many ms a service takes longer for an API call that has arrived, and that is not refused: it takes effect so much
   * later, and is answered so much later.
   */
  slowed?(call: ArrivedCall): number
  /** How many ms longer a message that enters a standard queue, or an event on its way to a rule's target, is kept back. */
  held?(delivery: TimedDelivery): number
  /**
   * For how many ms from now a bus delivers nothing by a rule. Asked at each attempt, the first and every retry, whenever
   * the event was taken; what stands still is no attempt.
   */
  stalled?(attempt: { readonly resource: string; readonly atMs: number }): number
  /**
   * What a message says to whoever receives it from a standard queue, or is invoked directly, in place of what was
   * sent. Undefined: as it was sent.
   */
  rewritten?(delivery: TimedDelivery): string | undefined
}

export interface StartedInvocation {
  readonly functionId: string
  /** What Lambda gives the handler. */
  readonly event: unknown
  /** Virtual time, as everywhere here. */
  readonly atMs: number
}

export interface ArrivedCall {
  /** Logical id of a function, a state machine or a rule; `caller` at the front door, `operator` for who runs it all. */
  readonly by: string
  readonly service: ServiceId
  readonly action: string
  readonly input: unknown
  /** Logical id of what the call is about. */
  readonly resource: string
  readonly atMs: number
}

export interface TimedDelivery {
  /** Logical id of a queue, a rule or a function. */
  readonly resource: string
  readonly body: unknown
  readonly atMs: number
}

export interface HandlerCall {
  readonly functionId: string
  readonly service: string
  readonly action: string
  readonly input: unknown
  /** What Lambda gave the handler: for a queue, its records with their receive counts. */
  readonly event: unknown
  readonly atMs: number
}
