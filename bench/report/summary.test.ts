import { describe, expect, it } from 'vitest'
import type { ContestantInfo, Results } from '../results.ts'
import { fixtureResults } from './fixture.testing.ts'
import { type Summary, summarise } from './summary.ts'

const textOf = (summary: Summary): string =>
  [...summary.found, ...summary.notFound, ...summary.couldChange]
    .flatMap(({ text, parts }) => [text, ...parts])
    .join('\n')

const itemsText = (items: Summary['found']): string =>
  items.flatMap(({ text, parts }) => [text, ...parts]).join('\n')

describe('what was found', () => {
  it('names both contestants by what they are, with ratio and interval', () => {
    expect(itemsText(summarise(fixtureResults()).found)).toContain(
      'Step Functions Standard with SQS task tokens has 1.50 times that of Classic EventBridge bus with SQS queues ' +
        '(95% interval 1.50 to 1.50).',
    )
  })

  it('says the label with every group of figures', () => {
    for (const { text } of [
      ...summarise(fixtureResults()).found,
      ...summarise(fixtureResults()).notFound.slice(0, -1),
    ])
      expect(text).toContain('simulated')
  })

  it('begins with what is broken, and with the command that repeats it', () => {
    const [first] = summarise(fixtureResults(['steady'], broken)).found
    expect(first?.text).toContain('BROKEN PROMISES (simulated)')
    expect(first?.text).toContain('npm run compare -- --count 2000 --seed 1')
    expect(first?.parts.join('\n')).toContain(
      'the law "stock is conserved" was broken 2 times, for instance sku-7',
    )
    expect(first?.parts.join('\n')).toContain('1 order stuck and 0 inconsistent of 2,000')
    expect(first?.parts.join('\n')).toContain('3 orders ended differently in different contestants')
  })

  it('does not say at the same time that nothing was broken', () => {
    const text = itemsText(summarise(fixtureResults(['steady'], broken)).notFound)
    expect(text).not.toContain('laws held')
    expect(text).not.toContain('stuck')
    expect(text).not.toContain('ended alike')
  })
})

describe('what was not found', () => {
  it('says that there is no difference where there is none, and why an interval without 1 is not enough', () => {
    expect(itemsText(summarise(fixtureResults()).notFound)).toContain(
      'no difference between Step Functions Standard with SQS task tokens and Step Functions Standard with direct ' +
        'Lambda tasks (ratio 1.004, 95% interval 1.003 to 1.006, which excludes 1; but a verdict asks for 2%).',
    )
  })

  it('does not call one contestant alone equal to others', () => {
    expect(textOf(summarise(fixtureResults(['steady'], only('choreographed'))))).not.toContain('ended alike')
  })
})

describe('what could change it', () => {
  it('names the scenarios that turn a verdict', () => {
    const turned = summarise(fixtureResults(['steady', 'refusals', 'crash'])).couldChange[0]
    expect(turned?.text).toBe('The scenario. These give another verdict than steady (simulated):')
    expect(turned?.parts).toEqual([
      'Acceptance time of Step Functions Standard with direct Lambda tasks against Classic EventBridge bus with SQS queues: crash.',
    ])
  })

  it('names the figures that are weak', () => {
    expect(itemsText(summarise(fixtureResults()).couldChange)).toContain(
      '2 of the 4 figures that went in are weakly sourced or assumed: states.answer and dynamodb.write.',
    )
  })
})

describe('a style as such', () => {
  it.each([1, 2])('is not spoken of with %i contestants of one style and one of the other', (contestants) => {
    const text = textOf(
      summarise(fixtureResults(['steady'], contestants === 1 ? only('orchestrated', 'choreographed') : same)),
    )
    expect(text).not.toMatch(/\b(orchestration|choreography)\b/i)
  })

  it('is spoken of when more than one contestant of each agree', () => {
    expect(textOf(summarise(fixtureResults(['steady'], fourContestants('choreographed'))))).toContain(
      'All 4 pairs across the two styles agree on the completion time: choreography has the lower one (steady, simulated).',
    )
  })

  it('is not spoken of when one pair disagrees', () => {
    expect(textOf(summarise(fixtureResults(['steady'], fourContestants('orchestrated'))))).not.toMatch(
      /\b(orchestration|choreography)\b/i,
    )
  })
})

it('says that nothing was run when nothing was', () => {
  const summary = summarise(fixtureResults([]))
  expect(textOf(summary)).not.toContain('none in any scenario')
  expect(textOf(summary)).not.toContain('undefined')
})

const same = (results: Results): Results => results

const only =
  (...ids: readonly string[]) =>
  (results: Results): Results => ({
    ...results,
    contestants: results.contestants.filter(({ id }) => ids.includes(id)),
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      results: Object.fromEntries(Object.entries(scenario.results).filter(([id]) => ids.includes(id))),
      comparison: scenario.comparison.filter(({ a, b }) => ids.includes(a) && ids.includes(b)),
    })),
  })

const broken = (results: Results): Results => ({
  ...results,
  scenarios: results.scenarios.map((scenario) => ({
    ...scenario,
    sameOutcome: { held: false, differing: 3, examples: ['order-1'] },
    results: Object.fromEntries(
      Object.entries(scenario.results).map(([id, result]) => [
        id,
        {
          ...result,
          outcomes: { ...result.outcomes, stuck: 1 },
          laws: [{ law: 'stock is conserved', held: false, violations: 2, examples: ['sku-7'] }],
        },
      ]),
    ),
  })),
})

/** Two of each style; three pairs say that the choreographed one is lower, the last says `last`. */
const fourContestants =
  (last: 'choreographed' | 'orchestrated') =>
  (results: Results): Results => {
    const twin: ContestantInfo = {
      id: 'second',
      style: 'choreography',
      title: 'A second bus',
      variant: {},
      flow: { nodes: [], edges: [] },
    }
    const verdict = (a: string, b: string, lower: string) => ({
      metric: 'completion',
      a,
      b,
      ratio: lower === a ? 0.5 : 2,
      ci95: (lower === a ? [0.4, 0.6] : [1.9, 2.1]) as [number, number],
      verdict: lower,
    })
    return {
      ...results,
      contestants: [...results.contestants, twin],
      scenarios: results.scenarios.map((scenario) => ({
        ...scenario,
        comparison: [
          verdict('orchestrated', 'choreographed', 'choreographed'),
          verdict('orchestrated-direct', 'choreographed', 'choreographed'),
          verdict('orchestrated', 'second', 'second'),
          verdict(
            'orchestrated-direct',
            'second',
            last === 'choreographed' ? 'second' : 'orchestrated-direct',
          ),
        ],
      })),
    }
  }
