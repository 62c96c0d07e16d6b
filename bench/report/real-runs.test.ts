import { describe, expect, it } from 'vitest'
import type { Results } from '../results.ts'
import { fixtureResults } from './fixture.testing.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import { renderTerminal } from './terminal.ts'

const ofRuntime = (runtime: Results['run']['runtime']): Results =>
  fixtureResults(['steady', 'refusals'], (results) => ({
    ...results,
    run: { ...results.run, runtime, tag: 't4g', startedAt: '2026-11-25T20:00:00.000Z' },
    figures: results.figures.filter(({ figure }) => !figure.startsWith('latency')),
  }))

const media: readonly { medium: string; render: (results: Results) => string | Promise<string> }[] = [
  { medium: 'text', render: (results) => renderTerminal(results, { colour: false }) },
  { medium: 'Markdown', render: renderMarkdown },
  { medium: 'HTML', render: renderHtml },
]

const linesWith = (text: string, word: RegExp): readonly string[] =>
  text.split('\n').filter((line) => word.test(line))

describe.each(media)('a report in $medium', ({ medium, render }) => {
  it('of an emulator says that its times and amounts are not comparable', async () => {
    expect(await render(ofRuntime('emulator'))).toContain('not comparable')
  })

  it('of an emulator has no verdict and no ratio', async () => {
    const text = await render(ofRuntime('emulator'))
    expect(text).not.toMatch(/is lower|95% interval|as much as|no difference between|cheaper than|\d×/)
  })

  it('of an emulator bears no other label', async () => {
    const text = await render(ofRuntime('emulator'))
    expect(text).toContain('emulated')
    expect(text).not.toContain('measured on AWS')
    expect(linesWith(text, /\(simulated|>simulated</)).toEqual([])
  })

  it('of AWS bears no other label, and has its verdicts', async () => {
    const text = await render(ofRuntime('aws'))
    expect(text).toContain('measured on AWS')
    expect(text).not.toMatch(/emulated|not comparable/)
    expect(linesWith(text, /\(simulated|>simulated</)).toEqual([])
    expect(text).toMatch(medium === 'text' ? /lower/ : /is lower/)
  })

  it('of a real run claims nothing of what it cannot see', async () => {
    for (const runtime of ['emulator', 'aws'] as const)
      expect(await render(ofRuntime(runtime))).not.toMatch(
        /no rule matched: none|a throttled call|a dead-lettered message:/i,
      )
  })
})

describe('the reliability counts of a real run', () => {
  it.each(['emulator', 'aws'] as const)('of %s have no number for what is not observed', (runtime) => {
    const text = renderMarkdown(ofRuntime(runtime))
    const from = text.indexOf('## Reliability counts')
    const row = linesWith(text.slice(from), /^\| .*orchestrated-direct/)[0] ?? ''
    expect(row.match(/ – /g)).toHaveLength(5)
  })
})

describe('the limits of a real run', () => {
  it.each(['emulator', 'aws'] as const)('of %s say what is not observed', (runtime) => {
    const text = renderMarkdown(ofRuntime(runtime))
    expect(text).toMatch(/in no figure: events that no rule matched, calls that a quota held up/)
    expect(text).toMatch(/what the stacks cost as they stand/)
    expect(text.match(/cannot see it, and none of it is in any amount/g)).toHaveLength(2)
  })

  it('of AWS say between which clocks a time was taken', () => {
    expect(renderMarkdown(ofRuntime('aws'))).toMatch(/what the clocks differ by is in them/)
  })

  it('of the virtual AWS say nothing of it, since it sees all', () => {
    expect(renderMarkdown(fixtureResults())).not.toMatch(/in no figure|clocks differ|in any amount/)
  })
})

describe('the figures of a real run', () => {
  it('list what went in, and no latency', () => {
    const text = renderMarkdown(ofRuntime('aws'))
    expect(text).toContain('latencies are those of the run itself')
    expect(text).not.toMatch(/^\| latenc/m)
  })
})

describe('a run in the virtual AWS with observed latencies', () => {
  const withLatencies = (runtime: 'emulator' | 'aws') =>
    fixtureResults(['steady'], (results) => ({
      ...results,
      run: {
        ...results.run,
        latencies: { run: '1f2e3d', runtime, region: 'eu-west-1', hops: ['sqs.deliver'] },
      },
    }))

  it.each(media)('names the run that they are from in $medium', async ({ render }) => {
    expect(await render(withLatencies('aws'))).toContain('observed in run 1f2e3d on AWS, eu-west-1')
  })

  it.each(media)('says in $medium when that was an emulator', async ({ render }) => {
    expect(await render(withLatencies('emulator'))).toMatch(/emulated: observed in run 1f2e3d on an emulator/)
  })
})
