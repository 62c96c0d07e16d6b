import { describe, expect, it, vi } from 'vitest'
import { firstFound } from '../explore/findings.ts'
import { arenaOf, releasingBeforeRefunding } from '../explore/planted.testing.ts'
import { laws } from '../laws.ts'
import { captured } from './captured.testing.ts'
import { runCli } from './cli.ts'
import { exploreCommand } from './explore.ts'
import { Interrupted } from './interrupt.ts'

const told = captured()

const planted = arenaOf('orchestrated', { template: releasingBeforeRefunding })

/** The command with a stack that undoes in the wrong order; gives its exit code. */
const explorePlanted = async (...words: readonly string[]): Promise<number> => {
  process.exitCode = 0
  await exploreCommand(async () => planted.templates)
    .exitOverride()
    .parseAsync(words, { from: 'user' })
  return Number(process.exitCode)
}

/** Presses Ctrl-C as soon as somebody listens for it for the nth time. */
const pressWhenHeard = (nth: number): void => {
  const { on } = process
  let heard = 0
  vi.spyOn(process, 'on').mockImplementation((event, listener) => {
    if (event === 'SIGINT') heard += 1
    if (event === 'SIGINT' && heard === nth) setImmediate(listener, 'SIGINT')
    return on.call(process, event, listener)
  })
}

const exitCodeOf = async (work: Promise<number>): Promise<number> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode
    throw error
  }
}

describe('explore', () => {
  it('says that nothing was found, exit 0', async () => {
    expect(await runCli(['explore', '--runs', '4', '--faults', '2', '--seed', '3'])).toBe(0)
    expect(told.stdout).toMatch(
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
    expect(told.stdout).toBe('1 fault and 1 order: no promise was broken.\n')
  }, 60_000)
})

describe('explore of a stack that breaks a promise', () => {
  it('tells the first schedule that breaks it, whichever core is faster, shrunk and drawn, exit 1', async () => {
    expect(await explorePlanted('--runs', '200', '--contestant', 'orchestrated')).toBe(1)
    const first = await firstFound({ seed: 1, faultsMax: 3, from: 0, upTo: 200 }, planted)
    const number = (first?.run ?? Number.NaN) + 1
    const lines = told.stdout.split('\n')
    expect(lines[0]).toMatch(
      new RegExp(
        `^Schedule ${number} of 200, seed 1, breaks a promise: .* shrunk to 0 faults and 1 order in \\d+ runs\\.$`,
      ),
    )
    expect(lines.slice(1, 3)).toEqual([
      '',
      expect.stringContaining(`Broken: ${laws.inTurn} (orchestrated: order-`),
    ])
    expect(lines[3]).toMatch(
      /^Repeat with: npm run -s ovc -- explore --replay '.*' --contestant orchestrated$/,
    )
    expect(told.stdout).toContain('```mermaid\nsequenceDiagram\n')
  }, 120_000)

  it('breaks it again by the command that it tells, exit 1, and the sound stack does not, exit 0', async () => {
    await explorePlanted('--runs', '200', '--contestant', 'orchestrated')
    const [, schedule = ''] = /--replay '(.*)' --contestant/.exec(told.stdout) ?? []
    const [broken] = /Broken: .*/.exec(told.stdout) ?? []
    told.stdout = ''
    expect(await explorePlanted('--replay', schedule, '--contestant', 'orchestrated')).toBe(1)
    expect(told.stdout.split('\n')[0]).toBe(broken)
    told.stdout = ''
    expect(await runCli(['explore', '--replay', schedule])).toBe(0)
    expect(told.stdout).toBe('0 faults and 1 order: no promise was broken.\n')
  }, 120_000)
})

describe('an exploration that Ctrl-C stops', () => {
  it('says how far it came, exit 130', async () => {
    pressWhenHeard(1)
    expect(await runCli(['explore', '--runs', '100000'])).toBe(130)
    expect(told.stdout).toBe('')
    expect(told.stderr).toMatch(/^\novc: stopped after \d+ of 100000 schedules; nothing was found in them\n$/)
  }, 60_000)

  it('tells what it has found, when it was still shrinking it', async () => {
    pressWhenHeard(2)
    expect(await exitCodeOf(explorePlanted('--runs', '200', '--contestant', 'orchestrated'))).toBe(130)
    expect(told.stdout).toMatch(
      /^Schedule \d+ of 200, seed 1, breaks a promise: .*, stopped before it was shrunk\.\n\nBroken: /,
    )
    expect(told.stdout).toMatch(
      /\nRepeat with: npm run -s ovc -- explore --replay '.*' --contestant orchestrated\n$/,
    )
  }, 120_000)
})
