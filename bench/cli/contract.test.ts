import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { captured } from './captured.testing.ts'
import { runCli } from './cli.ts'

const told = captured()

describe('contract', () => {
  it('prints a line a statement and how many hold, and writes them as Markdown and data', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ovc-'))
    try {
      expect(await runCli(['contract', '--only', 'sqs-fifo', 'table-t', '--out', folder])).toBe(0)
      expect(told.stdout).toContain('sqs-fifo.order')
      expect(told.stdout).toMatch(/virtual: (\d+) of \1 hold/)
      expect(readFileSync(join(folder, 'contract.md'), 'utf8')).toContain('| `sqs-fifo.order` |')
      expect(JSON.parse(readFileSync(join(folder, 'contract.json'), 'utf8'))[0]).toMatchObject({
        id: 'sqs-fifo.order',
        verdicts: { virtual: { holds: true } },
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it.each([
    { name: 'an unknown target', words: ['--target', 'moon'], says: /moon/ },
    {
      name: 'an endpoint without its address',
      words: ['--target', 'endpoint'],
      says: /--endpoint.*got none/,
    },
    {
      name: 'an address that is none',
      words: ['--target', 'endpoint', '--endpoint', 'here'],
      says: /--endpoint.*got here/,
    },
    {
      name: 'an address without that target',
      words: ['--endpoint', 'http://127.0.0.1'],
      says: /--target endpoint/,
    },
    { name: 'a profile without that target', words: ['--profile', 'p'], says: /--target aws/ },
    { name: 'an id that there is not', words: ['--only', 'sqs', 'none'], says: /--only none/ },
    {
      name: 'an endpoint where nobody is',
      words: ['--target', 'endpoint', '--endpoint', 'http://127.0.0.1:9', '--only', 'sqs-fifo'],
      says: /the connection failed/,
    },
  ])('refuses $name with one line, exit 2', async ({ words, says }) => {
    expect(await runCli(['contract', ...words])).toBe(2)
    expect(told.stderr.trimEnd().split('\n').at(-1)).toMatch(says)
  })
})
