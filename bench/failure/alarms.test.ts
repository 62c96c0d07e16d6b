import { describe, expect, it } from 'vitest'
import type { AlarmDefinition } from './alarm-definition.ts'
import { changesOf } from './alarms.ts'
import { minuteMs, Series } from './series.ts'

const definitionOf = (more: Partial<AlarmDefinition> = {}): AlarmDefinition => ({
  id: 'Alarm',
  severity: 'ticket',
  says: 'Something.',
  series: 'AWS/Lambda Errors Work',
  statistic: 'Sum',
  periodMinutes: 1,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
  ...more,
})

/** A value of a minute, known in that minute or in the one named. */
type Told = readonly [minute: number, value: number, knownIn?: number]

/** "3 ALARM": the state from the end of the third minute on. */
const timeline = (
  told: readonly Told[],
  more: Partial<AlarmDefinition> = {},
  minutes = 30,
): readonly string[] => {
  const series = new Series()
  for (const [minute, value, knownIn = minute] of told) series.add(minute, knownIn, value)
  return changesOf(definitionOf(more), series, 0, minutes).map(
    ({ atMs, state }) => `${atMs / minuteMs} ${state}`,
  )
}

describe('an alarm in virtual time', () => {
  it('rings at the end of the minute that is beyond the threshold', () => {
    expect(timeline([[4, 1]])).toEqual(['1 OK', '5 ALARM', '8 OK'])
  })

  it('goes back with the next good minute, and without one when the bad one has left its range', () => {
    expect(
      timeline([
        [4, 1],
        [5, 0],
      ]),
    ).toEqual(['1 OK', '5 ALARM', '6 OK'])
    expect(
      timeline([
        [4, 1],
        [7, 0],
      ]),
    ).toEqual(['1 OK', '5 ALARM', '8 OK'])
  })

  it('rings once for bad minutes that follow each other, and again after a good one', () => {
    expect(
      timeline([
        [1, 1],
        [2, 5],
        [3, 0],
        [4, 1],
        [5, 0],
      ]),
    ).toEqual(['1 OK', '2 ALARM', '4 OK', '5 ALARM', '6 OK'])
  })

  it('adds up what comes in one minute, and is not beyond a threshold that is met', () => {
    expect(
      timeline(
        [
          [1, 1],
          [1, 1],
        ],
        { threshold: 2 },
      ),
    ).toEqual(['1 OK'])
    expect(
      timeline(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        { threshold: 2 },
      ),
    ).toEqual(['1 OK', '2 ALARM', '5 OK'])
  })

  it.each([
    { statistic: 'Maximum', threshold: 2.9, rings: true },
    { statistic: 'Maximum', threshold: 3, rings: false },
    { statistic: 'Average', threshold: 1.9, rings: true },
    { statistic: 'Average', threshold: 2, rings: false },
    { statistic: 'SampleCount', threshold: 1, rings: true },
    { statistic: 'SampleCount', threshold: 2, rings: false },
    { statistic: 'Minimum', threshold: 0.9, rings: true },
    { statistic: 'Minimum', threshold: 1, rings: false },
  ] as const)('takes the $statistic of 1 and 3 to be above $threshold: $rings', ({ rings, ...more }) => {
    expect(
      timeline(
        [
          [1, 1],
          [1, 3],
        ],
        more,
      ).includes('2 ALARM'),
    ).toBe(rings)
  })

  it.each([
    { comparison: 'GreaterThanThreshold', states: ['OK', 'OK', 'ALARM'] },
    { comparison: 'GreaterThanOrEqualToThreshold', states: ['OK', 'ALARM', 'ALARM'] },
    { comparison: 'LessThanThreshold', states: ['ALARM', 'OK', 'OK'] },
    { comparison: 'LessThanOrEqualToThreshold', states: ['ALARM', 'ALARM', 'OK'] },
  ] as const)('compares 1, 2 and 3 with 2 by $comparison', ({ comparison, states }) => {
    const last = [1, 2, 3].map((value) => timeline([[0, value]], { comparison, threshold: 2 }, 1).at(-1))
    expect(last).toEqual(states.map((state) => `1 ${state}`))
  })

  it('of two in three minutes rings with the second bad one of three', () => {
    const more = { evaluationPeriods: 3, datapointsToAlarm: 2 }
    expect(
      timeline(
        [
          [0, 0],
          [1, 1],
          [2, 0],
          [3, 1],
          [4, 0],
          [5, 0],
        ],
        more,
        6,
      ),
    ).toEqual(['1 OK', '4 ALARM', '5 OK'])
  })
})

describe('a period of several minutes', () => {
  it('slides by the minute: it rings as soon as the last five minutes together are beyond the threshold', () => {
    const each: readonly Told[] = [
      [0, 1],
      [1, 1],
      [2, 1],
    ]
    expect(timeline(each, { periodMinutes: 5, threshold: 2 }, 9)).toEqual([
      '1 OK',
      '3 ALARM',
      '6 OK',
      // The latest five minutes have no data, those before are bad: AWS, too, says that the last data may be evaluated
      // again, and change the state, when no more comes.
      '8 ALARM',
    ])
  })

  it('forgets what has left it', () => {
    expect(
      timeline(
        [
          [0, 1],
          [5, 1],
        ],
        { periodMinutes: 5, threshold: 1 },
      ),
    ).toEqual(['1 OK'])
    expect(
      timeline(
        [
          [0, 1],
          [4, 1],
        ],
        { periodMinutes: 5, threshold: 1 },
      ),
    ).toContain('5 ALARM')
  })
})

describe('what comes to be known late', () => {
  it('counts for its own minute, and is seen at the end of the one in which it is known', () => {
    expect(timeline([[3, 1, 4]])).toEqual(['1 OK', '5 ALARM', '7 OK'])
  })

  it('is overlooked when a later minute has gone well by then', () => {
    expect(
      timeline([
        [3, 1, 4],
        [4, 0],
      ]),
    ).toEqual(['1 OK'])
  })

  it('is added to what was known of its minute', () => {
    expect(
      timeline(
        [
          [3, 1],
          [3, 1, 4],
        ],
        { threshold: 1 },
      ),
    ).toEqual(['1 OK', '5 ALARM', '7 OK'])
  })
})

describe('missing data', () => {
  it.each([
    { missingData: 'missing', states: [] },
    { missingData: 'ignore', states: [] },
    { missingData: 'breaching', states: ['1 ALARM'] },
    { missingData: 'notBreaching', states: ['1 OK'] },
  ] as const)('from the beginning on, $missingData: $states', ({ missingData, states }) => {
    expect(timeline([], { missingData })).toEqual(states)
  })

  it.each([
    { missingData: 'missing', states: ['2 ALARM', '5 INSUFFICIENT_DATA'] },
    { missingData: 'ignore', states: ['2 ALARM'] },
    { missingData: 'breaching', states: ['1 ALARM'] },
    { missingData: 'notBreaching', states: ['1 OK', '2 ALARM', '5 OK'] },
  ] as const)('after a bad minute, $missingData: $states', ({ missingData, states }) => {
    expect(timeline([[1, 1]], { missingData })).toEqual(states)
  })

  it.each([
    { missingData: 'missing', states: ['2 OK', '5 INSUFFICIENT_DATA'] },
    { missingData: 'ignore', states: ['2 OK'] },
    { missingData: 'breaching', states: ['1 ALARM', '2 OK', '5 ALARM'] },
    { missingData: 'notBreaching', states: ['1 OK'] },
  ] as const)('after a good minute, $missingData: $states', ({ missingData, states }) => {
    expect(timeline([[1, 0]], { missingData })).toEqual(states)
  })
})
