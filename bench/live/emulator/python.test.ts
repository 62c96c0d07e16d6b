import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentFor, findPython } from './python.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A program that answers as a Python would. */
const program = (name: string, ...lines: readonly string[]): string => {
  const file = join(folder, name)
  writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'))
  chmodSync(file, 0o755)
  return file
}

describe('findPython', () => {
  it.each([
    { version: '3.9', fits: false },
    { version: '3.10', fits: true },
    { version: '3.13', fits: true },
    { version: '2.7', fits: false },
    { version: '', fits: false },
  ])('version "$version" fits: $fits', async ({ version, fits }) => {
    const command = program(`says-${version}`, `echo '${version}'`)
    expect(await findPython([command])).toEqual(fits ? { command, version } : undefined)
  })

  it('passes over what is not there, what is too old, and what cannot make environments', async () => {
    const bare = program('bare', 'echo "No module named ensurepip" >&2', 'exit 1')
    const old = program('old', 'echo 3.8')
    const command = program('new', 'echo 3.12')
    expect(await findPython([join(folder, 'none'), bare, old, command])).toEqual({ command, version: '3.12' })
  })
})

describe('environmentFor', () => {
  const requirements = (name: string): string => {
    const file = join(folder, name)
    writeFileSync(file, `${name}==1.0\n`)
    return file
  }

  /** Makes a folder where a Python would make an environment, and counts in a file how often. */
  const making = (log: string, install: string): string =>
    program(
      `makes-${log}`,
      `echo made >> '${join(folder, log)}'`,
      'mkdir -p "$3/bin"',
      `printf '#!/bin/sh\\n${install}\\n' > "$3/bin/python"`,
      'chmod +x "$3/bin/python"',
    )

  it('is made once for a version of Python and a set of requirements', async () => {
    const command = making('once', 'exit 0')
    const file = requirements('first')
    const made = await environmentFor({ command, version: '3.11' }, join(folder, 'a'), file)
    expect(existsSync(made)).toBe(true)
    expect(await environmentFor({ command, version: '3.11' }, join(folder, 'a'), file)).toBe(made)
    expect(readFileSync(join(folder, 'once'), 'utf8')).toBe('made\n')
    const other = await environmentFor({ command, version: '3.12' }, join(folder, 'a'), file)
    const another = await environmentFor(
      { command, version: '3.11' },
      join(folder, 'a'),
      requirements('next'),
    )
    expect(new Set([made, other, another]).size).toBe(3)
  })

  it('is the same for two that make it at once, and nothing half made is left', async () => {
    const python = { command: making('twice', 'sleep 0.2'), version: '3.11' }
    const file = requirements('shared')
    const both = await Promise.all([
      environmentFor(python, join(folder, 'b'), file),
      environmentFor(python, join(folder, 'b'), file),
    ])
    expect(new Set(both).size).toBe(1)
    expect(readdirSync(join(folder, 'b'))).toHaveLength(1)
  })

  it('is made again when its Python has gone', async () => {
    const python = { command: making('again', 'exit 0'), version: '3.11' }
    const file = requirements('lost')
    const made = await environmentFor(python, join(folder, 'd'), file)
    rmSync(made)
    expect(await environmentFor(python, join(folder, 'd'), file)).toBe(made)
    expect(existsSync(made)).toBe(true)
  })

  it('is not there when something could not be installed, and the reason is told', async () => {
    const python = { command: making('fails', 'echo hashes do not match >&2; exit 1'), version: '3.11' }
    await expect(environmentFor(python, join(folder, 'c'), requirements('bad'))).rejects.toThrow(
      /^MiniStack could not be installed into .*hashes do not match/s,
    )
    expect(readdirSync(join(folder, 'c'))).toEqual([])
  })
})

it('every package is pinned by version and hash, MiniStack to 1.5.33, and no registry is named', () => {
  const file = fileURLToPath(new URL('./requirements.txt', import.meta.url))
  const packages = readFileSync(file, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .trim()
    .split('\n')
  expect(packages[0]).toMatch(/^ministack==1\.5\.33 /)
  for (const line of packages)
    expect(line).toMatch(/^[a-z0-9-]+==[\w.]+( ; [^ ]+ < '3\.11')?( +--hash=sha256:[0-9a-f]{64})+$/)
})
