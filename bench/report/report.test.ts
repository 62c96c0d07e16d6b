import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContestantResult, Results } from '../results.ts'
import { fixtureResults } from './fixture.testing.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import { renderTerminal } from './terminal.ts'

const small = () => fixtureResults(['steady', 'scarcity'])

const renderAll = async (results: Results): Promise<readonly string[]> => [
  renderTerminal(results, { colour: true }),
  renderTerminal(results, { colour: false }),
  renderMarkdown(results),
  await renderHtml(results),
]

const eachResult =
  (change: (result: ContestantResult) => ContestantResult) =>
  (results: Results): Results => ({
    ...results,
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      results: Object.fromEntries(
        Object.entries(scenario.results).map(([id, result]) => [id, change(result)]),
      ),
    })),
  })

describe('the reports of the small fixture', () => {
  it('are as reviewed: terminal', async () => {
    await expect(renderTerminal(small(), { colour: false })).toMatchFileSnapshot('golden/terminal.txt')
  })

  it('are as reviewed: Markdown', async () => {
    await expect(renderMarkdown(small())).toMatchFileSnapshot('golden/report.md')
  })

  it('are as reviewed: HTML', async () => {
    await expect(await renderHtml(small())).toMatchFileSnapshot('golden/report.html.txt')
  })

  it('are the same bytes each time, and whatever the wall clock said', async () => {
    const later = fixtureResults(['steady', 'scarcity'], (results) => ({
      ...results,
      run: { ...results.run, wallMs: 99_999 },
    }))
    expect(await renderAll(later)).toEqual(await renderAll(small()))
  })
})

describe('the sections', () => {
  const titles = [
    'At a glance',
    'In plain words',
    'Headline: A steady day',
    'Latency by percentile',
    'Cost by line',
    'Outcomes by scenario and contestant',
    'Would the producer fail if nobody listened?',
    'Coupling, direct and logical',
    'Each flow, drawn from its definition',
    'Reliability counts',
    'Comparisons with intervals',
    'Figures that went in, and their sources',
    'Limits, in plain words',
    'How to repeat it',
  ]

  it('stand in their order in Markdown', () => {
    expect(renderMarkdown(small()).match(/(?<=^## ).*/gm)).toEqual(titles)
  })

  it('stand in their order in HTML', async () => {
    const page = await renderHtml(small())
    expect([...page.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, title]) => title)).toEqual(titles)
  })
})

describe('the page', () => {
  it('opens with what each contestant is, costs and takes, and what the times mean, before the contents', async () => {
    const page = await renderHtml(fixtureResults(['steady', 'crash']))
    const opening = page.slice(page.indexOf('<h1>'), page.indexOf('<nav'))
    for (const text of [
      'Step Functions Standard with SQS task tokens',
      '$221.12',
      '820 / 2,411',
      'Completion p99 (simulated)',
      '10 of 10',
      '0 of 12',
      '0 orders stuck or inconsistent',
      'until its terminal fact is out',
      'until the order service has saved the order',
    ])
      expect(opening).toContain(text)
    expect(opening.indexOf('At a glance')).toBeLessThan(opening.indexOf('About this run'))
  })

  it('counts orders that are lost where nothing is promised apart from those that are lost where it is', async () => {
    const results = fixtureResults(['steady', 'crash'])
    const scenarios = results.scenarios.map((scenario) =>
      scenario.id === 'steady'
        ? scenario
        : {
            ...scenario,
            promises: 'nothing' as const,
            results: Object.fromEntries(
              Object.entries(scenario.results).map(([id, result]) => [
                id,
                { ...result, outcomes: { ...result.outcomes, stuck: 7 } },
              ]),
            ),
          },
    )
    const lost = 7 * results.contestants.length
    expect(await renderHtml({ ...results, scenarios })).toContain(
      `; 0 orders stuck or inconsistent, and ${lost} in the 1 scenario that the design does not promise to survive.`,
    )
  })

  it('asks for nothing from elsewhere and runs no script', async () => {
    const page = await renderHtml(small())
    expect(page).not.toMatch(/<script|<link(?! rel="icon" href="data:,")|@import|url\(|\ssrc=|\son\w+=/i)
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)).toSatisfy((targets: string[]) =>
      targets.every((target) => target.startsWith('#') || target === 'data:,'),
    )
  })

  it('gives each picture a name and a description, and each id once', async () => {
    const page = await renderHtml(fixtureResults(['refusals', 'steady', 'crash']))
    const pictures = page.match(
      /<svg [^>]*role="img"[^>]*>(?=<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<)/g,
    )
    expect(pictures?.length).toBe(page.match(/role="img"/g)?.length)
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('labels every table of figures and every chart as simulated', async () => {
    const page = await renderHtml(small())
    const captions = [...page.matchAll(/<(?:caption><span|figcaption)>([^<]*)/g)].map(
      ([, caption]) => caption ?? '',
    )
    const unlabelled = captions.filter((caption) => !caption.includes('(simulated)'))
    // What is read from definitions and sources is not a figure of the run.
    expect(new Set(unlabelled.map((caption) => caption.split(' of ')[0]))).toEqual(
      new Set(['Template resources', 'Flow', 'Prices and latencies that went into the run']),
    )
  })
})

describe('hostile text', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>|\u001b[2J'\`**x**</title></style>`
  const poisoned = () =>
    fixtureResults(['steady'], (results) => ({
      ...results,
      run: {
        ...results.run,
        command: hostile,
        region: hostile,
        workload: { ...results.run.workload, source: hostile },
      },
      contestants: results.contestants.map((contestant) => ({
        ...contestant,
        title: hostile,
        variant: { [hostile]: hostile },
        flow: {
          nodes: contestant.flow.nodes.map((node) => ({ ...node, label: `${hostile}\\N` })),
          edges: contestant.flow.edges.map((edge) => ({ ...edge, label: `${hostile}\\E` })),
        },
      })),
      scenarios: results.scenarios.map((scenario) => ({
        ...scenario,
        title: hostile,
        about: hostile,
        results: Object.fromEntries(
          Object.entries(scenario.results).map(([, result], at) => [
            `${hostile}${at}`,
            { ...result, laws: [{ law: hostile, held: false, violations: 1, examples: [hostile] }] },
          ]),
        ),
        sameOutcome: { held: false, differing: 1, examples: [hostile] },
        comparison: scenario.comparison.map((comparison) => ({ ...comparison, metric: hostile, a: hostile })),
      })),
      listeners: results.listeners.map((finding) => ({ ...finding, message: hostile, producer: hostile })),
      figures: results.figures.map((figure) => ({ ...figure, figure: hostile, source: hostile })),
    }))

  it('is text in HTML, nothing more', async () => {
    const page = await renderHtml(poisoned())
    expect(page).not.toMatch(/<script|<img/i)
    expect(page.match(/<\/style>/g)?.length).toBe(1)
    expect(page).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('is text in Markdown: no row of a table gains a cell', () => {
    const markdown = renderMarkdown(poisoned())
    expect(markdown.replaceAll(/(`{3,})\n[\s\S]*?\n\1/g, '')).not.toMatch(/<script|<img/i)
    const tables = markdown.match(/(?:^\|.*\n)+/gm) ?? []
    expect(tables.length).toBeGreaterThan(5)
    for (const table of tables) {
      const cells = table
        .trimEnd()
        .split('\n')
        .map((row) => row.match(/(?<!\\)\|/g)?.length)
      expect(new Set(cells).size).toBe(1)
    }
  })

  it('survives names that objects already have', async () => {
    const renamed = fixtureResults(['steady'], (results) => ({
      ...results,
      scenarios: results.scenarios.map((scenario) => ({
        ...scenario,
        comparison: scenario.comparison.map((comparison) => ({
          ...comparison,
          metric: 'constructor',
          a: '__proto__',
        })),
      })),
      listeners: results.listeners.map((finding) => ({ ...finding, contestant: 'toString' })),
    }))
    for (const text of await renderAll(renamed)) expect(text).not.toContain('native code')
  })
})

describe('results at the edge', () => {
  const zero = { n: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 }
  const cases: readonly { name: string; change: (results: Results) => Results; says: string }[] = [
    {
      name: 'no scenario',
      change: (results) => ({ ...results, scenarios: [] }),
      says: 'No scenario was run.',
    },
    {
      name: 'no listener experiment',
      change: (results) => ({ ...results, listeners: [] }),
      says: 'The experiment was not run.',
    },
    {
      name: 'one contestant only',
      change: (results) => ({
        ...results,
        contestants: results.contestants.slice(2),
        coupling: {},
        listeners: [],
        scenarios: results.scenarios.map((scenario) => ({
          ...scenario,
          results: Object.fromEntries(Object.entries(scenario.results).slice(2)),
          comparison: [],
        })),
      }),
      says: 'nothing to compare',
    },
    {
      name: 'costs of nine digits',
      change: eachResult((result) => ({
        ...result,
        cost: {
          usdPerMillionOrders: 987_654_321.5,
          lines: result.cost.lines.map((line) => ({ ...line, usdPerMillionOrders: 987_654_321.5 })),
        },
      })),
      says: '$987,654,322',
    },
    {
      name: 'costs of nothing',
      change: eachResult((result) => ({ ...result, cost: { usdPerMillionOrders: 0, lines: [] } })),
      says: '$0.00',
    },
    {
      name: 'no order finished',
      change: eachResult((result) => ({
        ...result,
        outcomes: { fulfilled: 0, rejected: 0, stuck: result.orders, inconsistent: 0 },
        latencyMs: { acceptance: zero, recorded: zero, completion: zero, coordination: zero },
        completionCurve: [],
        chainDepth: { n: 0, p50: 0, max: 0 },
      })),
      says: '2,000 orders stuck',
    },
    {
      name: 'no order at all',
      change: eachResult((result) => ({
        ...result,
        orders: 0,
        outcomes: { fulfilled: 0, rejected: 0, stuck: 0, inconsistent: 0 },
        latencyMs: { acceptance: zero, recorded: zero, completion: zero, coordination: zero },
        completionCurve: [],
        laws: [],
      })),
      says: 'not checked',
    },
    {
      name: 'a curve of zeros that never rises',
      change: eachResult((result) => ({
        ...result,
        completionCurve: [
          [0, 0],
          [50, 0],
          [99, 0],
          [100, 0],
        ],
      })),
      says: 'Latency by percentile',
    },
    {
      name: 'flows without nodes, and edges to nowhere',
      change: (results) => ({
        ...results,
        contestants: results.contestants.map((contestant, at) => ({
          ...contestant,
          flow: {
            nodes: at === 0 ? [] : contestant.flow.nodes,
            edges: [{ from: 'nowhere', to: 'start', label: '', kind: 'next' as const }],
          },
        })),
      }),
      says: 'Its definition was not given.',
    },
  ]

  it.each(cases)('$name: is reported without NaN, undefined or Infinity', async ({ change, says }) => {
    const texts = await renderAll(fixtureResults(['steady', 'crash'], change))
    for (const text of texts) expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
    expect(texts.join('\n')).toContain(says)
  })
})

describe('the headline table', () => {
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true })
  const resultChange = fc.record({
    p50: amount,
    p99: amount,
    acceptance: amount,
    usd: amount,
    fulfilled: fc.nat(),
    rejected: fc.nat(),
    stuck: fc.nat(),
    inconsistent: fc.nat(),
  })

  it('prints no number that is not in the results', () => {
    fc.assert(
      fc.property(resultChange, (figures) => {
        const { p50, p99, acceptance, usd, ...outcomes } = figures
        const markdown = renderMarkdown(
          fixtureResults(
            ['steady'],
            eachResult((result) => ({
              ...result,
              outcomes,
              latencyMs: {
                ...result.latencyMs,
                completion: { ...result.latencyMs.completion, p50, p99 },
                acceptance: { ...result.latencyMs.acceptance, p50: acceptance },
              },
              cost: { ...result.cost, usdPerMillionOrders: usd },
            })),
          ),
        )
        const given = [p50, p99, acceptance, usd, ...Object.values(outcomes)]
        for (const cells of headlineCells(markdown)) expectPrinted(cells, given)
      }),
      { numRuns: 60 },
    )
  })

  const headlineCells = (markdown: string): readonly (readonly string[])[] => {
    const after = markdown.slice(markdown.indexOf('**Headline figures'))
    const rows = after.split('\n').filter((line) => line.startsWith('|'))
    return rows.slice(2, 5).map((row) =>
      row
        .split('|')
        .slice(3, -1)
        .map((cell) => cell.trim()),
    )
  }

  /** Each cell is a given number, in its place, to the digits that are printed. */
  const expectPrinted = (cells: readonly string[], given: readonly number[]) => {
    const order = [0, 1, 2, 3, 4, 5, 6, 7]
    expect(cells.length).toBe(order.length)
    for (const at of order) {
      const cell = cells[at] ?? ''
      const value = given[at] ?? Number.NaN
      if (cell === '&lt;$0.0001') expect(value).toBeLessThan(0.0001)
      else {
        const decimals = cell.split('.')[1]?.length ?? 0
        const printed = Number(cell.replace(/[$,]/g, ''))
        expect(Math.abs(printed - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals * 1.001 + value * 1e-12)
      }
    }
  }
})
