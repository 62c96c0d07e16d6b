import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from './cli.ts'

let stdout = ''
beforeEach(() => {
  stdout = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = 0
})

describe('explore', () => {
  it('says that nothing was found, exit 0', async () => {
    expect(await runCli(['explore', '--runs', '4', '--faults', '2', '--seed', '3'])).toBe(0)
    expect(stdout).toMatch(
      /^4 schedules of up to 2 faults, seed 3, in 3 contestants: no promise was broken\.\nDrawn from: crash, /,
    )
  }, 60_000)

  it('replays one schedule, exit 0 where nothing breaks', async () => {
    const schedule = {
      seed: 1,
      count: 2,
      ratePerSecond: 5,
      orders: [2],
      world: { cardsDeclined: 0.5 },
      faults: [{ kind: 'crash', at: 'before-answer', probability: 0.2 }],
    }
    expect(await runCli(['explore', '--replay', JSON.stringify(schedule)])).toBe(0)
    expect(stdout).toBe('1 fault and 1 order: no promise was broken.\n')
  }, 60_000)
})
