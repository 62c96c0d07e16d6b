import fc from 'fast-check'
import { describe, it } from 'vitest'
import { type Action, Witness } from './witness.testing.ts'

const kind = <Kind extends Action['kind']>(name: Kind) => ({ kind: fc.constant(name) })

const which = fc.oneof(fc.nat(3), fc.nat(1000))
const seconds = fc.oneof(fc.constant(0), fc.nat(30))
/** Few tokens come again and again, many never. */
const token = fc.oneof(fc.nat(3), fc.nat(1000))
const sending = fc.record({
  ...kind('send'),
  group: fc.nat(2),
  token,
  delay: fc.oneof(fc.constant(0), fc.nat(20)),
})

const daily: readonly fc.Arbitrary<Action>[] = [
  sending,
  sending,
  fc.record({ ...kind('receive'), max: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ ...kind('delete'), which }),
  fc.record({ ...kind('change'), which, seconds }),
  fc.record({ ...kind('pass'), ms: fc.nat(15_000) }),
]
/** Beside: longer waits, changed settings, purges. */
const seldom: readonly fc.Arbitrary<Action>[] = [
  fc.record({ ...kind('pass'), ms: fc.nat(400_000) }),
  fc.record({
    ...kind('configure'),
    visibility: fc.integer({ min: 1, max: 30 }),
    retention: fc.integer({ min: 60, max: 600 }),
  }),
  fc.record(kind('purge')),
]
const moves: fc.Arbitrary<Action> = fc.record(kind('move'))

const sequences = (...extra: readonly fc.Arbitrary<Action>[]) =>
  fc.array(fc.oneof(...daily, ...daily, ...daily, ...extra), { minLength: 20, maxLength: 100 })

const check = (
  queue: 'standard' | 'fifo',
  receivesMax: number,
  actions: fc.Arbitrary<readonly Action[]>,
  seed: number,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(actions, fc.boolean(), async (sequence, listened) => {
      const witness = new Witness(queue, receivesMax, listened)
      for (const action of sequence) await witness.do(action)
      await witness.nothingStaysInvisible()
      witness.nothingIsLost()
    }),
    { seed, numRuns: 150 },
  )

describe('whatever is done to a standard queue', () => {
  it('nothing is lost, nothing stays invisible for ever, no message is with two receivers, and counts are the receives', () =>
    check('standard', 3, sequences(), 20260105))

  it('so it is when settings change, messages expire and queues are purged', () =>
    check('standard', 3, sequences(...seldom, ...seldom), 20260106))

  it('so it is when dead letters are moved back', () =>
    check('standard', 1, sequences(moves, moves), 20260107))
})

describe('whatever is done to a FIFO queue', () => {
  it('the same holds, each group is in order, locked while any of it is hidden, and nothing comes twice in five minutes', () =>
    check('fifo', 3, sequences(), 20260108))

  it('so it is when settings change, messages expire and queues are purged', () =>
    check('fifo', 3, sequences(...seldom, ...seldom), 20260109))

  it('so it is when dead letters are moved back', () => check('fifo', 1, sequences(moves, moves), 20260110))
})
