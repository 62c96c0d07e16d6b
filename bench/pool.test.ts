import { describe, expect, it } from 'vitest'
import { arenaOf, releasingBeforeRefunding } from './explore/planted.testing.ts'
import type { Job } from './jobs.ts'
import { runJobs } from './pool.ts'

const { templates, region } = arenaOf('orchestrated', { template: releasingBeforeRefunding })
const jobs = Array.from(
  { length: 40 },
  (_, index): Job => ({
    kind: 'explore',
    contestants: ['orchestrated'],
    seed: 1,
    faultsMax: 1,
    from: index * 5,
    upTo: (index + 1) * 5,
  }),
)

describe('jobs on worker threads', () => {
  it('begin no more when a result is enough, and those that have begun come to their end', async () => {
    let done = 0
    const results = await runJobs(
      jobs,
      { templates, region, seed: 1 },
      {
        isEnough: (result) => result.kind === 'explore' && result.found !== undefined,
        onAdvance: ({ jobsDone }) => {
          done = jobsDone
        },
      },
    )
    const found = results.findIndex((result) => result.kind === 'explore' && result.found !== undefined)
    expect(found).toBeGreaterThanOrEqual(0)
    expect(results.length).toBeLessThan(jobs.length)
    // None is left out: whoever looks for the first that was found has seen all before it.
    expect(results.every((result) => result.kind === 'explore')).toBe(true)
    expect(results).toHaveLength(done)
  }, 60_000)
})
