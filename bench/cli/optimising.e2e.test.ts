import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contestants } from '../contestants.ts'
import type { Probe } from '../speed/probe.ts'
import { bundleOf } from './bundle.ts'
import { templates } from './templates.ts'

const folder = mkdtempSync(join(tmpdir(), 'optimising-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One or none is usual: an object changed its shape meanwhile. When it was wrong there were a hundred and more. */
const abortedMax = 7

const runsOf = async (probe: Probe): Promise<string> => {
  const bundle = await bundleOf('bench/speed/probe.ts')
  if (bundle === undefined) throw new Error('The probe was not bundled.')
  const words = ['--trace-opt', bundle, JSON.stringify(probe), join(folder, 'templates.json')]
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

// What V8 optimises and throws away at the end, it tries again for ever: that once took a sixth of every run.
describe.each(contestants.map(({ id }) => id))('orders of %s', (contestant) => {
  beforeAll(async () => writeFileSync(join(folder, 'templates.json'), JSON.stringify(await templates())))

  it('are run by functions that V8 optimises, and whose optimising it hardly ever gives up at its end', async () => {
    const told = await runsOf({ kind: 'contestant', contestant, orders: 2_000 })
    expect(told.match(/completed (optimizing|compiling)/g)?.length).toBeGreaterThan(100)
    expect(told.match(/aborted (optimizing|compiling)/g)?.length ?? 0).toBeLessThan(abortedMax)
  })
})
