import { describe, expect, it } from 'vitest'
import { compositeTable } from './composites.ts'

describe('published paths', () => {
  it.each(compositeTable(1))('hold within 15% at p50, p90 and p99: $path', ({ deviation }) => {
    for (const each of Object.values(deviation)) expect(Math.abs(each)).toBeLessThan(0.15)
  })

  it('hold whatever the seed', () => {
    for (const seed of [2, 3, 4]) {
      const worst = compositeTable(seed).flatMap(({ deviation }) => Object.values(deviation).map(Math.abs))
      expect(Math.max(...worst)).toBeLessThan(0.15)
    }
  })

  it('are the same table for the same seed', () => {
    expect(compositeTable(5)).toEqual(compositeTable(5))
  })

  it('contain the queue of asynchronous invocations once: about 43 ms between the two ways to run a task', () => {
    const median = (path: RegExp) => compositeTable().find((row) => path.test(row.path))?.simulated.p50 ?? 0
    const queued = median(/StartExecution.*asynchronous/) - median(/StartExecution.*, synchronous/)
    expect(queued).toBeGreaterThan(38)
    expect(queued).toBeLessThan(50)
  })
})
