import { describe, expect, it } from 'vitest'
import { createQuotas, limitOf, quotaFigureRows, quotaFigures, regions } from './quotas.ts'

/** Source of the numbers: the quota pages of Step Functions and EventBridge, read 2026-11-22. */
describe('default quotas', () => {
  it.each([
    { quota: 'states.StateTransition', region: 'us-east-1', bucket: 5000, perSecond: 5000 },
    { quota: 'states.StateTransition', region: 'eu-central-1', bucket: 800, perSecond: 800 },
    { quota: 'states.StartExecution', region: 'eu-west-1', bucket: 1300, perSecond: 300 },
    { quota: 'states.StartExecution', region: 'sa-east-1', bucket: 800, perSecond: 150 },
    { quota: 'states.SendTaskSuccess', region: 'us-west-2', bucket: 3000, perSecond: 500 },
    { quota: 'states.SendTaskFailure', region: 'us-east-2', bucket: 1500, perSecond: 300 },
    { quota: 'events.PutEvents', region: 'us-east-1', bucket: 10_000, perSecond: 10_000 },
    { quota: 'events.PutEvents', region: 'eu-central-1', bucket: 2400, perSecond: 2400 },
    { quota: 'events.PutEvents', region: 'ap-southeast-1', bucket: 1200, perSecond: 1200 },
    { quota: 'events.PutEvents', region: 'sa-east-1', bucket: 600, perSecond: 600 },
    { quota: 'events.PutEvents', region: 'af-south-1', bucket: 400, perSecond: 400 },
    { quota: 'events.Invocations', region: 'eu-west-2', bucket: 2250, perSecond: 2250 },
    { quota: 'events.Invocations', region: 'us-west-1', bucket: 750, perSecond: 750 },
    { quota: 'sqs.FifoThroughput', region: 'us-east-1', bucket: 300, perSecond: 300 },
    { quota: 'sqs.FifoHighThroughput', region: 'eu-west-1', bucket: 70_000, perSecond: 70_000 },
    { quota: 'sqs.FifoHighThroughput', region: 'eu-central-1', bucket: 19_000, perSecond: 19_000 },
    { quota: 'sqs.FifoHighThroughput', region: 'ap-south-1', bucket: 9_000, perSecond: 9_000 },
    { quota: 'sqs.FifoHighThroughput', region: 'sa-east-1', bucket: 4_500, perSecond: 4_500 },
    { quota: 'sqs.FifoHighThroughput', region: 'eu-north-1', bucket: 2_400, perSecond: 2_400 },
  ] as const)('$quota in $region: $bucket, refilled at $perSecond/s', ({ quota, region, ...limit }) => {
    expect(limitOf(quota, region)).toEqual(limit)
  })

  it('refuses a region that it does not know, and names those that it does', () => {
    expect(() => createQuotas('eu-moon-1')).toThrow(/us-east-1.*got "eu-moon-1"/)
    expect(() => createQuotas('toString')).toThrow('Expected a region')
  })

  it('are as small as the neighbours in the account leave them, and whole again after that', () => {
    const quotas = createQuotas('us-east-1')
    quotas.leave('states.StateTransition', { bucket: 2, perSecond: 1 })
    const transition = (nowMs: number) => quotas.take('states.StateTransition', nowMs)
    expect([0, 0, 0, 0].map(transition).map(({ delayMs }) => delayMs)).toEqual([0, 0, 1000, 2000])
    quotas.leave('states.StateTransition', undefined)
    expect(transition(10_000).effect).toBe('none')
    expect(quotas.take('states.StateTransition', 10_000, 4_999).effect).toBe('none')
    expect(transition(10_000).effect).toBe('delayed')
  })

  it('knows every region that a figure names', () => {
    const named = Object.values(quotaFigures).flatMap(({ byRegion }) => Object.keys(byRegion))
    expect(named.filter((region) => !regions.includes(region))).toEqual([])
  })

  it('lists every figure with its source for the table of sources', () => {
    const rows = quotaFigureRows('us-east-1', new Set(['sqs.fifoRequest', 'states.express.request']))
    expect(rows).toHaveLength(Object.keys(quotaFigures).length)
    expect(
      rows.every(({ source, date }) => source.startsWith('https://') && /^2026-11-2\d$/.test(date)),
    ).toBe(true)
  })

  it('lists those of FIFO queues only for a run that has some', () => {
    const without = quotaFigureRows('us-east-1').map(({ figure }) => figure)
    expect(without.filter((figure) => figure.includes('Fifo'))).toEqual([])
    const fifo = quotaFigureRows('us-east-1', new Set(['sqs.fifoRequest']))
    expect(fifo).toHaveLength(without.length + 2)
  })

  it('of Express machines are told of a run that is billed for some', () => {
    const without = quotaFigureRows('us-east-1').map(({ figure }) => figure)
    expect(without.filter((figure) => figure.includes('Express'))).toEqual([])
    const express = quotaFigureRows('us-east-1', new Set(['states.express.request']))
    expect(express).toHaveLength(without.length + 1)
  })
})

const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make)

describe('a bucket that rejects', () => {
  it('lets its whole content through at once and refuses the next', () => {
    const quotas = createQuotas('eu-west-1')
    const effects = times(1301, () => quotas.take('states.StartExecution', 1000).effect)
    expect(effects.filter((effect) => effect === 'none')).toHaveLength(1300)
    expect(effects.at(-1)).toBe('rejected')
  })

  it('lets one more through for each refill interval, and not a moment earlier', () => {
    const quotas = createQuotas('sa-east-1')
    times(600, () => quotas.take('events.PutEvents', 0))
    expect(quotas.take('events.PutEvents', 1.66).effect).toBe('rejected')
    expect(quotas.take('events.PutEvents', 1.67).effect).toBe('none')
    expect(quotas.take('events.PutEvents', 1.67).effect).toBe('rejected')
  })

  it('never holds more than its size, however long it rests', () => {
    const quotas = createQuotas('sa-east-1')
    const aYearMs = 365 * 86_400_000
    const effects = times(601, () => quotas.take('events.PutEvents', aYearMs).effect)
    expect(effects.filter((effect) => effect === 'rejected')).toHaveLength(1)
  })

  it('takes no token for what it rejects', () => {
    const quotas = createQuotas('sa-east-1')
    times(5000, () => quotas.take('events.PutEvents', 0))
    const effects = times(600, () => quotas.take('events.PutEvents', 1000).effect)
    expect(effects.every((effect) => effect === 'none')).toBe(true)
  })
})

describe('a bucket that delays', () => {
  it('serves the rest one refill interval after the other', () => {
    const quotas = createQuotas('eu-central-1')
    times(800, () => quotas.take('states.StateTransition', 0))
    expect(quotas.take('states.StateTransition', 0)).toEqual({ effect: 'delayed', delayMs: 1.25 })
    expect(quotas.take('states.StateTransition', 0)).toEqual({ effect: 'delayed', delayMs: 2.5 })
    expect(quotas.take('states.StateTransition', 1).delayMs).toBeCloseTo(2.75, 9)
  })

  it('takes several units at once', () => {
    const quotas = createQuotas('eu-central-1')
    expect(quotas.take('states.StateTransition', 0, 800).effect).toBe('none')
    expect(quotas.take('states.StateTransition', 0, 8)).toEqual({ effect: 'delayed', delayMs: 10 })
  })
})

describe('quotas', () => {
  it('of many are one for each of them', () => {
    const quotas = createQuotas('eu-central-1')
    times(300, () => quotas.take('sqs.FifoThroughput', 0, 1, 'Q SendMessage'))
    expect(quotas.take('sqs.FifoThroughput', 0, 1, 'Q SendMessage').effect).toBe('rejected')
    expect(quotas.take('sqs.FifoThroughput', 0, 1, 'Q DeleteMessage').effect).toBe('none')
    expect(quotas.take('sqs.FifoThroughput', 0, 1, 'R SendMessage').effect).toBe('none')
    expect(quotas.take('no.such', 0, 1, 'Q').effect).toBe('none')
  })

  it('do not share their buckets', () => {
    const quotas = createQuotas('eu-central-1')
    times(2000, () => quotas.take('states.SendTaskSuccess', 0))
    expect(quotas.take('states.SendTaskSuccess', 0).effect).toBe('rejected')
    expect(quotas.take('states.SendTaskFailure', 0).effect).toBe('none')
  })

  it('leave alone what has none', () => {
    const quotas = createQuotas('us-east-1')
    expect(
      times(50_000, () => quotas.take('sqs.SendMessage', 0)).every(({ effect }) => effect === 'none'),
    ).toBe(true)
  })

  it('refuse a time that runs back', () => {
    const quotas = createQuotas('us-east-1')
    quotas.take('states.StartExecution', 10)
    expect(() => quotas.take('states.StartExecution', 9)).toThrow('Time ran back')
  })
})
