/** How an expression that the library evaluates came out. */
export type Settlement =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown }

/**
 * Thrown by an expression whose answer is not there yet: the JSONata library answers by promise. Whoever runs the
 * evaluation waits for `settled` and runs it again in the same scope, which holds the answer then. Expressions have
 * no effects, so that running one again changes nothing; the alternative, promises through the whole interpreter,
 * would make every state pay for what few use.
 */
export class Unsettled {
  readonly settled: Promise<void>

  constructor(settled: Promise<void>) {
    this.settled = settled
  }
}
