import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createKernel } from './kernel.ts'

/** So many events are scheduled, a share of all that ever were is cancelled, and some time passes. */
const phases = fc.array(
  fc.record({
    delaysMs: fc.array(fc.nat({ max: 60 }), { maxLength: 4000, size: 'max' }),
    /** Every so many-th handle is cancelled, be it of an event that waits, has run, or was cancelled before. */
    cancelEach: fc.constantFrom(0, 2, 3, 50),
    passMs: fc.nat({ max: 40 }),
  }),
  { minLength: 4, maxLength: 10 },
)

/** What would be left of a heap that grows, is compacted, and whose places are used again and again. */
it('whatever is cancelled and however often the heap is rebuilt, what waits runs once, in order, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(phases, async (plan) => {
      const kernel = createKernel({ startMs: 0 })
      const ran: number[] = []
      const handles: number[] = []
      const waiting = new Map<number, number>()
      for (const { delaysMs, cancelEach, passMs } of plan) {
        for (const delayMs of delaysMs) {
          const index = handles.length
          waiting.set(index, kernel.nowMs + delayMs)
          handles.push(kernel.after(delayMs, () => ran.push(index)))
        }
        for (let index = 0; cancelEach > 0 && index < handles.length; index += cancelEach) {
          kernel.cancel(handles[index] ?? -1)
          waiting.delete(index)
        }
        const untilMs = kernel.nowMs + passMs
        const due = [...waiting]
          .filter(([, timeMs]) => timeMs <= untilMs)
          .sort(([one, oneMs], [other, otherMs]) => oneMs - otherMs || one - other)
          .map(([index]) => index)
        ran.length = 0
        // Keeps the clock going to the end of the phase when nothing else is due.
        kernel.at(untilMs, () => undefined)
        await kernel.run(untilMs)
        expect(ran).toEqual(due)
        for (const index of due) waiting.delete(index)
      }
    }),
    { numRuns: 25, seed: 20_261_125, endOnFailure: true },
  )
})

it('a handle that has run is ignored, although the heap has grown since and its place is in use again', async () => {
  const kernel = createKernel({ startMs: 0 })
  const spent = kernel.at(0, () => undefined)
  await kernel.run(0)
  let ran = 0
  for (let event = 0; event < 3000; event += 1)
    kernel.at(1, () => {
      ran += 1
    })
  kernel.cancel(spent)
  await kernel.run(1)
  expect(ran).toBe(3000)
})
