import { describe, expect, it } from 'vitest'
import { recordedInParts, recordedOtherwise } from './recorded.ts'

const recorded = (...states: readonly string[]) => {
  const names = [...new Set(states)]
  return { names, states: Uint8Array.from(states, (state) => names.indexOf(state)) }
}

describe('records of two runs', () => {
  it('are alike by their states, in whichever order these occurred first', () => {
    const one = recorded('charged', 'declined', 'charged')
    expect(recordedOtherwise(one, recorded('charged', 'declined', 'charged'))).toBe(0)
    expect(recordedOtherwise(one, recorded('declined', 'charged', 'charged'))).toBe(2)
  })

  it('are different where one has a state that the other never has', () => {
    expect(recordedOtherwise(recorded('charged', 'refunded'), recorded('charged', 'no record'))).toBe(1)
  })

  it('are of the same orders when their parts are put together', () => {
    const whole = recordedInParts([recorded('a', 'b'), recorded('b', 'c', 'a')])
    expect(recordedOtherwise(whole, recorded('a', 'b', 'b', 'c', 'a'))).toBe(0)
    expect(recordedOtherwise(whole, recorded('a', 'b', 'c', 'c', 'a'))).toBe(1)
  })
})
