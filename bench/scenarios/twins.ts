import type { Scenario } from './scenario.ts'

/** A scenario as a run takes it. */
export interface Staged {
  readonly scenario: Scenario
  /** Nobody asked for it: its results are in no report. */
  readonly isHidden: boolean
  /** It is held against another, or another against it: its orders are followed one by one. */
  readonly isCompared: boolean
}

/**
 * The scenarios that were asked for, and after them the twins that are not among them. The twin of a scenario with
 * faults is the same load on the same world, undisturbed.
 */
export const withTwins = (asked: readonly Scenario[]): readonly Staged[] => {
  const disturbed = asked.filter(({ faults }) => faults.length > 0)
  const compared = new Set(disturbed.map(circumstances))
  const present = new Set(asked.filter(({ faults }) => faults.length === 0).map(circumstances))
  const missing = new Map(
    disturbed.flatMap((scenario) =>
      present.has(circumstances(scenario)) ? [] : [[circumstances(scenario), undisturbed(scenario)] as const],
    ),
  )
  return [
    ...asked.map((scenario) => ({
      scenario,
      isHidden: false,
      isCompared: compared.has(circumstances(scenario)),
    })),
    ...[...missing.values()].map((scenario) => ({ scenario, isHidden: true, isCompared: true })),
  ]
}

/** Where among the staged ones the twin of a scenario with faults is. */
export const twinIndex = (staged: readonly Staged[], disturbed: Scenario): number =>
  staged.findIndex(
    ({ scenario }) => scenario.faults.length === 0 && circumstances(scenario) === circumstances(disturbed),
  )

export const undisturbed = (scenario: Scenario): Scenario => ({ ...scenario, faults: [] })

/** What decides which orders come when, and what the world makes of them. */
const circumstances = ({ load, world }: Scenario): string =>
  JSON.stringify([Object.entries(load).toSorted(), Object.entries(world).toSorted()])
