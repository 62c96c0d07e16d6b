import { describe, expect, it } from 'vitest'
import { forkRandom } from './random.ts'

const draws = (seed: number, name: string, count: number): readonly number[] => {
  const stream = forkRandom(seed)(name)
  return Array.from({ length: count }, () => stream.next())
}

describe('a random stream', () => {
  it('is the same for the same seed and name', () => {
    expect(draws(1, 'latency/sqs.call', 5)).toEqual(draws(1, 'latency/sqs.call', 5))
  })

  it.each([
    { name: 'another seed', seed: 2, stream: 'a' },
    { name: 'another name', seed: 1, stream: 'b' },
  ])('differs for $name', ({ seed, stream }) => {
    expect(draws(seed, stream, 5)).not.toEqual(draws(1, 'a', 5))
  })

  it('is not shifted by draws from another', () => {
    const fork = forkRandom(1)
    const stream = fork('a')
    const drawn = Array.from({ length: 5 }, () => {
      fork('b').next()
      return stream.next()
    })
    expect(drawn).toEqual(draws(1, 'a', 5))
  })

  it('goes on where it was when it is asked for again', () => {
    const fork = forkRandom(1)
    expect([fork('a').next(), fork('a').next()]).toEqual(draws(1, 'a', 2))
  })

  it('is uniform in [0, 1)', () => {
    const drawn = draws(1, 'uniform', 100_000)
    const tenths = new Array<number>(10).fill(0)
    for (const value of drawn) {
      expect(value >= 0 && value < 1).toBe(true)
      tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  it('of seed 1 begins as it always has', () => {
    expect(draws(1, 'pinned', 3)).toMatchInlineSnapshot(`
      [
        0.8153511437121779,
        0.7598450139630586,
        0.28849360230378807,
      ]
    `)
  })
})
