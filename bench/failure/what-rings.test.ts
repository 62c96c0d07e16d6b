import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { measureRun } from '../measured-run.ts'
import type { ContestantResult } from '../results.ts'
import { carrierOutage } from '../scenarios/carrier-outage.ts'
import { crash } from '../scenarios/crash.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { steady } from '../scenarios/steady.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { minuteMs } from './series.ts'

const templates = synth()

const run = async (contestantId: string, scenario: Scenario, seed = 1) => {
  const contestant = contestants.find(({ id }) => id === contestantId)
  if (contestant === undefined) throw new Error(`no contestant ${contestantId}`)
  const { result } = await measureRun({
    contestant,
    template: templates[contestant.stack as StackName],
    scenario,
    workload: builtInWorkload({ count: 300, ratePerSecond: 1, seed }),
    seed,
    region: 'us-east-1',
  })
  if (result.alarms === undefined) throw new Error('no alarm was watched')
  return { alarms: result.alarms, outcomes: result.outcomes }
}

/** "2 ticket ArrangeShippingFunctionErrorsAlarm": what rang first at the end of the second minute. */
const lines = ({ rang }: NonNullable<ContestantResult['alarms']>): readonly string[] =>
  rang.map(({ firstMs, severity, alarm }) => `${firstMs / minuteMs} ${severity} ${alarm}`)

describe('on a steady day', () => {
  it.each(contestants.map(({ id }) => id))('nothing rings in %s', async (id) => {
    const { alarms } = await run(id, steady)
    expect(lines(alarms)).toEqual([])
    expect(alarms.detected).toEqual({})
  })
})

describe('when the carrier is away for ten minutes from the first minute on', () => {
  it.each(['orchestrated', 'choreographed'])(
    'nothing rings in %s: its worker answers an outage, and messages come back too often to have an age',
    async (id) => {
      const { alarms, outcomes } = await run(id, carrierOutage)
      expect(lines(alarms)).toEqual([])
      expect(outcomes).toMatchObject({ stuck: 0, inconsistent: 0 })
    },
  )

  it('a ticket rings in orchestrated-direct at the end of the first minute of it, and of that function alone', async () => {
    const { alarms } = await run('orchestrated-direct', carrierOutage)
    expect(lines(alarms)).toEqual(['2 ticket ArrangeShippingFunctionErrorsAlarm'])
    expect(alarms.detected).toEqual({
      ticket: { alarm: 'ArrangeShippingFunctionErrorsAlarm', afterMs: minuteMs },
    })
  })
})

describe('when handlers die', () => {
  it.each([
    { id: 'orchestrated', alarm: 'CreateOrderFunctionErrorsAlarm', watching: 44 },
    { id: 'orchestrated-direct', alarm: 'CreateOrderFunctionErrorsAlarm', watching: 24 },
    { id: 'choreographed', alarm: 'OrderOnCreateOrderFunctionErrorsAlarm', watching: 83 },
  ])('tickets ring in $id within a minute, all of failing functions, and no page', async (expected) => {
    const { alarms, outcomes } = await run(expected.id, crash)
    expect(alarms.watching).toBe(expected.watching)
    expect(alarms.detected).toEqual({ ticket: { alarm: expected.alarm, afterMs: minuteMs } })
    expect(alarms.rang.length).toBeGreaterThan(5)
    for (const { alarm, severity, atEnd } of alarms.rang) {
      expect(alarm).toMatch(/FunctionErrorsAlarm$/)
      expect({ severity, atEnd }).toEqual({ severity: 'ticket', atEnd: false })
    }
    expect(outcomes).toMatchObject({ stuck: 0, inconsistent: 0 })
    expect(alarms.untold).toEqual({ orders: 0, examples: [] })
  })

  it('the same seed rings the same, another one may not', async () => {
    const [one, again, other] = await Promise.all([
      run('orchestrated', crash, 1),
      run('orchestrated', crash, 1),
      run('orchestrated', crash, 2),
    ])
    expect(again).toEqual(one)
    expect(other.alarms).not.toEqual(one.alarms)
  })
})

describe('a carrier that does not come back within the patience', () => {
  const longOutage: Scenario = {
    ...carrierOutage,
    faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: minuteMs, forMs: 24 * 60 * minuteMs }],
  }

  it.each([
    { id: 'orchestrated', page: 'OrderFlowFailedAlarm', minutes: 73 },
    { id: 'orchestrated-direct', page: 'OrderFlowFailedAlarm', minutes: 73 },
    { id: 'choreographed', page: 'OrderOverdueInboxAlarm', minutes: 46 },
  ])(
    'is paged of in $id by $page after $minutes minutes, of every order that it leaves stuck',
    async (expected) => {
      const { alarms, outcomes } = await run(expected.id, longOutage)
      expect(outcomes.stuck).toBeGreaterThan(100)
      expect(alarms.untold.orders).toBe(0)
      expect(alarms.detected.page).toEqual({ alarm: expected.page, afterMs: expected.minutes * minuteMs })
    },
  )
})
