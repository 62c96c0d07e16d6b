import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { dressedAsLive } from '../calibration/live-results.testing.ts'
import { type Results, resultsSchema } from '../results.ts'
import { captured } from './captured.testing.ts'
import { runCli } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'ovc-calibrate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const told = captured()

const at = (name: string): string => join(folder, name)
const write = (name: string, value: unknown): string => {
  writeFileSync(at(name), typeof value === 'string' ? value : JSON.stringify(value))
  return at(name)
}
const resultsIn = (name: string): Results =>
  resultsSchema.parse(JSON.parse(readFileSync(join(at(name), 'results.json'), 'utf8')))

const liveResults = async (change: Partial<Results['run']> = {}): Promise<Results> => {
  if (!existsSync(at('base')))
    await runCli(['compare', '--count', '40', '--rate', '1', '--scenario', 'steady', '--out', at('base')])
  return dressedAsLive(resultsIn('base'), change)
}

describe('calibrate', () => {
  it('writes a table, prints it beside the published medians, and says what stays published', async () => {
    const from = write('live.json', await liveResults())
    expect(await runCli(['calibrate', '--from', from, '--out', at('latency.json')])).toBe(0)
    expect(JSON.parse(readFileSync(at('latency.json'), 'utf8'))).toMatchObject({
      kind: 'latency table',
      source: { runtime: 'aws', scenario: 'steady' },
      hops: { 'sqs.deliver': { p50: 12, n: 200 } },
    })
    expect(told.stdout).toMatch(/^sqs\.deliver +200 +12 +20 +60 +12/m)
    expect(told.stdout).toMatch(/lambda\.placement: Lambda reports/)
    expect(told.stdout).toContain('measured on AWS, us-east-1')
  }, 60_000)

  it('makes the folder of the table where it lacks', async () => {
    const from = write('live.json', await liveResults())
    const out = at('new/folder/latency.json')
    expect(await runCli(['calibrate', '--from', from, '--out', out])).toBe(0)
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ kind: 'latency table' })
  })

  it('makes a table that compare draws from and names as the source', async () => {
    const words = ['--count', '20', '--scenario', 'steady', '--latency', at('latency.json')]
    expect(await runCli(['compare', ...words, '--out', at('drawn')])).toBe(0)
    const { run, figures } = resultsIn('drawn')
    expect(run.latencies).toMatchObject({ runtime: 'aws', region: 'us-east-1' })
    expect(run.command).toContain('--latency')
    expect(run.id).not.toBe(resultsIn('base').run.id)
    const row = figures.find(({ figure }) => figure.startsWith('latency sqs.deliver:'))
    expect(row?.source).toMatch(/observed in run .* on AWS, us-east-1/)
    expect(told.stdout).toContain('observed in run')
  }, 60_000)
})

describe('compare --validate', () => {
  it('replays the load and prints predicted against observed, hop by hop and end to end', async () => {
    const from = write('live.json', await liveResults())
    expect(await runCli(['compare', '--validate', from])).toBe(0)
    expect(told.stdout).toContain('steady: hop by hop, all contestants')
    expect(told.stdout).toMatch(/^sqs\.deliver +200 .*1\.0/m)
    expect(told.stdout).toMatch(/^states\.start → queue .* !/m)
    for (const contestant of ['orchestrated', 'orchestrated-direct', 'choreographed'])
      expect(told.stdout).toContain(`steady: ${contestant}\n`)
    expect(told.stdout).toContain('measured on AWS')
  }, 60_000)

  it('says of an emulator that nothing here is of AWS', async () => {
    const from = write('emulated.json', await liveResults({ runtime: 'emulator' }))
    expect(await runCli(['compare', '--validate', from])).toBe(0)
    expect(told.stdout).toMatch(/an emulator's: what follows says nothing of AWS/)
  }, 60_000)
})

describe('bad input is one line that says what, where and what was expected, and exit 2', () => {
  const traced = async () => {
    const results = await liveResults()
    const { ratePerSecond: _, ...workload } = results.run.workload
    return { ...results, run: { ...results.run, workload: { ...workload, source: 'orders.csv' } } }
  }
  const cases: readonly { name: string; words: () => Promise<readonly string[]>; says: RegExp }[] = [
    {
      name: 'a latency table that is not there',
      words: async () => ['compare', '--latency', at('none.json')],
      says: /--latency: .*none\.json does not exist/,
    },
    {
      name: 'a latency table that is no JSON',
      words: async () => ['compare', '--latency', write('bad.json', 'p50: 3')],
      says: /--latency .*bad\.json: expected a latency table.* no JSON/,
    },
    {
      name: 'results in place of a latency table',
      words: async () => ['compare', '--latency', write('live.json', await liveResults())],
      says: /--latency .*live\.json: expected a latency table/,
    },
    {
      name: 'quantiles that fall',
      words: async () => {
        const table = JSON.parse(readFileSync(at('latency.json'), 'utf8'))
        table.hops['sqs.deliver'].p90 = 1
        return ['compare', '--latency', write('falling.json', table)]
      },
      says: /hops\.sqs\.deliver: expected quantiles that rise/,
    },
    {
      name: 'latencies for a real target',
      words: async () => [
        ...['compare', '--target', 'endpoint', '--endpoint', 'http://127.0.0.1:1'],
        ...['--latency', at('latency.json')],
      ],
      says: /--latency: goes with --target virtual/,
    },
    {
      name: 'calibration from the virtual AWS',
      words: async () => ['calibrate', '--from', join(at('base'), 'results.json'), '--out', at('x.json')],
      says: /--from .*results\.json: expected results of a run with --target/,
    },
    {
      name: 'validation of the virtual AWS',
      words: async () => ['compare', '--validate', join(at('base'), 'results.json')],
      says: /--validate .*: expected results of a run with --target/,
    },
    {
      name: 'a load beside that of the file',
      words: async () => ['compare', '--validate', at('live.json'), '--count', '3', '--seed', '2'],
      says: /--validate: .*leave out --count, --seed/,
    },
    {
      name: 'a trace that is not given',
      words: async () => ['compare', '--validate', write('traced.json', await traced())],
      says: /expected the trace orders\.csv that it ran, in --orders, got none/,
    },
    {
      name: 'another trace than was run',
      words: async () => [
        ...['compare', '--validate', write('traced.json', await traced()), '--orders'],
        write(
          'orders.csv',
          'order_id,ts,kind,customer_id,country,lines,units,amount_gbp\n536365,2010-12-01T08:26:00,order,17850,United Kingdom,7,40,139.12\n',
        ),
      ],
      says: /--orders .*orders\.csv: expected the trace that .* ran \(SHA-256 .*\), got another/,
    },
    {
      name: 'a built-in workload that has changed',
      words: async () => {
        const results = await liveResults()
        const workload = { ...results.run.workload, sha256: '0'.repeat(64) }
        return ['compare', '--validate', write('old.json', { ...results, run: { ...results.run, workload } })]
      },
      says: /its built-in workload is not that of this version/,
    },
  ]

  it.each(cases)(
    '$name',
    async ({ words, says }) => {
      expect(await runCli(await words())).toBe(2)
      expect(told.stderr).toMatch(says)
      expect(told.stderr.trim().split('\n')).toHaveLength(1)
    },
    60_000,
  )
})
