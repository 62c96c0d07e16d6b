import { describe, expect, it } from 'vitest'
import type { Contestant } from '../contestants.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { handIn } from './front-door.ts'
import type { LiveClients } from './target.ts'

const arrivals = builtInWorkload({ count: 5, ratePerSecond: 1, seed: 1 }).arrivals.map((arrival, index) => ({
  ...arrival,
  atMs: 20 * index,
}))
const workload = { ...builtInWorkload({ count: 5, ratePerSecond: 1, seed: 1 }), arrivals }

const submitting = (submit: () => Promise<unknown>, signal = new AbortController().signal) => ({
  contestant: { submit } as unknown as Contestant,
  workload,
  seed: 1,
  outputs: {},
  firstMs: Date.now(),
  signal,
})

describe('the front door', () => {
  it('is asked at the intended times, however long it takes to answer', async () => {
    let asked = 0
    const answers: (() => void)[] = []
    const submissions = handIn(
      {} as LiveClients,
      submitting(() => {
        asked += 1
        return new Promise<void>((resolve) => {
          answers.push(resolve)
          // Nobody is answered before everybody has asked.
          if (asked === arrivals.length) for (const answer of answers) answer()
        })
      }),
    )
    const intended = (await submissions).map(({ intendedMs }) => intendedMs)
    expect(asked).toBe(arrivals.length)
    expect(intended.map((ms) => ms - (intended[0] ?? 0))).toEqual([0, 20, 40, 60, 80])
    for (const { sentMs, intendedMs } of await submissions)
      expect(sentMs).toBeGreaterThanOrEqual(intendedMs - 2)
  })

  it('may refuse an order: that is told, and the others go on', async () => {
    let asked = 0
    const submissions = await handIn(
      {} as LiveClients,
      submitting(() => {
        asked += 1
        return asked === 2 ? Promise.reject(new Error('full')) : Promise.resolve()
      }),
    )
    expect(submissions.map(({ error }) => error)).toEqual([
      undefined,
      'Error: full',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('tells how often the SDK had to ask, of an answer and of a refusal', async () => {
    let asked = 0
    const answered = (attempts: number): object => ({ $metadata: { attempts } })
    const submissions = await handIn(
      {} as LiveClients,
      submitting(() => {
        asked += 1
        if (asked === 1) return Promise.resolve(answered(2))
        return asked === 2
          ? Promise.reject(Object.assign(new Error('full'), answered(3)))
          : Promise.resolve(asked)
      }),
    )
    expect(submissions.map(({ attempts }) => attempts)).toEqual([2, 3, 1, 1, 1])
  })

  it('is asked no more once the run is stopped', async () => {
    const controller = new AbortController()
    const submissions = await handIn(
      {} as LiveClients,
      submitting(() => {
        controller.abort()
        return Promise.resolve()
      }, controller.signal),
    )
    expect(submissions).toHaveLength(1)
  })
})
