import { describe, expect, it } from 'vitest'
import type { ContestantInfo, Results } from '../results.ts'
import { latencyFigures } from '../virtual-aws/latency.ts'
import { decidingHops } from './evidence.ts'
import { fixtureResults } from './fixture.testing.ts'
import { type Summary, summarise } from './summary.ts'

const textOf = (summary: Summary): string =>
  [
    ...summary.lead,
    itemsText([
      ...summary.broken,
      ...summary.assumed,
      ...summary.found,
      ...summary.notFound,
      ...summary.couldChange,
      ...summary.unsteady,
    ]),
  ].join('\n')

const itemsText = (items: Summary['found']): string =>
  items.flatMap(({ text, parts }) => [text, ...parts]).join('\n')

/** Every ratio, interval and verdict of one metric in the headline's scenario. */
const withRatio =
  (metric: string, ratio: number, ci95: [number, number], verdict: string) =>
  (results: Results): Results => ({
    ...results,
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      comparison: scenario.comparison.map((comparison) =>
        comparison.metric === metric ? { ...comparison, ratio, ci95, verdict } : comparison,
      ),
    })),
  })

const withFigures =
  (confidence: 'H' | 'assumption', date: string) =>
  (results: Results): Results => ({
    ...results,
    figures: results.figures.map((figure) => ({ ...figure, confidence, date })),
  })

describe('the lead', () => {
  const leadOf = (...given: Parameters<typeof fixtureResults>) => summarise(fixtureResults(...given)).lead

  it('is a handful of sentences, each with its label', () => {
    const sentences = leadOf(['steady', 'crash', 'carrier-outage'])
    expect(sentences.length).toBe(5)
    for (const text of sentences) expect(text).toContain('simulated)')
  })

  it('introduces each contestant by what it is, and compares costs by id', () => {
    const [cost] = leadOf()
    expect(cost).toContain('Step Functions Standard with SQS task tokens (orchestrated) $221.12')
    expect(cost).toContain('orchestrated costs 4.29× and orchestrated-direct 3.94× as much as choreographed')
    expect(cost).toContain('Step Functions (81.4% of orchestrated, 88.7% of orchestrated-direct)')
  })

  it('calls designs equally fast while the dates of the sources may explain the difference', () => {
    const close = withRatio('completion', 1.087, [1.084, 1.09], 'choreographed')
    expect(leadOf(['steady'], close)[1]).toContain(
      'the largest difference in the median is 8.7%: no more than the dates of the sources (2022-09 to 2023-02) may explain',
    )
    expect(leadOf(['steady'], (results) => withFigures('H', '2026-11')(close(results)))[1]).toContain(
      'the largest difference is that of orchestrated against orchestrated-direct: 8.7% more',
    )
  })

  it('names the largest difference where it is larger than that', () => {
    expect(leadOf()[1]).toContain('of orchestrated against choreographed: 50.0% more')
  })

  it.each([
    { name: 'queues wait long', slow: 20, says: 'waits in its queue until it becomes visible again' },
    { name: 'queues wait as long as direct calls', slow: 1, says: undefined },
  ])('explains the tail of crashes only where it is to be seen: $name', ({ slow, says }) => {
    const text = leadOf(['steady', 'crash'], (results) => ({
      ...results,
      scenarios: results.scenarios.map((scenario) => ({
        ...scenario,
        results: Object.fromEntries(
          Object.entries(scenario.results).map(([id, result]) => {
            const p99 = id === 'orchestrated-direct' ? 7000 : 7000 * slow
            return [
              id,
              {
                ...result,
                latencyMs: {
                  ...result.latencyMs,
                  completion: { ...result.latencyMs.completion, p99, max: p99 },
                },
              },
            ]
          }),
        ),
      })),
    })).join(' ')
    expect(text).toContain('When handlers crash, completion p99 is')
    expect(text).toContain('7 s for orchestrated-direct')
    if (says === undefined) expect(text).not.toContain('its queue')
    else expect(text).toContain(says)
  })

  it.each([
    { name: 'alike and as long as the outage', p99s: [590_000, 600_000, 610_000], isOutage: true },
    { name: 'alike but short', p99s: [5000, 5000, 5000], isOutage: false },
    { name: 'apart', p99s: [590_000, 600_000, 900_000], isOutage: false },
  ])('blames the outage for tails that are $name: $isOutage', ({ p99s, isOutage }) => {
    const text = leadOf(['steady', 'carrier-outage'], (results) => ({
      ...results,
      scenarios: results.scenarios.map((scenario) => ({
        ...scenario,
        results: Object.fromEntries(
          Object.entries(scenario.results).map(([id, result], at) => {
            const p99 = p99s[at] ?? 0
            const completion = { ...result.latencyMs.completion, p99, max: p99 }
            return [id, { ...result, latencyMs: { ...result.latencyMs, completion } }]
          }),
        ),
      })),
    })).join(' ')
    expect(text).toContain('While the carrier is away for 10 min, it is')
    expect(text.includes('the outage decides, not the design')).toBe(isOutage)
  })

  it('asks the question of listeners of commands and events apart', () => {
    expect(leadOf().at(-1)).toContain(
      'Of the command types it fails for 10 of 10 in orchestrated and 10 of 10 in orchestrated-direct; of the event types ' +
        'it fails for 0 of 12 in choreographed, and only the order for 10 in choreographed, candidates for hidden commands',
    )
  })
})

describe('what rests on assumed latencies', () => {
  it('stands apart with what it rests on, and nowhere among the findings', () => {
    const summary = summarise(fixtureResults(['steady', 'crash']))
    expect(itemsText(summary.assumed)).toContain(
      'Rests on assumed latencies: states.startExecution and sqs.call; no source publishes them.',
    )
    const findings = [
      ...summary.lead,
      itemsText([...summary.found, ...summary.notFound, ...summary.unsteady]),
    ]
    expect(findings.join('\n')).not.toMatch(/acceptance time/i)
  })

  it('says "in part" where a published figure decides as well', () => {
    const results = fixtureResults(['steady'], (given) => ({
      ...given,
      figures: given.figures.map((figure) =>
        figure.figure.startsWith('latency sqs.call') ? { ...figure, confidence: 'M' as const } : figure,
      ),
    }))
    expect(itemsText(summarise(results).assumed)).toContain(
      'Rests in part on assumed latencies: states.startExecution; no source publishes them.',
    )
  })

  it.each([
    { name: 'a calibrated run', change: withFigures('H', '2026-11') },
    {
      name: 'a run on AWS',
      change: (results: Results): Results => ({ ...results, run: { ...results.run, runtime: 'aws' } }),
    },
  ])('is nothing in $name: its acceptance is a finding', ({ change }) => {
    const summary = summarise(fixtureResults(['steady'], change))
    expect(summary.assumed).toEqual([])
    expect(itemsText([...summary.found, ...summary.notFound])).toMatch(/acceptance time/i)
  })

  it('is looked for under hops that the latency table has', () => {
    const named = new Set(
      latencyFigures().flatMap(({ figure }) => /^latency ([\w.]+):/.exec(figure)?.[1] ?? []),
    )
    expect(decidingHops().filter((hop) => !named.has(hop))).toEqual([])
    expect(decidingHops().length).toBeGreaterThan(5)
  })
})

describe('what was found', () => {
  it('puts the higher one first, with its interval', () => {
    const text = itemsText(summarise(fixtureResults()).found)
    expect(text).toContain('orchestrated against choreographed: 50.0% more (95% interval 49.8% to 50.3%).')
    expect(text).toContain('orchestrated against choreographed: 4.29× (95% interval 4.29 to 4.30).')
    const turned = withRatio('completion', 0.8, [0.79, 0.81], 'orchestrated')
    expect(itemsText(summarise(fixtureResults(['steady'], turned)).found)).toContain(
      'choreographed against orchestrated: 25.0% more (95% interval 23.5% to 26.6%).',
    )
  })

  it.each([
    { ratio: 1.09, isMarked: true },
    { ratio: 1.11, isMarked: false },
  ])(
    'says of a completion ratio of $ratio whether the dates may explain it: $isMarked',
    ({ ratio, isMarked }) => {
      const change = withRatio('completion', ratio, [ratio - 0.01, ratio + 0.01], 'choreographed')
      const text = itemsText(summarise(fixtureResults(['steady'], change)).found)
      expect(text.includes("within the sources' dates")).toBe(isMarked)
    },
  )

  it('says the label with every group of figures', () => {
    for (const { text } of [
      ...summarise(fixtureResults()).found,
      ...summarise(fixtureResults()).assumed,
      ...summarise(fixtureResults()).notFound.slice(0, -1),
    ])
      expect(text).toContain('simulated')
  })

  it('begins with what is broken, and with the command that repeats it', () => {
    const [first] = summarise(fixtureResults(['steady'], broken)).broken
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
    const alike = withRatio('cost', 1.004, [1.003, 1.006], 'no difference')
    expect(itemsText(summarise(fixtureResults(['steady'], alike)).notFound)).toContain(
      'no difference between orchestrated and orchestrated-direct ' +
        '(1.004×, 95% interval 1.003 to 1.006, which excludes 1; but a verdict asks for 2%).',
    )
  })

  it('does not call one contestant alone equal to others', () => {
    expect(textOf(summarise(fixtureResults(['steady'], only('choreographed'))))).not.toContain('ended alike')
  })
})

describe('what could change it', () => {
  it('names the scenarios that turn a verdict', () => {
    const results = fixtureResults(['steady', 'refusals', 'crash'])
    const [turned] = summarise({
      ...results,
      scenarios: results.scenarios.map((scenario) => ({
        ...scenario,
        comparison: scenario.comparison.map((comparison) =>
          scenario.id === 'crash' && comparison.metric === 'cost' && comparison.b === 'choreographed'
            ? { ...comparison, verdict: 'no difference' }
            : comparison,
        ),
      })),
    }).unsteady
    expect(turned?.text).toBe('The scenario. These give another verdict than steady (simulated):')
    expect(turned?.parts).toEqual([
      'Cost of orchestrated against choreographed: crash.',
      'Cost of orchestrated-direct against choreographed: crash.',
    ])
  })

  it('names the months of the sources', () => {
    expect(itemsText(summarise(fixtureResults()).couldChange)).toContain(
      'were not measured together: sqs.deliver 2022-09 and events.route 2023-02.',
    )
  })

  it('names the figures that are weak', () => {
    expect(itemsText(summarise(fixtureResults()).couldChange)).toContain(
      '4 of the 7 figures that went in are weakly sourced or assumed: states.answer, states.startExecution, sqs.call and ' +
        'dynamodb.write.',
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
