import { describe, expect, it } from 'vitest'
import { createProgress, progressLine } from './progress.ts'

describe('progress', () => {
  it.each([
    { orders: 500, total: 2_000, elapsedMs: 5_000, line: '500 of 2,000 orders, 100/s, 15 s left · steady' },
    {
      orders: 10_000,
      total: 1_000_000,
      elapsedMs: 5_000,
      line: '10,000 of 1,000,000 orders, 2,000/s, 8 min 15 s left · steady',
    },
    { orders: 0, total: 10, elapsedMs: 3_000, line: '0 of 10 orders, 0/s · steady' },
  ])('tells how far, how fast and how long: $line', ({ orders, total, elapsedMs, line }) => {
    expect(progressLine(orders, total, elapsedMs, 'steady')).toBe(line)
  })

  const shown = (isTTY: boolean, timesMs: readonly number[]): string => {
    let text = ''
    let now = 0
    const write = (more: unknown): boolean => {
      text += String(more)
      return true
    }
    const stream = { isTTY, columns: 60, write }
    const progress = createProgress(100, { stream, nowMs: () => now })
    for (const timeMs of timesMs) {
      now = timeMs
      progress.step(10, 'work')
    }
    progress.end()
    return text
  }

  it.each([
    { name: 'a job of under two seconds', isTTY: true, timesMs: [500, 1_999], isShown: false },
    { name: 'a job of two seconds', isTTY: true, timesMs: [500, 2_000], isShown: true },
    { name: 'no terminal', isTTY: false, timesMs: [5_000], isShown: false },
  ])('is shown for $name: $isShown', ({ isTTY, timesMs, isShown }) => {
    expect(shown(isTTY, timesMs) !== '').toBe(isShown)
  })

  it('takes its line away at the end', () => {
    expect(shown(true, [3_000]).endsWith('\r\u001b[2K')).toBe(true)
  })
})
