import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Results } from '../results.ts'
import { fixtureResults } from './fixture.testing.ts'
import { columnsMax } from './terminal/tables.ts'
import { renderTerminal } from './terminal.ts'

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => [...line].length))

/** Every cost at `usd` per million orders and every contestant renamed. */
const changed =
  (usd: number, rename: (id: string) => string) =>
  (results: Results): Results => ({
    ...results,
    contestants: results.contestants.map((contestant) => ({ ...contestant, id: rename(contestant.id) })),
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      results: Object.fromEntries(
        Object.entries(scenario.results).map(([id, result]) => [
          rename(id),
          {
            ...result,
            outcomes: { ...result.outcomes, fulfilled: 1_999_000 },
            cost: { ...result.cost, usdPerMillionOrders: usd },
          },
        ]),
      ),
      comparison: scenario.comparison.map(({ a, b, verdict, ...comparison }) => ({
        ...comparison,
        a: rename(a),
        b: rename(b),
        verdict: verdict === 'no difference' ? verdict : rename(verdict),
      })),
    })),
  })

describe('the terminal table', () => {
  it('fits its columns', () => {
    expect(widest(renderTerminal(fixtureResults(), { colour: false }))).toBeLessThanOrEqual(columnsMax)
  })

  it('fits its columns with nine-digit costs, millions of orders and names without end', () => {
    const results = fixtureResults(
      ['steady', 'carrier-outage'],
      changed(999_999_999, (id) => `${id}-${'x'.repeat(200)}`),
    )
    const text = renderTerminal(results, { colour: false })
    expect(text).toContain('$999,999,999')
    expect(widest(text)).toBeLessThanOrEqual(columnsMax)
  })

  it('marks a ratio of assumptions and one within the dates of the sources, and says what the marks mean', () => {
    const text = renderTerminal(
      fixtureResults(['steady'], (results) => ({
        ...results,
        scenarios: results.scenarios.map((scenario) => ({
          ...scenario,
          comparison: scenario.comparison.map((comparison) =>
            comparison.metric === 'completion' ? { ...comparison, ratio: 1.05 } : comparison,
          ),
        })),
      })),
      { colour: false },
    )
    expect(text).toMatch(/acceptance \* +1\.004×/)
    expect(text).toContain('* rests on assumed latencies, no finding: states.startExecution, sqs.call')
    expect(text).toMatch(/completion ~ +1\.050×/)
    expect(text).toContain('~ lies within the dates of the sources, no finding: 2022-09 to 2023-02')
    expect(text).toMatch(/cost +4\.29×/)
  })

  it('says the same with colour and without', () => {
    const coloured = renderTerminal(fixtureResults(), { colour: true })
    expect(coloured).not.toBe(stripVTControlCharacters(coloured))
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(fixtureResults(), { colour: false }))
  })

  it('lets no name send the terminal a control sequence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (name) => {
        const results = fixtureResults(
          ['steady'],
          changed(1, (id) => `${id}\u001b[2J\u0007${name}`),
        )
        const text = renderTerminal(results, { colour: false })
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
      }),
      { numRuns: 30 },
    )
  })

  it('speaks of no broken law where the design promises nothing', () => {
    const results = fixtureResults(['steady'], (given) => ({
      ...given,
      scenarios: given.scenarios.map((scenario) => ({
        ...scenario,
        promises: 'nothing' as const,
        results: Object.fromEntries(
          Object.entries(scenario.results).map(([id, result]) => [
            id,
            { ...result, laws: [{ law: 'every order ends', held: false, violations: 1, examples: [] }] },
          ]),
        ),
      })),
    }))
    expect(renderTerminal(results, { colour: false })).not.toContain('BROKEN')
  })

  it('shows a broken law, and the command that repeats it uncut', () => {
    const command = `npm run compare -- --orders ${'deep/'.repeat(40)}orders.csv`
    const text = renderTerminal(
      fixtureResults(['steady'], (results) => ({
        ...results,
        run: { ...results.run, command },
        scenarios: results.scenarios.map((scenario) => ({
          ...scenario,
          results: Object.fromEntries(
            Object.entries(scenario.results).map(([id, result]) => [
              id,
              {
                ...result,
                laws: [{ law: 'stock is conserved', held: false, violations: 1, examples: ['sku-7'] }],
              },
            ]),
          ),
        })),
      })),
      { colour: false },
    )
    expect(text).toContain('BROKEN LAW in steady, orchestrated: stock is conserved (1) sku-7')
    expect(text).toContain(`repeat with: ${command}`)
  })
})
