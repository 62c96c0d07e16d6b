import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ovc = fileURLToPath(new URL('./ovc.ts', import.meta.url))

it.each([
  { signal: 'SIGHUP' as const, code: 129 },
  { signal: 'SIGINT' as const, code: 130 },
  { signal: 'SIGTERM' as const, code: 143 },
])(
  '$signal ends a run with exit code $code, how far it came, and nothing written',
  async ({ signal, code }) => {
    const folder = mkdtempSync(join(tmpdir(), 'interrupt-'))
    const out = join(folder, 'results')
    const run = spawn(
      process.execPath,
      ['--import', 'tsx', ovc, 'compare', '--count', '50000', '--scenario', 'steady', '--out', out],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    try {
      let told = ''
      run.stderr.on('data', (text) => {
        told += String(text)
      })
      const ended = new Promise<number | null>((resolve) => run.on('close', resolve))
      // Long enough for the handler to be in place, short of what the run takes by far.
      setTimeout(() => run.kill(signal), 10_000)
      expect(await ended).toBe(code)
      expect(told).toMatch(/^ovc: stopped after \d+ of 150000 orders; nothing was written$/m)
      expect(existsSync(out)).toBe(false)
      expect(readdirSync(folder)).toEqual([])
    } finally {
      run.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

it('the end of its terminal lets a run end in order, although nobody can read how far it came', async () => {
  const run = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      ovc,
      'compare',
      '--count',
      '50000',
      '--scenario',
      'steady',
      '--out',
      join(tmpdir(), 'nowhere'),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  try {
    const ended = new Promise<number | null>((resolve) => run.on('close', resolve))
    setTimeout(() => {
      run.stdout.destroy()
      run.stderr.destroy()
      run.kill('SIGHUP')
    }, 10_000)
    expect(await ended).toBe(129)
  } finally {
    run.kill('SIGKILL')
  }
})
