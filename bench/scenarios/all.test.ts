import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { everydayScenarios, failureScenarios, scenarios } from './all.ts'
import type { Scenario } from './scenario.ts'

const files = readdirSync(import.meta.dirname)

describe('the scenarios of every day', () => {
  it('are these, in this order', () => {
    expect(everydayScenarios.map(({ id }) => id)).toEqual([
      'steady',
      'refusals',
      'scarcity',
      'burst',
      'crash',
      'duplicates',
      'carrier-outage',
    ])
  })

  it('all promise the same outcome but the one of scarcity', () => {
    const others = everydayScenarios.filter(({ promises }) => promises !== 'sameOutcome')
    expect(others.map(({ id, promises }) => [id, promises])).toEqual([['scarcity', 'laws']])
  })
})

describe('the scenarios of failure', () => {
  it('have a fault each', () => {
    expect(failureScenarios.filter(({ faults }) => faults.length === 0)).toEqual([])
  })
})

describe('all scenarios', () => {
  it('have a name each', () => {
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length)
  })
})

describe.each(scenarios)('$id', (scenario: Scenario) => {
  it('lies in a file of its name', () => {
    expect(files).toContain(`${scenario.id}.ts`)
  })

  it('has a title, and says why it exists and what to look for', () => {
    expect(scenario.title.length).toBeGreaterThan(10)
    expect(scenario.about.length).toBeGreaterThan(60)
  })

  it('promises the same outcome only where stock is ample or none', () => {
    if (scenario.promises === 'sameOutcome') expect(scenario.world.skusScarce).toBe(0)
  })

  it('has rates and probabilities between 0 and 1', () => {
    const rates = [
      ...Object.values(scenario.world),
      ...scenario.faults.flatMap((fault) => ('probability' in fault ? [fault.probability] : [])),
    ]
    for (const rate of rates) expect(rate >= 0 && rate <= 1).toBe(true)
  })

  it('can be written down as it is: plain data', () => {
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  })
})
