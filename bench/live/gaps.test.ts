import { describe, expect, it } from 'vitest'
import { gapsInWords, isBillWhole, isWhole, noGaps } from './gaps.ts'

describe('what is missing of a run', () => {
  it('is said with its number and what it means', () => {
    const gaps = { untold: 1_204, timedOut: 3, unreported: 1, astray: 2, endsUntold: 5 }
    expect(isWhole(gaps)).toBe(false)
    expect(gapsInWords(gaps)).toEqual([
      '1,204 invocations untold, 3 of them timed out: their calls are in no figure, and a law may seem broken for want of them',
      '1 invocation without a report of Lambda: billed for the time that the function saw',
      '2 invocations in an environment from before the run: in no figure',
      '5 ends heard from the bus and told by no function',
    ])
  })

  it.each(['untold', 'astray', 'endsUntold'] as const)('leaves calls off the bill: %s', (gap) => {
    expect(isBillWhole({ ...noGaps, [gap]: 1 })).toBe(false)
  })

  it('leaves nothing off the bill where only reports lack, or nothing does', () => {
    expect(isBillWhole(noGaps)).toBe(true)
    expect(isBillWhole({ ...noGaps, unreported: 1 })).toBe(true)
  })

  it('is not mentioned where nothing is', () => {
    expect(isWhole(noGaps)).toBe(true)
    expect(gapsInWords(noGaps)).toEqual([])
    expect(gapsInWords({ ...noGaps, untold: 2 })).toHaveLength(1)
  })
})
