/**
 * Where a run may be disturbed. The virtual AWS asks at each point; whoever injects decides, from data.
 * Every hook is pure in what it is given, so that the same seed disturbs the same message in the same way.
 */
export interface FaultHooks {
  /**
   * A handler is about to make an API call. `crash`: its environment dies before the call takes effect (nothing
   * is sent; the invocation ends as crashed). An Error: the call is refused with it.
   */
  beforeCall?(call: HandlerCall): 'crash' | Error | undefined
  /** The call took effect and the answer is on its way. `crash`: the environment dies before it arrives. */
  afterCall?(call: HandlerCall): 'crash' | undefined
  /** The handler has returned; `crash`: its environment dies before the answer leaves it. */
  beforeReturn?(invocation: { readonly functionId: string; readonly event: unknown }): 'crash' | undefined
  /**
   * A message (queue) or a matched event (rule target) is being delivered. Each number is a further copy that is
   * delivered that many ms after this one, even when this one has been deleted by then.
   */
  copies?(delivery: { readonly resource: string; readonly body: unknown }): readonly number[]
}

export interface HandlerCall {
  readonly functionId: string
  readonly service: string
  readonly action: string
  readonly input: unknown
  /** What Lambda gave the handler: for a queue, its records with their receive counts. */
  readonly event: unknown
}
