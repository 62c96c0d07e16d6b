import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../infra/cli/program.ts'
import { dressedAsLive } from './calibration/live-results.testing.ts'
import { documents, ovc } from './documents.testing.ts'
import { resultsSchema } from './results.ts'

const folder = mkdtempSync(join(tmpdir(), 'ovc-docs-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the commands that the documents show', () => {
  const commands = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
      block
        .trim()
        .split('\n')
        .map((line) => ({ file, line })),
    ),
  )
  /** Run by the continuous integration as they stand. */
  const known = ['npm ci', 'npm test', 'npm run check', 'npm ci && npm run compare']
  /** Made by others, and of no use without an account; and one that waits for Ctrl-C, which tests of its own press. */
  const others = ['npx cdk bootstrap', 'npm run emulator']
  const isDeployment = (line: string): boolean => /^npm run (deploy|destroy)\b/.test(line)
  const isReal = (line: string): boolean => /--target (aws|endpoint)\b/.test(line) && line.includes('compare')
  const own = commands.filter(
    ({ line }) => ![...known, ...others].includes(line) && !isDeployment(line) && !isReal(line),
  )

  const execution = {
    id: 'one',
    definition: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 5, End: true } } },
    withHistory: true,
  }
  const match = {
    id: 'one',
    pattern: { 'detail-type': ['OrderCreated'] },
    event: { 'detail-type': 'OrderCreated' },
  }

  beforeAll(async () => {
    await ovc(['compare', '--count', '40', '--rate', '1', '--scenario', 'steady', '--out', 'results'], folder)
    const file = join(folder, 'results', 'results.json')
    const live = dressedAsLive(resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))
    writeFileSync(file, JSON.stringify(live))
  })

  it.each(own)('$line', async ({ line }) => {
    const words = line.replace(/^npm run compare --/, 'npm run -s ovc -- compare').split(' ')
    expect(words.slice(0, 5).join(' ')).toMatch(/^npm run -s ovc --/)
    writeFileSync(
      join(folder, 'orders.csv'),
      'order_id,ts,kind,customer_id,country,lines,units,amount_gbp\n536365,2010-12-01T08:26:00,order,17850,United Kingdom,7,40,139.12\n',
    )
    writeFileSync(join(folder, 'executions.jsonl'), `${JSON.stringify(execution)}\n`)
    writeFileSync(join(folder, 'events.jsonl'), `${JSON.stringify(match)}\n`.repeat(5))
    const takesOrders = !['--help', '--batch', 'contract', 'calibrate', '--validate', 'explore'].some(
      (word) => words.includes(word),
    )
    const short = [
      ...(takesOrders ? ['--count', '5'] : []),
      ...(takesOrders && words.includes('compare') ? ['--out', join(folder, 'out')] : []),
    ]
    const { stdout } = await ovc([...words.slice(5), ...short], folder)
    expect(stdout.length).toBeGreaterThan(100)
  })

  it.each(commands.filter(({ line }) => isDeployment(line)))(
    '$line, as far as words go',
    async ({ line }) => {
      const told = { out: '', error: '' }
      const exitCode = await runProgram(
        [
          ...line
            .split(' ')
            .slice(2)
            .filter((word) => word !== '--'),
          '--dry-run',
        ],
        {
          out: (text) => {
            told.out += text
          },
          error: (text) => {
            told.error += text
          },
          regionOf: () => Promise.resolve(undefined),
          stopExecutions: () => Promise.reject(new Error('Nothing is to be stopped.')),
          cdk: () => Promise.reject(new Error('Nothing is to be run.')),
        },
      )
      expect({ exitCode, error: told.error }).toEqual({ exitCode: 0, error: '' })
      expect(told.out).toContain('Runs: npx cdk ')
    },
  )

  it.each(commands.filter(({ line }) => isReal(line)))('$line, up to the door', async ({ line }) => {
    const words = line.replace(/^npm run compare --/, 'compare').split(' ')
    const refused = await ovc([...words, '--out', join(folder, 'out')], folder, {
      ...process.env,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: 'eu-central-1',
    }).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/ovc: (Nothing answers at|No AWS credentials were found)/),
    })
  })

  it('are among those that are known or run', () => {
    expect(own.length).toBeGreaterThan(0)
  })
})
