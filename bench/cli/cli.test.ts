import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from './cli.ts'

const header = 'order_id,ts,kind,customer_id,country,lines,units,amount_gbp'
const good = '536365,2010-12-01T08:26:00,order,17850,United Kingdom,7,40,139.12'

const schedule = '{"seed":1,"count":1,"ratePerSecond":5,"orders":[1],"world":{},"faults":[]}'

let folder = ''
let stderr = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ovc-'))
  stderr = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text)
    return true
  })
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = 0
  rmSync(folder, { recursive: true, force: true })
})

const file = (text: string): string => {
  const path = join(folder, 'orders.csv')
  writeFileSync(path, text)
  return path
}

describe('bad input is one line that says what, where and what was expected, exit 2, and nothing written', () => {
  const cases: readonly { name: string; words: () => readonly string[]; says: readonly RegExp[] }[] = [
    {
      name: 'a missing file',
      words: () => ['--orders', join(folder, 'none.csv')],
      says: [/none\.csv/, /there is none/],
    },
    { name: 'a folder as file', words: () => ['--orders', folder], says: [/no file/] },
    { name: 'an empty file', words: () => ['--orders', file('')], says: [/orders\.csv/, /empty|header/] },
    {
      name: 'a wrong header',
      words: () => ['--orders', file(`id,when\n${good}\n`)],
      says: [/line 1/, /order_id,ts/],
    },
    {
      name: 'a bad number',
      words: () => ['--orders', file(`${header}\n${good.replace(',7,', ',seven,')}\n`)],
      says: [/line 2/, /lines/, /seven/],
    },
    {
      name: 'a bad amount',
      words: () => ['--orders', file(`${header}\n${good.replace('139.12', '139.123')}\n`)],
      says: [/line 2/, /amount_gbp/, /139\.123/],
    },
    {
      name: 'a bad time',
      words: () => ['--orders', file(`${header}\n${good.replace('2010-12-01', '2010-02-30')}\n`)],
      says: [/line 2/, /ts/, /2010-02-30/],
    },
    {
      name: 'a short line',
      words: () => ['--orders', file(`${header}\n${good}\n536366,2010\n`)],
      says: [/line 3/],
    },
    {
      name: 'a duplicate order id',
      words: () => ['--orders', file(`${header}\n${good}\n${good}\n`)],
      says: [/line 3/, /536365/],
    },
    {
      name: 'an id that cannot name an execution',
      words: () => ['--orders', file(`${header}\n${good.replace('536365', 'a/b')}\n`)],
      says: [/line 2/, /order_id/, /a\/b/],
    },
    { name: 'no order at all', words: () => ['--orders', file(`${header}\n`)], says: [/at least one/] },
    { name: 'an unknown scenario', words: () => ['--scenario', 'calm'], says: [/calm/, /steady/] },
    { name: 'an unknown contestant', words: () => ['--contestant', 'both'], says: [/both/, /choreographed/] },
    { name: 'an unknown region', words: () => ['--region', 'moon-1'], says: [/moon-1/, /us-east-1/] },
    { name: 'a negative count', words: () => ['--count', '-3'], says: [/count/] },
    { name: 'a fractional count', words: () => ['--count', '1.5'], says: [/count/, /1\.5/] },
    { name: 'a count of nothing', words: () => ['--count', '0'], says: [/count/, /at least 1/] },
    { name: 'a rate above quota', words: () => ['--rate', '6'], says: [/rate/, /at most 5/] },
    { name: 'a seed that is no number', words: () => ['--seed', 'x'], says: [/seed/] },
    {
      name: 'a time scale without a trace',
      words: () => ['--time-scale', '10'],
      says: [/time-scale/, /--orders/],
    },
    {
      name: 'a rate with a trace',
      words: () => ['--orders', file(`${header}\n${good}\n`), '--rate', '1'],
      says: [/rate/],
    },
    {
      name: 'more orders than fit',
      words: () => ['--count', '50000000'],
      says: [/count/, /at most 1000000/],
    },
    {
      name: 'a recovery of more orders than executions are kept',
      words: () => ['--recover', '--count', '1001'],
      says: [/--recover/, /at most 1000/, /1001/],
    },
    {
      name: 'a recovery on a real target',
      words: () => ['--recover', '--target', 'endpoint', '--endpoint', 'http://127.0.0.1:4566'],
      says: [/--recover/, /--target virtual/],
    },
    {
      name: 'a seed that would repeat another',
      words: () => ['--seed', '4294967296'],
      says: [/seed/, /4294967295/],
    },
    {
      name: 'a country longer than any',
      words: () => ['--orders', file(`${header}\n${good.replace('United Kingdom', 'x'.repeat(300))}\n`)],
      says: [/line 2/, /country/, /100 characters/],
    },
    {
      name: 'a customer longer than any',
      words: () => ['--orders', file(`${header}\n${good.replace('17850', '1'.repeat(300))}\n`)],
      says: [/line 2/, /customer_id/],
    },
    {
      name: 'a kind that breaks the line',
      words: () => [
        '--orders',
        file(`${header}\n${good}\n${good.replace('order', '"x\ny"').replace('536365', '7')}\n`),
      ],
      says: [/kind/],
    },
    {
      name: 'a file that is not UTF-8',
      words: () => {
        const path = join(folder, 'orders.csv')
        writeFileSync(path, Buffer.from(`${header}\n${good.replace('536365', 'é')}\n`, 'latin1'))
        return ['--orders', path]
      },
      says: [/UTF-8/],
    },
    {
      name: 'an output folder without a name',
      words: () => ['--count', '1', '--out', ''],
      says: [/--out/, /empty/],
    },
    {
      name: 'an output file that is a folder',
      words: () => {
        mkdirSync(join(folder, 'taken', 'report.md'), { recursive: true })
        return ['--count', '1', '--out', join(folder, 'taken')]
      },
      says: [/--out/, /report\.md is no file/],
    },
    { name: 'an unknown option', words: () => ['--fast'], says: [/--fast/] },
    { name: 'a word too many', words: () => ['now'], says: [/argument/] },
    {
      name: 'an output folder that is a file',
      words: () => ['--count', '1', '--out', file('kept')],
      says: [/--out/, /orders\.csv/],
    },
    {
      name: 'an output folder that cannot be made',
      words: () => ['--count', '1', '--out', '/proc/none'],
      says: [/--out/, /proc/],
    },
  ]
  it.each(cases)('$name', async ({ words, says }) => {
    const given = words()
    const before = readdirSync(folder)
    const withOut = given.includes('--out') ? given : [...given, '--out', join(folder, 'out')]
    expect(await runCli(['compare', ...withOut])).toBe(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    for (const said of says) expect(stderr).toMatch(said)
    expect(readdirSync(folder)).toEqual(before)
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })

  it.each([
    { name: 'a folder as the file of a speed run', out: () => folder, says: /is a folder/ },
    { name: 'no name for the file of a speed run', out: () => '', says: /empty/ },
    { name: 'a file of a speed run that cannot be made', out: () => '/proc/none/speed.json', says: /proc/ },
  ])('$name', async ({ out, says }) => {
    expect(await runCli(['speed', '--quick', '--out', out()])).toBe(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/--out/)
    expect(stderr).toMatch(says)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    { name: 'no run', words: ['--runs', '0'], says: /runs.*at least 1/ },
    { name: 'no fault', words: ['--faults', '0'], says: /faults.*at least 1/ },
    { name: 'half a run', words: ['--runs', '1.5'], says: /runs.*whole number/ },
    { name: 'more runs than anybody waits for', words: ['--runs', '1000001'], says: /runs.*1000000/ },
    { name: 'more faults than a schedule takes', words: ['--faults', '21'], says: /faults.*20/ },
    { name: 'a seed that would repeat another', words: ['--seed', '4294967296'], says: /seed/ },
    { name: 'a schedule that is none', words: ['--replay', '{"seed":1}'], says: /--replay: expected count/ },
    {
      name: 'a schedule of two lines',
      words: ['--replay', 'one\ntwo'],
      says: /--replay: expected a schedule/,
    },
    {
      name: 'a schedule among random ones',
      words: ['--replay', schedule, '--runs', '5'],
      says: /--replay.*--runs/,
    },
    {
      name: 'a schedule that nobody promised to survive',
      words: ['--replay', schedule.replace('"faults":[]', '"faults":[{"kind":"nobody-listens"}]')],
      says: /faults\[0\]\.kind.*nobody-listens/,
    },
    { name: 'a contestant that there is not', words: ['--contestant', 'both'], says: /both/ },
  ])('of an exploration: $name', async ({ words, says }) => {
    expect(await runCli(['explore', ...words])).toBe(2)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(says)
  })

  it('an unknown command', async () => {
    expect(await runCli(['compete'])).toBe(2)
    expect(stderr).toMatch(/compete/)
  })

  it('an order that the workload does not have', async () => {
    expect(await runCli(['explain', '--order', 'order-9', '--count', '3'])).toBe(2)
    expect(stderr).toMatch(/order-9.*order-000001/)
  })
})

describe('help', () => {
  it.each([
    [['--help']],
    [['compare', '--help']],
    [['explain', '--help']],
    [['explore', '--help']],
    [[]],
    [['--version']],
  ])('%j exits 0', async (words: readonly string[]) => {
    expect(await runCli(words)).toBe(0)
    expect(stderr).toBe('')
  })
})
