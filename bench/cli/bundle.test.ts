import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../jobs.ts'
import { runJobs } from '../pool.ts'
import { builtInParts } from '../workload/parts.ts'
import { bundleOf } from './bundle.ts'
import { templates } from './templates.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const jobs = (['orchestrated', 'choreographed'] as const).flatMap((contestant) =>
  builtInParts({ count: 40, ratePerSecond: 2, seed: 3 }, 1).parts.map(
    (workload, part): Job => ({ kind: 'run', contestant, scenario: 'crash', workload, part }),
  ),
)

describe('the job worker as one file', () => {
  it('comes to what the worker comes to as it is written', async () => {
    const material = { templates: await templates(), seed: 3, region: 'eu-west-1' }
    const workerFile = await bundleOf('bench/job-worker.ts', folder)
    expect(workerFile).toBeDefined()
    const [asWritten, asOneFile] = [
      await runJobs(jobs, material),
      await runJobs(jobs, material, { workerFile }),
    ]
    expect(JSON.stringify(asOneFile)).toBe(JSON.stringify(asWritten))
  })

  it('is made once, and again when it was tampered with', async () => {
    const file = (await bundleOf('bench/job-worker.ts', folder)) ?? ''
    const made = readFileSync(file, 'utf8')
    writeFileSync(file, made.replace('\n', '\nthrow new Error("not ours");\n'))
    expect(await bundleOf('bench/job-worker.ts', folder)).toBe(file)
    expect(readFileSync(file, 'utf8')).toBe(made)
  })

  it('is done without where it cannot be kept', async () => {
    expect(
      await bundleOf('bench/job-worker.ts', join(fileURLToPath(import.meta.url), 'no-folder')),
    ).toBeUndefined()
  })
})
