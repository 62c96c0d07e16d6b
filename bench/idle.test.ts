import { expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { contestants } from './contestants.ts'
import { measureRun } from './measured-run.ts'
import { steady } from './scenarios/steady.ts'
import { builtInWorkload } from './workload/built-in.ts'

const templates = synth()
const orders = 40

/** The same orders; one rate is a hundred thousand times the other: twenty seconds, and three weeks. */
const runAt = async (contestant: (typeof contestants)[number], ratePerSecond: number) => {
  const { result } = await measureRun({
    contestant,
    template: templates[contestant.stack as StackName],
    scenario: steady,
    workload: builtInWorkload({ count: orders, ratePerSecond, seed: 1 }),
    seed: 1,
    region: 'us-east-1',
  })
  const idle = result.cost.lines.filter(({ kind }) => kind === 'idle')
  return {
    events: result.kernelEvents,
    idleUnitsPerOrder: idle.reduce((sum, { unitsPerOrder }) => sum + unitsPerOrder, 0),
  }
}

it.each(contestants.map((contestant) => ({ id: contestant.id, contestant })))(
  'idle time is paid for and costs no events: $id',
  async ({ contestant }) => {
    const busy = await runAt(contestant, 2)
    const quiet = await runAt(contestant, 0.00002)
    // Each order finds its functions cold, which takes an event more an invocation.
    expect(quiet.events).toBeLessThan(1.5 * busy.events)
    if (busy.idleUnitsPerOrder > 0)
      expect(quiet.idleUnitsPerOrder).toBeGreaterThan(1_000 * busy.idleUnitsPerOrder)
    else expect(quiet.idleUnitsPerOrder).toBe(0)
  },
)
