import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type Results, resultsSchema } from '../results.ts'
import { conclude } from './compare.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'ovc-e2e-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ovc = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(process.execPath, ['--import', 'tsx', 'bench/cli/ovc.ts', ...words], {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env },
    maxBuffer: 64 * 1024 * 1024,
  })
const resultsIn = (name: string): Results =>
  resultsSchema.parse(JSON.parse(readFileSync(join(folder, name, 'results.json'), 'utf8')))

describe('compare', () => {
  const small = ['--count', '40', '--seed', '7']
  let stdout = ''
  beforeAll(async () => {
    const ended = await ovc(['compare', ...small, '--out', join(folder, 'first')], { TZ: 'UTC', LANG: 'C' })
    stdout = ended.stdout
  })

  it('writes three files, prints the table, and names what it wrote', () => {
    expect(readdirSync(join(folder, 'first')).toSorted()).toEqual([
      'report.html',
      'report.md',
      'results.json',
    ])
    expect(stdout).toContain('simulated: 40 orders of built-in, seed 7, us-east-1')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^Written: .*results\.json.*report\.md.*report\.html$/,
    )
  })

  it('accounts for every order in each contestant under each scenario', () => {
    const { scenarios } = resultsIn('first')
    expect(scenarios).toHaveLength(7)
    for (const { results } of scenarios) {
      expect(Object.keys(results)).toEqual(['orchestrated', 'orchestrated-direct', 'choreographed'])
      for (const { orders, outcomes, latencyMs } of Object.values(results)) {
        expect(orders).toBe(40)
        expect(outcomes.fulfilled + outcomes.rejected).toBe(40)
        expect(latencyMs.completion.n).toBe(40)
      }
    }
  })

  it('writes the same bytes for the same seed but for the wall-clock time, whatever TZ and LANG', async () => {
    const other = { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
    await ovc(['compare', ...small, '--out', join(folder, 'second')], other)
    const bytes = (name: string, file: string) =>
      readFileSync(join(folder, name, file), 'utf8').replace(/"wallMs": \d+/, '"wallMs": 0')
    for (const file of ['results.json', 'report.md', 'report.html'])
      expect(bytes('second', file)).toBe(bytes('first', file))
  })

  it('gives other results for another seed', async () => {
    const words = ['--count', '40', '--seed', '8', '--scenario', 'steady', '--contestant', 'choreographed']
    await ovc(['compare', ...words, '--out', join(folder, 'third')])
    const [first, third] = [resultsIn('first'), resultsIn('third')]
    expect(third.run.id).not.toBe(first.run.id)
    expect(third.scenarios[0]?.results['choreographed']?.latencyMs).not.toEqual(
      first.scenarios[0]?.results['choreographed']?.latencyMs,
    )
  })

  it('keeps a timeline by contestant of each order that shows what a fault did', () => {
    const shown = resultsIn('first').scenarios.flatMap((scenario) => scenario.shown ?? [])
    expect(shown.length).toBeGreaterThan(0)
    for (const { timelines = {} } of shown) {
      expect(Object.keys(timelines)).toEqual(['orchestrated', 'orchestrated-direct', 'choreographed'])
      for (const { outcome, entries } of Object.values(timelines)) {
        expect(['fulfilled', 'rejected']).toContain(outcome)
        expect(entries[0]).toMatchObject({ atMs: 0, by: 'caller' })
        expect(entries.at(-1)).toMatchObject({ what: 'on record' })
      }
    }
  })

  it('states a command that repeats it', () => {
    expect(resultsIn('first').run.command).toBe('npm run -s ovc -- compare --count 40 --seed 7')
  })
})

describe('the real trace, of 19,959 orders', () => {
  const trace = process.env['ORDERS_TRACE'] ?? '../shared/orders/uci-online-retail-orders.csv'
  it.skipIf(!existsSync(trace))(
    'is accounted for to the last order, none stuck, none inconsistent, all ended alike',
    { timeout: 240_000 },
    async () => {
      const words = ['--orders', trace, '--time-scale', '1000', '--scenario', 'steady']
      await ovc(['compare', ...words, '--out', join(folder, 'trace')])
      const { run: ran, scenarios } = resultsIn('trace')
      expect(ran.workload.skipped).toEqual({ adjustment: 3, cancellation: 3836, stock_adjustment: 2102 })
      const [scenario] = scenarios
      expect(scenario?.sameOutcome).toEqual({ held: true, differing: 0, examples: [] })
      for (const { orders, outcomes } of Object.values(scenario?.results ?? {})) {
        expect(orders).toBe(19_959)
        expect(outcomes).toEqual({ fulfilled: 19_959, rejected: 0, stuck: 0, inconsistent: 0 })
      }
    },
  )
})

describe('the first thousand orders of the real trace', () => {
  const trace = process.env['ORDERS_TRACE'] ?? '../shared/orders/uci-online-retail-orders.csv'
  it.skipIf(!existsSync(trace))('end alike wherever that is promised, under every scenario', async () => {
    const words = ['--orders', trace, '--time-scale', '1000', '--count', '1000', '--seed', '3']
    await ovc(['compare', ...words, '--out', join(folder, 'thousand')])
    const { scenarios } = resultsIn('thousand')
    expect(scenarios).toHaveLength(7)
    for (const { promises, sameOutcome, results } of scenarios) {
      if (promises === 'sameOutcome') expect(sameOutcome.differing).toBe(0)
      for (const { outcomes } of Object.values(results)) {
        expect(outcomes.fulfilled + outcomes.rejected).toBe(1000)
        expect(outcomes.fulfilled).toBeGreaterThan(100)
      }
    }
  })
})

describe('results.json', () => {
  it('has a JSON Schema in the project, made from the schema that the code reads', async () => {
    const schema = z.toJSONSchema(resultsSchema)
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../results.schema.json')
  })

  it('is valid by that schema, and a result with a field too many is not', () => {
    const validate = new Ajv2020().compile(JSON.parse(readFileSync('bench/results.schema.json', 'utf8')))
    const results = JSON.parse(readFileSync(join(folder, 'first', 'results.json'), 'utf8'))
    expect(validate(results)).toBe(true)
    expect(validate({ ...results, extra: 1 })).toBe(false)
  })
})

describe('a broken law or promise', () => {
  it('ends the run with 1 and prints the command that repeats it', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const sound = resultsIn('first')
    const [scenario] = sound.scenarios
    const result = scenario?.results['orchestrated']
    if (scenario === undefined || result === undefined) throw new Error('The run has no first scenario.')
    const law = { law: 'stock is conserved', held: false, violations: 2, examples: ['sku-1', 'sku-2'] }
    const unlawful = {
      ...sound,
      scenarios: [
        { ...scenario, results: { ...scenario.results, orchestrated: { ...result, laws: [law] } } },
      ],
    }
    const differing = {
      ...sound,
      scenarios: [{ ...scenario, sameOutcome: { held: false, differing: 1, examples: ['order-000003'] } }],
    }
    expect(conclude(sound)).toBe(0)
    expect(written).not.toHaveBeenCalled()
    expect(conclude(unlawful)).toBe(1)
    expect(written.mock.lastCall?.[0]).toMatch(
      /steady, orchestrated: broken 2 times: stock is conserved \(sku-1, sku-2\)\nRepeat with: npm run .*--seed 7/,
    )
    expect(conclude(differing)).toBe(1)
    expect(written.mock.lastCall?.[0]).toMatch(/1 orders? end.*order-000003/)
    written.mockRestore()
  })
})

describe('explain', () => {
  it('tells what happened to one order, and to no other, in each contestant', async () => {
    const { stdout } = await ovc([
      'explain',
      '--order',
      'order-000002',
      '--count',
      '20',
      '--scenario',
      'crash',
    ])
    expect(stdout.match(/^order-000002, crash, /gm)).toHaveLength(3)
    expect(stdout).toMatch(
      /^crash: .*\n(?: {2}.*\n)+ {2}order-000002 comes [\d.]+ s after the run began; .*\n\n/,
    )
    expect(stdout).toMatch(/OrderFlow +transition ProcessPayment/)
    expect(stdout).toContain('InventoryOnOrderCreatedFunction')
    expect(stdout).not.toMatch(/order-0000(?!02)/)
    // What names the order by a token or a receipt handle only.
    expect(stdout).toMatch(/SendTaskSuccess OrderFlow\s+OrderCreated/)
    expect(stdout).toMatch(/CreateOrderMapping\s+DeleteMessageBatch CreateOrderQueue/)
  })

  it('draws what happened as a sequence diagram when asked to', async () => {
    const words = ['--order', 'order-000002', '--count', '20', '--contestant', 'choreographed', '--mermaid']
    const { stdout } = await ovc(['explain', ...words])
    expect(stdout).toMatch(/^order-000002, steady, choreographed .*\n\n```mermaid\nsequenceDiagram\n/m)
    expect(stdout).toMatch(/caller->>OrderOnCreateOrderQueue: CreateOrder/)
  })
})
