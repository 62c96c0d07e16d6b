import { describe, expect, it } from 'vitest'
import { everydayScenarios, failureScenarios, scenarios } from './all.ts'
import { carrierOutage } from './carrier-outage.ts'
import { poison } from './poison.ts'
import { refusals } from './refusals.ts'
import { ruleDisabled } from './rule-disabled.ts'
import type { Scenario } from './scenario.ts'
import { steady } from './steady.ts'
import { twinIndex, withTwins } from './twins.ts'

const shown = (asked: readonly Scenario[]) =>
  withTwins(asked).map(({ scenario: { id, faults }, isHidden, isCompared }) =>
    [id, faults.length === 0 ? 'undisturbed' : 'faults', isHidden && 'hidden', isCompared && 'compared']
      .filter((word) => word !== false)
      .join(' '),
  )

describe('the twins of scenarios with faults', () => {
  it('are none where no scenario has faults', () => {
    expect(shown([steady, refusals])).toEqual(['steady undisturbed', 'refusals undisturbed'])
  })

  it('are those that were asked for, where load and world are the same', () => {
    expect(shown([refusals, steady, poison])).toEqual([
      'refusals undisturbed compared',
      'steady undisturbed',
      'poison faults compared',
    ])
  })

  it('are added once for each load and world where they were not asked for', () => {
    expect(shown([poison, ruleDisabled, carrierOutage])).toEqual([
      'poison faults compared',
      'rule-disabled faults compared',
      'carrier-outage faults compared',
      'rule-disabled undisturbed hidden compared',
      'carrier-outage undisturbed hidden compared',
    ])
  })

  it('have the same load: a burst of arrivals is another', () => {
    const bent: Scenario = { ...poison, load: { kind: 'burst', factor: 5, forMs: 1_000 } }
    expect(shown([refusals, bent])).toEqual([
      'refusals undisturbed',
      'poison faults compared',
      'poison undisturbed hidden compared',
    ])
  })

  it.each([
    { name: 'every day', asked: everydayScenarios },
    { name: 'failure', asked: failureScenarios },
    { name: 'all', asked: scenarios },
  ])('are found for each scenario of $name', ({ asked }) => {
    const staged = withTwins(asked)
    for (const disturbed of asked.filter(({ faults }) => faults.length > 0)) {
      const twin = staged[twinIndex(staged, disturbed)]
      expect(twin).toMatchObject({
        isCompared: true,
        scenario: { load: disturbed.load, world: disturbed.world, faults: [] },
      })
    }
  })

  it.each([
    { name: 'every day', asked: everydayScenarios },
    { name: 'all', asked: scenarios },
  ])('are one hidden run at most for the scenarios of $name: most worlds are run anyway', ({ asked }) => {
    expect(withTwins(asked).filter(({ isHidden }) => isHidden).length).toBeLessThanOrEqual(1)
  })
})
