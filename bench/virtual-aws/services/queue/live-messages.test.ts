import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiveMessages } from './live-messages.ts'
import type { Message } from './message.ts'

const message = (sequence: number): Message => ({
  id: String(sequence),
  sequence,
  body: '',
  attributes: undefined,
  system: undefined,
  sentMs: 0,
  deadLetteredFrom: undefined,
  isCopy: false,
  state: 'visible',
  hiddenUntilMs: 0,
  visibleSinceMs: 0,
  receives: 0,
  receivedMs: 0,
  firstReceivedMs: 0,
})

/** So many come, then so many go: the oldest, the youngest, or those in the middle. */
const anyStep = fc.record({
  coming: fc.nat(1500),
  going: fc.nat(1500),
  from: fc.constantFrom('oldest', 'youngest', 'middle'),
})

const taken = (there: Message[], { going, from }: { readonly going: number; readonly from: string }) => {
  if (from === 'oldest') return there.splice(0, going)
  const youngest = Math.max(0, there.length - going)
  return there.splice(from === 'youngest' ? youngest : Math.floor(youngest / 2), going)
}

describe('the messages of a queue by their sequence', () => {
  it('are found as long as they are there, whichever go first', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 8 }), (steps) => {
        const live = new LiveMessages<Message>()
        const there: Message[] = []
        let sequence = 0
        for (const step of steps) {
          const coming = Array.from({ length: step.coming }, (_, index) => message(sequence + index + 1))
          sequence += step.coming
          for (const next of coming) live.add(next)
          there.push(...coming)
          const gone = taken(there, step)
          for (const next of gone) live.remove(next)
          expect(live.all()).toEqual(there)
          expect(there.every((each) => live.find(each.sequence) === each)).toBe(true)
          expect(gone.every((each) => live.find(each.sequence) === undefined)).toBe(true)
          expect([live.find(0), live.find(sequence + 1)]).toEqual([undefined, undefined])
        }
      }),
      { seed: 20260105, numRuns: 100 },
    )
  })

  it('come in the order of their sequence, and no other', () => {
    const live = new LiveMessages<Message>()
    live.add(message(1))
    expect(() => live.add(message(3))).toThrow('expected a message with the sequence 2, got 3')
  })
})
