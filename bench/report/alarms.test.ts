import { describe, expect, it } from 'vitest'
import type { Results } from '../results.ts'
import { fixtureResults } from './fixture.testing.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'

const disturbed = (change?: (results: Results) => Results) =>
  fixtureResults(['refusals', 'crash', 'carrier-outage'], change)

const untold = (results: Results): Results => ({
  ...results,
  scenarios: results.scenarios.map((scenario) => ({
    ...scenario,
    results: Object.fromEntries(
      Object.entries(scenario.results).map(([id, result]) => [
        id,
        result.alarms === undefined
          ? result
          : {
              ...result,
              outcomes: { ...result.outcomes, stuck: 3 },
              alarms: { ...result.alarms, untold: { orders: 2, examples: ['a', 'b'] } },
            },
      ]),
    ),
  })),
})

const withoutAlarms = (results: Results): Results => ({
  ...results,
  scenarios: results.scenarios.map((scenario) => ({
    ...scenario,
    results: Object.fromEntries(
      Object.entries(scenario.results).map(([id, { alarms: _, ...result }]) => [id, result]),
    ),
  })),
})

const rowOf = (text: string, ...words: readonly string[]): string =>
  text.split('\n').find((line) => words.every((word) => line.includes(word))) ?? ''

describe('what rang, in Markdown', () => {
  const text = renderMarkdown(disturbed())

  it('is told for scenarios with faults alone, each contestant in a row', () => {
    expect(text).toContain('### What rang, and when')
    const section = text.slice(
      text.indexOf('### What rang, and when'),
      text.indexOf('#### Every alarm that rang'),
    )
    expect(section).not.toMatch(/\| refusals/)
    expect(rowOf(section, '| crash', '| orchestrated ')).toMatch(
      /after 60 s: CreateOrderFunctionErrorsAlarm +\| none +\| +2 of 44/,
    )
    expect(rowOf(section, '| carrier-outage', '| choreographed ')).toMatch(/none +\| none +\| +0 of 83/)
  })

  it('counts alarms that say the same together, and those of them that ring undisturbed as well', () => {
    const detailsOf = (markdown: string) => markdown.slice(markdown.indexOf('#### Every alarm that rang'))
    expect(rowOf(detailsOf(text), '| crash', '| choreographed ')).toMatch(
      /Invocations fail or time out\. +\| ticket +\| choreographed +\| +2 \| +0 \| +60 s +\| +6 \| +0 \|/,
    )
    expect(rowOf(detailsOf(renderMarkdown(disturbed(noisy))), '| crash', '| choreographed ')).toMatch(
      /\| choreographed +\| +2 \| +1 \| +60 s /,
    )
  })

  it('counts the orders that no page told of', () => {
    expect(rowOf(renderMarkdown(disturbed(untold)), '| crash', 'CreateOrder')).toMatch(/\| +3 \| +2 \|/)
  })
})

/** As if the first alarm of each that rang were one that rings anyway. */
const noisy = (results: Results): Results => ({
  ...results,
  scenarios: results.scenarios.map((scenario) => ({
    ...scenario,
    results: Object.fromEntries(
      Object.entries(scenario.results).map(([id, result]) => [
        id,
        result.alarms === undefined
          ? result
          : {
              ...result,
              alarms: {
                ...result.alarms,
                rang: result.alarms.rang.map((each, index) =>
                  index === 0 ? { ...each, undisturbed: true } : each,
                ),
              },
            },
      ]),
    ),
  })),
})

describe('what rang, in HTML', () => {
  it('stands in the page too', async () => {
    const page = await renderHtml(disturbed())
    expect(page).toContain('<h3>What rang, and when</h3>')
    expect(page).toContain('Time to detect, by scenario and contestant (simulated)')
  })

  it.each([
    { name: 'no scenario with faults was run', results: fixtureResults(['steady', 'refusals']) },
    { name: 'nobody watched alarms', results: disturbed(withoutAlarms) },
  ])('is not spoken of where $name', async ({ results }) => {
    expect(renderMarkdown(results)).not.toContain('What rang')
    expect(await renderHtml(results)).not.toContain('What rang')
  })
})
