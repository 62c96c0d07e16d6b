import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { captured } from './captured.testing.ts'
import { runCli } from './cli.ts'
import { inItsRegion, targetWords } from './live-options.ts'
import { commandLine } from './run-options.ts'

const told = captured()
const folder = mkdtempSync(join(tmpdir(), 'ovc-live-'))
const before = { ...process.env }

/** An AWS configuration of the tests' own, and nobody behind it. */
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  writeFileSync(
    join(folder, 'config'),
    '[default]\nregion = eu-central-1\n[profile far]\nregion = ap-southeast-1\n[profile bare]\noutput = json\n',
  )
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  })
})
afterEach(() => {
  process.env = { ...before }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const twoOrders = ['--count', '2', '--scenario', 'steady']
const given = { timeScale: 1, seed: 1, region: 'us-east-1' } as const
const endpoint = ['--target', 'endpoint', '--endpoint', 'http://127.0.0.1:1']

describe('a run on real stacks is refused before anything is asked of them, exit 2, and nothing written', () => {
  it.each([
    {
      name: 'an endpoint without a target',
      words: ['--endpoint', 'http://127.0.0.1:1'],
      says: /--target endpoint/,
    },
    {
      name: 'a profile without AWS',
      words: [...endpoint, '--profile', 'p'],
      says: /--profile: goes with --target aws/,
    },
    { name: 'an endpoint without an address', words: ['--target', 'endpoint'], says: /expected its address/ },
    {
      name: 'an address that is none',
      words: ['--target', 'endpoint', '--endpoint', 'here'],
      says: /--endpoint: expected an address.*got here/,
    },
    {
      name: 'an address with a path',
      words: ['--target', 'endpoint', '--endpoint', 'http://u:p@127.0.0.1:1/path?x'],
      says: /--endpoint: expected an address without user, path or query, as http:\/\/127\.0\.0\.1:1$/,
    },
    {
      name: 'taking over in the virtual AWS',
      words: ['--take-over'],
      says: /--take-over: goes with --target aws or endpoint/,
    },
    {
      name: 'a yes to what costs nothing',
      words: [...endpoint, '--yes'],
      says: /--yes: goes with --target aws/,
    },
    {
      name: 'waiting in the virtual AWS',
      words: ['--wait', '3'],
      says: /--wait: goes with --target aws or endpoint/,
    },
    { name: 'a target that is none', words: ['--target', 'moon'], says: /virtual, endpoint, aws/ },
    { name: 'shards', words: [...endpoint, '--shards', '2'], says: /--shards: goes with --target virtual/ },
    {
      name: 'orders that come evenly',
      words: [...endpoint, '--arrivals', 'even'],
      says: /--arrivals even: goes with --target virtual/,
    },
    { name: 'waiting for ever', words: [...endpoint, '--wait', '61'], says: /--wait.*at most 60/ },
    {
      name: 'a scenario with faults',
      words: [...endpoint, '--scenario', 'steady', 'crash'],
      says: /--scenario crash: faults are injected in the virtual AWS only.*steady/,
    },
    {
      name: 'too many orders',
      words: [...endpoint, '--count', '10001'],
      says: /--count: .*at most 10000, got 10001/,
    },
    {
      name: 'too many hours',
      words: [...endpoint, '--count', '10000', '--rate', '1'],
      says: /^ovc: 12 runs one after the other may take 34\.\d hours, at most 4: 32\.\d for the orders to come/,
    },
    {
      name: 'too many hours of waiting',
      words: [...endpoint, '--wait', '60'],
      says: /^ovc: 12 runs .* may take 24\.\d hours, at most 4: .* up to 24\.0 of waiting.* --wait$/,
    },
    {
      name: 'a moment more than four hours',
      words: [...endpoint, ...twoOrders, '--contestant', 'orchestrated', 'choreographed', '--wait', '60'],
      says: /^ovc: 2 runs .* may take 4\.1 hours, at most 4/,
    },
    {
      name: 'more than a dollar without a word',
      words: ['--target', 'aws', '--count', '10000', '--rate', '5', '--scenario', 'steady'],
      says: /costs about \$\d+\.\d\d at list prices.*Say --yes to spend more than \$1/,
    },
  ])('$name', async ({ words, says }) => {
    const out = join(folder, 'out')
    expect(await runCli(['compare', ...words, '--out', out])).toBe(2)
    expect(told.stderr.trim().split('\n').at(-1)).toMatch(says)
    expect(existsSync(out)).toBe(false)
  })
})

describe('a run on real stacks', () => {
  const refusal = async (...words: readonly string[]): Promise<string> => {
    const code = await runCli(['compare', ...words, '--out', join(folder, 'out')])
    return `${code} ${told.stderr.trim().split('\n').at(-1)}`
  }

  it('may wait for its orders and its logs as long as four hours hold', async () => {
    const words = [...endpoint, ...twoOrders, '--contestant', 'orchestrated', 'choreographed']
    expect(await refusal(...words, '--wait', '59.9')).toMatch(/^2 ovc: Nothing answers at/)
  })

  it.each([
    { name: 'that of the AWS configuration', region: 'eu-central-1' },
    {
      name: 'that of the environment before it',
      environment: { AWS_REGION: 'eu-west-1' },
      region: 'eu-west-1',
    },
    {
      name: 'the one that is asked for before any other',
      asked: 'us-east-1',
      profile: 'far',
      environment: { AWS_REGION: 'eu-west-1' },
      region: 'us-east-1',
    },
    { name: 'us-east-1 where nothing names one', profile: 'bare', region: 'us-east-1' },
  ])('takes on AWS $name', async ({ asked, profile, environment = {}, region }) => {
    Object.assign(process.env, environment)
    const options = {
      ...given,
      target: 'aws',
      ...(asked === undefined ? {} : { region: asked }),
      ...(profile === undefined ? {} : { profile }),
    } as const
    expect((await inItsRegion(options, asked !== undefined)).region).toBe(region)
  })

  it('says what it costs there', async () => {
    const words = ['--target', 'aws', ...['--count', '10000', '--rate', '5'], '--scenario', 'steady']
    const there = await refusal(...words)
    expect(there).toMatch(/costs about/)
    expect(there).toBe(await refusal(...words, '--region', 'eu-central-1'))
    expect(there).not.toBe(await refusal(...words, '--region', 'us-east-1'))
  })

  it.each([
    { name: 'the profile names', words: ['--profile', 'far'], environment: {} },
    { name: 'the environment names', words: [], environment: { AWS_DEFAULT_REGION: 'ap-southeast-1' } },
  ])('refuses a region that $name and that has no prices or quotas here', async ({ words, environment }) => {
    Object.assign(process.env, environment)
    expect(await refusal('--target', 'aws', ...words)).toBe(
      '2 ovc: --region: your AWS configuration says ap-southeast-1, of which not every price and quota has a source here; expected one of eu-central-1, eu-west-1, us-east-1',
    )
  })

  it('does not ask the AWS configuration for the region of an endpoint', async () => {
    process.env['AWS_REGION'] = 'ap-southeast-1'
    expect(await refusal(...endpoint, ...twoOrders)).toMatch(/^2 ovc: Nothing answers at/)
  })
})

describe('the command that repeats a run', () => {
  it.each([
    { name: 'in the virtual AWS says nothing of it', options: { target: 'virtual' }, words: [] },
    {
      name: 'on AWS names the region, which another machine may be set to otherwise',
      options: { target: 'aws', profile: 'bench' },
      words: ['--target', 'aws', '--profile', 'bench', '--region', 'us-east-1'],
    },
    {
      name: 'on an endpoint names its address, and how long it waited',
      options: { target: 'endpoint', endpoint: 'http://127.0.0.1:1', wait: 7 },
      words: ['--target', 'endpoint', '--endpoint', 'http://127.0.0.1:1', '--wait', '7'],
    },
  ] as const)('$name', ({ options, words }) => {
    expect(targetWords({ ...given, ...options })).toEqual(words)
  })

  it('names a region once where it is not the default', () => {
    const options = { ...given, target: 'aws', region: 'eu-west-1' } as const
    const command = commandLine('compare', options, targetWords(options))
    expect(command.match(/--region/g)).toEqual(['--region'])
    expect(command).toContain('--region eu-west-1')
  })
})
