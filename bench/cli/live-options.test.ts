import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { captured } from './captured.testing.ts'
import { runCli } from './cli.ts'

const told = captured()
const folder = mkdtempSync(join(tmpdir(), 'ovc-live-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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
    { name: 'a target that is none', words: ['--target', 'moon'], says: /virtual, endpoint, aws/ },
    { name: 'shards', words: [...endpoint, '--shards', '2'], says: /--shards: goes with --target virtual/ },
    { name: 'waiting for ever', words: [...endpoint, '--wait', '61'], says: /--wait.*at most 60/ },
    {
      name: 'a scenario with faults',
      words: [...endpoint, '--scenario', 'steady', 'crash'],
      says: /--scenario crash: faults are injected in the virtual AWS only.*steady/,
    },
    {
      name: 'too many orders',
      words: [...endpoint, '--count', '20001'],
      says: /--count: .*at most 20000, got 20001/,
    },
    {
      name: 'too many hours',
      words: [...endpoint, '--count', '20000', '--rate', '1'],
      says: /would take .* hours in 12 runs.*at most 4/,
    },
    {
      name: 'more than a dollar without a word',
      words: ['--target', 'aws', '--count', '20000', '--rate', '5', '--scenario', 'steady'],
      says: /costs about \$\d+\.\d\d at list prices.*Say --yes to spend more than \$1/,
    },
  ])('$name', async ({ words, says }) => {
    const out = join(folder, 'out')
    expect(await runCli(['compare', ...words, '--out', out])).toBe(2)
    expect(told.stderr.trim().split('\n').at(-1)).toMatch(says)
    expect(existsSync(out)).toBe(false)
  })
})
