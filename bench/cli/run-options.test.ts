import { describe, expect, it } from 'vitest'
import { everydayScenarios, scenarios } from '../scenarios/all.ts'
import { type RunOptions, scenariosOf, sizedForScenarios } from './run-options.ts'

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
    expect(sizedForScenarios(options({ scenario: ['all'] })).count).toBe(300)
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
