import { describe, expect, it } from 'vitest'
import { everydayScenarios, scenarios } from '../scenarios/all.ts'
import { type RunOptions, scenariosOf, sizedForScenarios, workloadOf } from './run-options.ts'

const ids = (scenario?: readonly string[]) =>
  scenariosOf(scenario === undefined ? {} : { scenario }).map(({ id }) => id)
const options = (given: Partial<RunOptions>): RunOptions => ({
  timeScale: 1,
  seed: 1,
  region: 'us-east-1',
  ...given,
})

describe('the scenarios of a run', () => {
  it('are those of every day where nobody chooses', () => {
    expect(ids()).toEqual(everydayScenarios.map(({ id }) => id))
  })

  it('are every one with "all", whatever is named beside it', () => {
    expect(ids(['all'])).toEqual(scenarios.map(({ id }) => id))
    expect(ids(['steady', 'all'])).toEqual(scenarios.map(({ id }) => id))
  })

  it('come in the order of reports, not in that of the asking', () => {
    expect(ids(['crash', 'steady'])).toEqual(['steady', 'crash'])
  })
})

describe('the orders of a run of every scenario', () => {
  it('are few where nobody says how many', () => {
    expect(sizedForScenarios(options({ scenario: ['all'] }))).toMatchObject({
      count: 300,
      rate: 0.1,
      arrivals: 'even',
    })
  })

  it('come evenly over 50 minutes: still when a fault of 45 is over, and four in five after one of ten', () => {
    const sized = sizedForScenarios(options({ scenario: ['all'] }))
    const [part] = workloadOf(sized).parts
    const arrivals = part?.kind === 'given' ? part.workload.arrivals : []
    const comeAfter = (minutes: number) =>
      arrivals.filter(({ atMs }) => atMs > (minutes + 0.5) * 60_000).length
    expect(arrivals.length - comeAfter(1)).toBeGreaterThan(3)
    expect(comeAfter(10) / 300).toBeCloseTo(0.8, 1)
    expect(comeAfter(45)).toBeGreaterThan(10)
    expect(arrivals).toHaveLength(300)
  })

  it('come as was asked for where somebody asked', () => {
    const asked = { rate: 1, arrivals: 'day' } as const
    expect(sizedForScenarios(options({ scenario: ['all'], ...asked }))).toMatchObject(asked)
    expect(sizedForScenarios(options({ scenario: ['all'], orders: 'trace.csv' })).rate).toBe(undefined)
  })

  it.each([
    { name: 'a count', given: { scenario: ['all'], count: 7 }, count: 7 },
    { name: 'a trace', given: { scenario: ['all'], orders: 'trace.csv' }, count: undefined },
    { name: 'chosen scenarios', given: { scenario: ['steady'] }, count: undefined },
    { name: 'the scenarios of every day', given: {}, count: undefined },
  ])('are as asked for with $name', ({ given, count }) => {
    expect(sizedForScenarios(options(given)).count).toBe(count)
  })
})
