import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compareCommand } from './compare.ts'
import { explainCommand } from './explain.ts'
import { explainLine, type RunOptions, sizedForScenarios, workloadOf } from './run-options.ts'

const folder = mkdtempSync(join(tmpdir(), "ovc explain's-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const trace = join(folder, 'orders.csv')
const head = 'order_id,ts,kind,customer_id,country,lines,units,amount_gbp'
writeFileSync(
  trace,
  `${head}\n${[1, 2, 3, 4].map((id) => `${id},2010-12-01T08:2${id}:00,order,17850,France,2,3,9.12\n`).join('')}`,
)

/** What a command makes of its words, without doing it. */
const parsed = (command: ReturnType<typeof compareCommand>, words: readonly string[]) => {
  let options: (RunOptions & { readonly order?: string; readonly latency?: string }) | undefined
  command
    .exitOverride()
    .action((given) => {
      options = given
    })
    .parse([...words], { from: 'user' })
  if (options === undefined) throw new Error('Nothing was parsed.')
  return sizedForScenarios(options)
}

/** As a shell takes a line apart. */
const wordsOf = (line: string): readonly string[] =>
  execFileSync('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)

describe('the command that shows an order of a run', () => {
  it.each([
    { name: 'of every scenario', words: ['--scenario', 'all'] },
    { name: 'of a recovery', words: ['--scenario', 'poison', '--recover'] },
    { name: 'of so many orders', words: ['--count', '40', '--rate', '1.5', '--seed', '7'] },
    { name: 'of a trace', words: ['--orders', trace, '--count', '3', '--time-scale', '2.5'] },
    { name: 'in shards', words: ['--count', '40', '--shards', '4', '--seed', '9'] },
    { name: 'in another Region', words: ['--count', '5', '--region', 'eu-west-1'] },
    { name: 'of a run with observed latencies', words: ['--count', '5', '--latency', 'latencies.json'] },
    { name: 'of some contestants', words: ['--count', '5', '--contestant', 'choreographed', 'orchestrated'] },
  ])('runs the same orders again: those $name', ({ words }) => {
    const asked = parsed(compareCommand(), words)
    const line = explainLine(asked, 'rule-disabled', 'order-000003')
    const [npm, run, quiet, ovc, dashes, explain, ...rest] = wordsOf(line)
    expect([npm, run, quiet, ovc, dashes, explain]).toEqual(['npm', 'run', '-s', 'ovc', '--', 'explain'])
    const shown = parsed(explainCommand(), rest)
    expect(shown.scenario).toEqual(['rule-disabled'])
    expect(shown.order).toBe('order-000003')
    for (const option of ['seed', 'region', 'contestant', 'latency'] as const)
      expect(shown[option]).toEqual(asked[option])
    expect(workloadOf(shown)).toEqual(workloadOf(asked))
  })
})
