import { expect } from 'vitest'

/** For tests: the pure part of a service. */
interface Decider<Command, State, Fact> {
  readonly initialState: State
  evolve(state: State, fact: Fact): State
  decide(command: Command, state: State): readonly Fact[]
}

/** Given these facts, when this is asked, then those facts follow. */
export const specificationOf = <Command, State, Fact>({
  initialState,
  evolve,
  decide,
}: Decider<Command, State, Fact>) => ({
  given: (...facts: readonly Fact[]) => ({
    when: (command: Command) => ({
      // biome-ignore lint/suspicious/noThenProperty: nobody awaits a specification.
      then: (...expected: readonly Fact[]): void => {
        const state = facts.reduce((sofar, fact) => evolve(sofar, fact), initialState)
        expect(decide(command, state)).toEqual(expected)
      },
    }),
  }),
})
