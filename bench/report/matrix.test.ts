import { describe, expect, it } from 'vitest'
import type { Results } from '../results.ts'
import { disturbedResults, recoveredTo, type Told, threeFaults } from './effects.testing.ts'
import { fixtureResults } from './fixture.testing.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'

const title = 'What breaks, who notices, what is lost'

/** The cells of a row of the first or the second table of the section, as Markdown has them. */
const cellsOf = (results: Results, scenario: string, table: 0 | 1 = 0): readonly string[] => {
  const text = renderMarkdown(results)
  const section = text.slice(text.indexOf(`## ${title}`)).split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith(`| ${scenario}`))
  return (rows[table] ?? '').split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim())
}

const cellOf = (told: Told, table: 0 | 1 = 0): string =>
  cellsOf(disturbedResults({ crash: [told, {}, {}] }), 'crash', table)[1] ?? ''

describe('the matrix', () => {
  it.each([
    { medium: 'Markdown', render: renderMarkdown },
    { medium: 'HTML', render: renderHtml },
  ])('is not spoken of in $medium where no fault was held against an undisturbed run', async ({ render }) => {
    const text = await render(fixtureResults(['steady', 'crash']))
    expect(text).not.toContain(title)
    expect(text).not.toContain('Orders that show it')
  })

  it('has a row for each such fault, where the styles differ most first, and says so', () => {
    const text = renderMarkdown(threeFaults())
    expect(text).toContain('where the styles differ most comes first (simulated)')
    const section = text.slice(text.indexOf(`## ${title}`)).split('\n## ')[0] ?? ''
    expect([...section.matchAll(/^\| ([\w-]+)(?:; | +\| (?!-))/gm)].map(([, id]) => id)).toEqual([
      ...['fault', 'rule-disabled', 'poison', 'crash'],
      ...['fault', 'rule-disabled', 'poison', 'crash'],
    ])
  })

  it('stands near the beginning, its orders near the end', () => {
    const titles = [...renderMarkdown(threeFaults()).matchAll(/^## (.*)$/gm)].map(([, name]) => name)
    expect(titles.indexOf(title)).toBe(3)
    expect(titles.indexOf('Orders that show it')).toBe(titles.length - 2)
  })

  it('says of a style what became of orders, who was told, how it recovers and what is to do', () => {
    expect(cellsOf(threeFaults(), 'rule-disabled')).toEqual([
      'rule-disabled; rule-disabled',
      'untouched',
      'untouched',
      'strands 205 orders; page after 45.5 min; never recovers by itself; to do: replay the archive',
      'differ in harm',
    ])
    expect(cellsOf(threeFaults(), 'poison').slice(1)).toEqual([
      '[rejects 14 orders](#poison-order-000023); page after 3.4 h; to do: redrive a queue',
      '[rejects 14 orders](#poison-order-000023); nobody is told',
      '[strands 14 orders](#poison-order-000023); page after 46 min; to do: redrive a queue',
      'differ in harm',
    ])
    expect(cellsOf(threeFaults(), 'crash').at(-1)).toBe('alike')
  })

  it.each<{ name: string; told: Told; says: string }>([
    { name: 'survives', told: { harm: 'survives' }, says: 'survives; nobody is told' },
    { name: 'late orders', told: { harm: 'survives', late: 7 }, says: 'survives, 7 late; nobody is told' },
    {
      name: 'broken orders',
      told: { harm: 'breaks orders', outcomes: { inconsistent: 1 } },
      says: 'breaks 1 order; nobody is told',
    },
    {
      name: 'a ticket before the page',
      told: {
        harm: 'survives',
        detected: { ticket: { alarm: 'A', afterMs: 60_000 }, page: { alarm: 'B', afterMs: 120_000 } },
      },
      says: 'survives; ticket after 60 s, page after 2 min',
    },
    {
      name: 'orders of which no page told',
      told: {
        harm: 'strands orders',
        endedOtherwise: 9,
        untold: 4,
        detected: { ticket: { alarm: 'A', afterMs: 60_000 } },
      },
      says: 'strands 9 orders; ticket after 60 s; 4 orders without a page',
    },
    {
      name: 'what healed by itself',
      told: {
        harm: 'survives',
        recovery: { unaided: { open: 2, ended: 2, recoveredMs: 55_700 }, actions: [] },
      },
      says: 'survives; nobody is told; recovers in 55.7 s',
    },
    {
      name: 'what came of the recovery',
      told: {
        harm: 'strands orders',
        endedOtherwise: 9,
        recovery: {
          actions: [{ action: 'redrive queue', resource: 'Dlq', times: 1, items: 9 }],
          after: {
            outcomes: { fulfilled: 1_991, rejected: 0, stuck: 8, inconsistent: 1 },
            brokenLaws: [],
            left: [],
            traps: [],
          },
        },
      },
      says: 'strands 9 orders; nobody is told; to do: redrive a queue; after that: 8 stuck, 1 inconsistent',
    },
    {
      name: 'stranded orders that were saved',
      told: {
        harm: 'strands orders',
        endedOtherwise: 270,
        fulfilledUndisturbed: 2_000,
        recovery: recoveredTo({ fulfilled: 2_000 }),
      },
      says: 'strands 270 orders; nobody is told; to do: redrive a queue; after that: 270 of 270 fulfilled',
    },
    {
      name: 'rejected orders that nobody can save',
      told: {
        harm: 'rejects orders',
        endedOtherwise: 270,
        fulfilledUndisturbed: 2_000,
        recovery: recoveredTo({ fulfilled: 1_730, rejected: 270 }),
      },
      says: 'rejects 270 orders; nobody is told; to do: redrive a queue; after that: 0 of 270 fulfilled, 270 rejected for good',
    },
    {
      name: 'some saved, some rejected and some left',
      told: {
        harm: 'strands orders',
        endedOtherwise: 10,
        fulfilledUndisturbed: 2_000,
        recovery: recoveredTo({ fulfilled: 1_996, rejected: 3, stuck: 1 }),
      },
      says: 'strands 10 orders; nobody is told; to do: redrive a queue; after that: 6 of 10 fulfilled, 3 rejected for good; 1 stuck, 0 inconsistent',
    },
    {
      name: 'rejected orders for which there is nothing to do',
      told: {
        harm: 'rejects orders',
        endedOtherwise: 9,
        fulfilledUndisturbed: 2_000,
        recovery: { ...recoveredTo({ fulfilled: 1_991, rejected: 9 }), actions: [] },
      },
      says: 'rejects 9 orders; nobody is told; nothing to do: 0 of 9 fulfilled, 9 rejected for good',
    },
    {
      name: 'stranded orders that end rejected, as undisturbed',
      told: {
        harm: 'strands orders',
        endedOtherwise: 9,
        fulfilledUndisturbed: 1_991,
        recovery: recoveredTo({ fulfilled: 1_991, rejected: 9 }),
      },
      says: 'strands 9 orders; nobody is told; to do: redrive a queue; after that: no order stranded',
    },
  ])('tells of $name', ({ told, says }) => {
    expect(cellOf(told)).toBe(says)
  })

  it.each<{ name: string; told: Told; says: string }>([
    { name: 'nothing', told: {}, says: 'untouched' },
    {
      name: 'orders, services and cost',
      told: {
        harm: 'rejects orders',
        endedOtherwise: 100,
        late: 50,
        services: ['payment', 'inventory'],
        extra: { ratio: 1.138, ci95: [1.12, 1.16], verdict: 'dearer', invocations: 8_400 },
      },
      says: '100 otherwise, 50 late (7.5% of orders); 2 of 5: payment, inventory; cost 1.138× (1.120–1.160), +8,400 invocations',
    },
    {
      name: 'every service, and a cost that is lower',
      told: {
        harm: 'survives',
        services: ['order', 'inventory', 'payment', 'shipping', 'notification'],
        extra: { ratio: 0.246, ci95: [0.148, 0.352], verdict: 'cheaper' },
      },
      says: 'no order; all 5 services; cost 0.246× (0.148–0.352)',
    },
    {
      name: 'a cost that went on when the run was cut off',
      told: {
        harm: 'survives',
        extra: { ratio: 28.8, ci95: [26.9, 31.2], verdict: 'dearer', invocations: 8_400, atLeast: true },
      },
      says: 'no order; no service; cost ≥ 28.8× (26.9–31.2), ≥ +8,400 invocations',
    },
    {
      name: 'no cost where orders are stranded',
      told: {
        harm: 'strands orders',
        endedOtherwise: 100,
        services: ['payment'],
        extra: { ratio: 0.246, ci95: [0.148, 0.352], verdict: 'cheaper', invocations: -1_314 },
      },
      says: '100 otherwise (5.0% of orders); 1 of 5: payment; nobody pays for what is not done, −1,314 invocations',
    },
    {
      name: 'a cost that is no difference',
      told: { harm: 'survives', services: ['payment'], extra: { invocations: -3 } },
      says: 'no order; 1 of 5: payment; no difference in cost, −3 invocations',
    },
  ])('says how far a fault reaches and what it costs: $name', ({ told, says }) => {
    expect(cellOf(told, 1)).toBe(says)
  })

  it('of one style alone is in the order of the scenarios, and speaks of no difference', () => {
    const alone = disturbedResults(
      { crash: [{ harm: 'survives' }, {}, {}], poison: [{ harm: 'strands orders' }, {}, {}] },
      {},
      (results) => ({
        ...results,
        scenarios: results.scenarios.map((scenario) => ({
          ...scenario,
          results: { orchestrated: scenario.results['orchestrated'] ?? [] } as typeof scenario.results,
        })),
      }),
    )
    const text = renderMarkdown(alone)
    expect(text).not.toMatch(/the styles \||differ most/)
    expect(cellsOf(alone, 'crash')).toEqual([
      'crash; Handlers die after the save',
      'survives; nobody is told',
    ])
  })
})

describe('the orders that the matrix leads to', () => {
  it('are under a heading of the anchor that the cells lead to', () => {
    expect(renderMarkdown(threeFaults())).toContain('#### poison: order-000023')
  })

  it('have a timeline for each contestant, with what repeats and what failed, in HTML', async () => {
    const text = (await renderHtml(threeFaults())).replaceAll('<wbr>', '')
    const shown = text.slice(text.indexOf('<summary>poison: order-000023'))
    expect(shown).toContain('npm run -s ovc -- explain --scenario poison --order order-000023')
    expect(shown).toContain(
      'order-000023, choreographed (Classic EventBridge bus with SQS queues): stuck, 2 entries (simulated)',
    )
    expect(shown.replaceAll(/<[^>]+>/g, '|')).toMatch(
      /12:00:03\.832\|+ProcessPaymentQueue\|+sqs:ReceiveMessage\|+received again; 200 times, the last one at 12:01:03\.832; ✗ SchemaError\|+200 sqs\.request/,
    )
  })

  it('have their command, their faults and when they came in Markdown, and no timeline', () => {
    const text = renderMarkdown(threeFaults())
    const shown = text.slice(text.indexOf('#### poison: order-000023')).split('\n#### ')[0] ?? ''
    expect(shown).toContain('npm run -s ovc -- explain --scenario poison --order order-000023')
    expect(shown).toContain('- poison\n- the order comes 0:00:31.500 after the run began')
    expect(shown).not.toContain('ProcessPaymentQueue | sqs')
  })

  it('lead back to the row of the matrix', async () => {
    const html = await renderHtml(threeFaults())
    expect(html).toContain('<tr class="anchor" id="row-poison">')
    expect(html.match(/<a href="#row-poison">/g)).toHaveLength(3)
  })

  it('have their command alone where a run keeps no timelines', async () => {
    const text = await renderHtml(threeFaults())
    const shown = text.slice(text.indexOf('<summary>crash: order-000001')).split('</details>')[0] ?? ''
    expect(shown).toContain('npm run -s ovc -- explain --order order-000001')
    expect(shown).toContain('keeps no timelines')
    expect(shown).not.toContain('<table')
  })

  it('are what every link of a cell leads to in HTML, within their fold', async () => {
    const html = await renderHtml(threeFaults())
    const targets = [...html.matchAll(/<span class="line[^"]*"><a href="#([^"]+)"/g)].map(([, to]) => to)
    expect(targets).toHaveLength(6)
    expect(targets.filter((target) => target?.endsWith('--choreographed'))).toHaveLength(1)
    for (const target of targets)
      expect(html).toMatch(
        new RegExp(`<details><summary>(?:(?!</details>)[^])*class="anchor" id="${target}">`),
      )
  })

  it('are told apart where their names make the same anchor', async () => {
    const shown = [
      { order: 'a.b', command: 'one' },
      { order: 'ab', command: 'two' },
    ]
    const told = (order: string): Told => ({ harm: 'survives', shows: order })
    const results = disturbedResults({ crash: [told('a.b'), told('ab'), {}] }, { crash: shown })
    expect(cellsOf(results, 'crash').slice(1, 4).join()).toMatch(/#crash-ab\).*#crash-ab-1\).*#crash-ab\)/)
    const ids = [...(await renderHtml(results)).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('are text, whatever they are called', async () => {
    const hostile = '"><script>alert(1)</script>|](x)'
    const entry = {
      atMs: 0,
      tookMs: 0,
      by: hostile,
      what: hostile,
      detail: hostile,
      billed: hostile,
      error: hostile,
    }
    const told: Told = { harm: 'survives', services: [hostile], shows: hostile }
    const results = disturbedResults(
      { crash: [told, told, told] },
      {
        crash: [
          {
            order: hostile,
            command: hostile,
            timelines: { orchestrated: { outcome: 'stuck', entries: [entry] } },
          },
        ],
      },
    )
    const html = await renderHtml(results)
    expect(html).not.toContain('<script')
    expect(html).toMatch(/href="#crash-[\p{L}\p{N}-]+"/u)
    const markdown = renderMarkdown(results)
    expect(markdown.replaceAll(/(`{3,})\n[\s\S]*?\n\1/g, '')).not.toMatch(/<script|(?<!\\)\]\(x\)/)
  })
})
