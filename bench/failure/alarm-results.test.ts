import { describe, expect, it } from 'vitest'
import { carrierOutage } from '../scenarios/carrier-outage.ts'
import { crash } from '../scenarios/crash.ts'
import { steady } from '../scenarios/steady.ts'
import {
  type AlarmTotals,
  alarmResults,
  alarmsAgainst,
  alarmsOfShards,
  faultsFromMs,
} from './alarm-results.ts'
import type { AlarmHistory, StateChange } from './alarms.ts'

const history = (
  id: string,
  severity: 'page' | 'ticket',
  ...changes: readonly (readonly [number, StateChange['state']])[]
): AlarmHistory => ({
  definition: {
    id,
    severity,
    says: `${id} says.`,
    series: `AWS/Lambda Errors ${id}`,
    statistic: 'Sum',
    periodMinutes: 1,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 0,
    comparison: 'GreaterThanThreshold',
    missingData: 'notBreaching',
  },
  changes: changes.map(([atMs, state]) => ({ atMs, state })),
})

const results = (
  histories: readonly AlarmHistory[],
  more: { readonly faultMs?: number; readonly unwell?: readonly string[] } = {},
): AlarmTotals =>
  alarmResults(
    { histories, isToldOf: (orderId) => orderId.startsWith('told') },
    { firstMs: 1_000, faultMs: 1_000, unwell: [], ...more },
  )

describe('what rang', () => {
  it('is told by when it rang first, from the first order on; what did not ring is only counted', () => {
    const { watching, rang } = results([
      history('Late', 'page', [500, 'OK'], [9_000, 'ALARM']),
      history('Silent', 'page', [500, 'OK']),
      history('Early', 'ticket', [3_000, 'ALARM'], [4_000, 'OK'], [5_000, 'ALARM'], [6_000, 'OK']),
    ])
    expect(watching).toBe(3)
    expect(rang).toEqual([
      { alarm: 'Early', severity: 'ticket', says: 'Early says.', firstMs: 2_000, times: 2, atEnd: false },
      { alarm: 'Late', severity: 'page', says: 'Late says.', firstMs: 8_000, times: 1, atEnd: true },
    ])
  })
})

describe('a fault', () => {
  it.each([
    { scenario: steady, fromMs: 0 },
    { scenario: crash, fromMs: 0 },
    { scenario: carrierOutage, fromMs: 60_000 },
  ])('begins in $scenario.id $fromMs ms after the first order', ({ scenario, fromMs }) => {
    expect(faultsFromMs(scenario)).toBe(fromMs)
  })

  it('is detected by the first alarm of each severity that rings from then on', () => {
    const one = results(
      [
        history('Before', 'ticket', [2_000, 'ALARM'], [8_000, 'OK'], [20_000, 'ALARM']),
        history('AsItBegins', 'ticket', [5_000, 'ALARM']),
        history('Page', 'page', [12_000, 'ALARM']),
      ],
      { faultMs: 5_000 },
    )
    expect(alarmsOfShards([one])?.results.detected).toEqual({
      page: { alarm: 'Page', afterMs: 7_000 },
      ticket: { alarm: 'AsItBegins', afterMs: 0 },
    })
  })

  it('is not detected by an alarm that rang before it and did not ring again', () => {
    expect(results([history('Before', 'page', [2_000, 'ALARM'])], { faultMs: 5_000 }).heard).toEqual([])
  })
})

describe('the orders that nobody was told of', () => {
  it('are those that did not end well and that no page was about, with at most five examples', () => {
    const unwell = ['told-1', ...Array.from({ length: 7 }, (_, index) => `lost-${index}`)]
    expect(results([], { unwell }).untold).toEqual({
      orders: 7,
      examples: ['lost-0', 'lost-1', 'lost-2', 'lost-3', 'lost-4'],
    })
  })
})

describe('the alarms of several shards', () => {
  it('are put together: the earliest, and all times', () => {
    const one = results([history('A', 'page', [5_000, 'ALARM'], [6_000, 'OK'])], { unwell: ['lost-1'] })
    const other = results(
      [history('A', 'page', [3_000, 'ALARM']), history('B', 'ticket', [2_000, 'ALARM'], [3_000, 'OK'])],
      { unwell: ['lost-2'] },
    )
    expect(alarmsOfShards([one, other])?.results).toEqual({
      watching: 1,
      rang: [
        { alarm: 'B', severity: 'ticket', says: 'B says.', firstMs: 1_000, times: 1, atEnd: false },
        { alarm: 'A', severity: 'page', says: 'A says.', firstMs: 2_000, times: 2, atEnd: true },
      ],
      detected: { page: { alarm: 'A', afterMs: 2_000 }, ticket: { alarm: 'B', afterMs: 1_000 } },
      untold: { orders: 2, examples: ['lost-1', 'lost-2'] },
    })
  })

  it('are none where no shard watched any', () => {
    expect(alarmsOfShards([])).toBeUndefined()
  })
})

describe('an alarm that rings undisturbed as well', () => {
  const disturbed = alarmsOfShards([
    results([
      history('Noise', 'ticket', [2_000, 'ALARM']),
      history('Sign', 'ticket', [3_000, 'ALARM']),
      history('Page', 'page', [4_000, 'ALARM']),
    ]),
  ])
  if (disturbed === undefined) throw new Error('Expected alarms.')
  const against = (...noise: readonly string[]) =>
    alarmsAgainst(
      disturbed.results,
      disturbed.heard,
      alarmsOfShards([results(noise.map((id) => history(id, 'ticket', [9_000, 'ALARM'])))])?.results,
    )

  it('is no sign of a fault: the first of the others is', () => {
    expect(disturbed.results.detected.ticket).toEqual({ alarm: 'Noise', afterMs: 1_000 })
    expect(against('Noise').detected).toEqual({
      page: { alarm: 'Page', afterMs: 3_000 },
      ticket: { alarm: 'Sign', afterMs: 2_000 },
    })
    expect(against('Noise', 'Sign').detected).toEqual({ page: { alarm: 'Page', afterMs: 3_000 } })
    expect(against().detected).toEqual(disturbed.results.detected)
  })

  it('is among those that rang, and marked', () => {
    expect(against('Noise').rang).toMatchObject([
      { alarm: 'Noise', undisturbed: true },
      { alarm: 'Sign' },
      { alarm: 'Page' },
    ])
    expect(against('Noise').rang.filter(({ undisturbed }) => undisturbed === true)).toHaveLength(1)
  })
})
