import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { contestants } from './contestants.ts'
import { measureRun } from './measured-run.ts'
import { refusals } from './scenarios/refusals.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { steady } from './scenarios/steady.ts'
import { createTrace, type TraceEntry } from './trace.ts'
import { builtInWorkload } from './workload/built-in.ts'

/** What one order is metered for, call by call, in the order of their beginning. Times are left to the latency tests. */
const callsOf = async (contestant: (typeof contestants)[number], scenario: Scenario): Promise<string> => {
  const trace = createTrace()
  const { result } = await measureRun(
    {
      contestant,
      template: templates[contestant.stack as StackName],
      scenario,
      workload: builtInWorkload({ count: 1, ratePerSecond: 1, seed: 1 }),
      seed: 1,
      region: 'us-east-1',
    },
    { observers: [trace.observer], provider: trace.provider },
  )
  const entries = trace.entries()
  return [
    ...entries.map(({ by, what, detail, billed }) =>
      [by, what, what.startsWith('lambda:') ? '' : detail, billed].filter(Boolean).join('  '),
    ),
    '',
    ...totals(entries),
    `kernel events: ${result.kernelEvents}`,
    '',
  ].join('\n')
}

const totals = (entries: readonly TraceEntry[]): readonly string[] => {
  const units = new Map<string, number>()
  for (const { billed } of entries) {
    const [count, meter] = billed.split(' ')
    if (meter !== undefined) units.set(meter, (units.get(meter) ?? 0) + Number(count))
  }
  return [...units].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([meter, sum]) => `${meter}: ${sum}`)
}

const templates = synth()
/** Every card is declined: the shortest way that compensates. */
const declined: Scenario = { ...refusals, world: { ...steady.world, cardsDeclined: 1 } }

describe('the metered calls of one order, call by call', () => {
  it.each(contestants.map((contestant) => ({ id: contestant.id, contestant })))(
    '$id',
    async ({ id, contestant }) => {
      await expect(await callsOf(contestant, steady)).toMatchFileSnapshot(`golden/calls-${id}-fulfilled.txt`)
      await expect(await callsOf(contestant, declined)).toMatchFileSnapshot(`golden/calls-${id}-declined.txt`)
    },
  )

  it('tell the bill: what the calls add up to is what the order costs', async () => {
    for (const contestant of contestants) {
      const trace = createTrace()
      const { result } = await measureRun(
        {
          contestant,
          template: templates[contestant.stack as StackName],
          scenario: steady,
          workload: builtInWorkload({ count: 1, ratePerSecond: 1, seed: 1 }),
          seed: 1,
          region: 'us-east-1',
        },
        { observers: [trace.observer] },
      )
      for (const meter of [
        'states.transition',
        'sqs.request',
        'events.put',
        'dynamodb.wru',
        'dynamodb.rru',
        'lambda.request',
      ]) {
        const billed = result.cost.lines.filter((line) => line.meter === meter && line.kind === 'work')
        const counted = totals(trace.entries()).find((line) => line.startsWith(`${meter}:`))
        expect(`${meter}: ${billed.reduce((sum, line) => sum + line.unitsPerOrder, 0)}`).toBe(
          counted ?? `${meter}: 0`,
        )
      }
    }
  })
})
