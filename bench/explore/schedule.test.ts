import { describe, expect, it } from 'vitest'
import { promises } from './promises.ts'
import {
  drawSchedule,
  narrowerFaults,
  parseSchedule,
  promiseOf,
  scheduleText,
  workloadOf,
} from './schedule.ts'

const runs = Array.from({ length: 500 }, (_, run) => run)
const drawn = runs.map((run) => drawSchedule(1, run, 3))
const [schedule = drawSchedule(1, 0, 3)] = drawn

describe('drawn schedules', () => {
  it('are the same for the same seed, run and bound, and others for others', () => {
    expect(runs.map((run) => drawSchedule(1, run, 3))).toEqual(drawn)
    expect(drawSchedule(2, 0, 3)).not.toEqual(schedule)
    expect(new Set(drawn.map(scheduleText)).size).toBe(runs.length)
  })

  it('have 1 to so many faults, of every kind that the design promises to survive and of no other', () => {
    expect(new Set(drawn.map(({ faults }) => faults.length))).toEqual(new Set([1, 2, 3]))
    const kinds = Object.entries(promises).flatMap(([kind, promised]) => ('within' in promised ? [kind] : []))
    expect(new Set(drawn.flatMap(({ faults }) => faults.map(({ kind }) => kind)))).toEqual(new Set(kinds))
  })

  it('come back from their text, so that each lies within the promise', () => {
    for (const each of drawn) expect(parseSchedule(scheduleText(each))).toEqual(each)
  })

  it('have narrower faults that lie within the promise as well', () => {
    for (const each of drawn)
      for (const faults of each.faults.map(narrowerFaults))
        expect(parseSchedule(scheduleText({ ...each, faults }))).toEqual({ ...each, faults })
  })

  it('begin their faults while the orders come, or soon after: half of them in the first four seconds', () => {
    const beginnings = drawn.flatMap(({ faults }) =>
      faults.flatMap((fault) => ('fromMs' in fault ? [fault.fromMs] : [])),
    )
    const soon = beginnings.filter((fromMs) => fromMs < 4_000).length
    expect(soon / beginnings.length).toBeGreaterThan(0.45)
    expect(soon / beginnings.length).toBeLessThan(0.55)
    expect(Math.max(...beginnings)).toBeGreaterThan(100_000)
  })

  it('promise the same outcome or the laws alone, and each often', () => {
    const same = drawn.filter((each) => promiseOf(each) === 'sameOutcome').length
    expect(same).toBeGreaterThan(100)
    expect(same).toBeLessThan(400)
  })
})

describe('an order that is left out', () => {
  it('moves no other in time, and changes none', () => {
    const all = workloadOf({ ...schedule, count: 4, orders: [1, 2, 3, 4] }).arrivals
    const some = workloadOf({ ...schedule, count: 4, orders: [2, 4] }).arrivals
    expect(some).toEqual([all[1], all[3]])
  })
})

describe('what is no schedule within the promise is refused in words', () => {
  const changed = (change: object): string => JSON.stringify({ ...schedule, ...change })
  it.each([
    { name: 'no JSON', text: '{', says: /schedule as explore prints it/ },
    { name: 'a list', text: '[]', says: /JSON object/ },
    { name: 'a count of many', text: changed({ count: 6 }), says: /count .*from 1 to 5; got 6/ },
    { name: 'no order', text: changed({ orders: [] }), says: /orders/ },
    { name: 'an order twice', text: changed({ count: 2, orders: [1, 1] }), says: /different numbers/ },
    {
      name: 'half an order',
      text: changed({ count: 2, orders: [1.5] }),
      says: /whole|different numbers/,
    },
    { name: 'half a count', text: changed({ count: 1.5 }), says: /whole number from 1 to 5; got 1\.5/ },
    { name: 'a seed that is no whole number', text: changed({ seed: 0.5 }), says: /seed/ },
    {
      name: 'a rate of arrival that is not drawn',
      text: changed({ ratePerSecond: 2 }),
      says: /ratePerSecond/,
    },
    { name: 'a rate of no number', text: changed({ world: { cardsDeclined: '1' } }), says: /cardsDeclined/ },
    { name: 'no world', text: changed({ world: null }), says: /world.*null/ },
    { name: 'no faults', text: changed({ faults: undefined }), says: /faults.*none/ },
    { name: 'a part that every object has', text: changed({ toString: 1 }), says: /toString/ },
    { name: 'an unknown rate', text: changed({ world: { kindness: 1 } }), says: /world\.kindness/ },
    { name: 'an unknown part', text: changed({ speed: 1 }), says: /speed/ },
    {
      name: 'an unknown kind',
      text: changed({ faults: [{ kind: 'flood' }] }),
      says: /faults\[0\]\.kind.*flood/,
    },
    {
      name: 'a kind of which nothing is promised',
      text: changed({ faults: [{ kind: 'poison', step: 'ProcessPayment', probability: 1 }] }),
      says: /faults\[0\]\.kind/,
    },
    {
      name: 'more than is promised',
      text: changed({ faults: [{ kind: 'crash', at: 'before-answer', probability: 0.31 }] }),
      says: /faults\[0\]\.probability.*0\.3; got 0\.31/,
    },
    {
      name: 'a range the wrong way round',
      text: changed({ faults: [{ kind: 'duplicate', at: 'queue', probability: 0.1, delayMs: [2, 1] }] }),
      says: /delayMs/,
    },
  ])('$name', ({ text, says }) => {
    expect(() => parseSchedule(text)).toThrow(says)
  })
})
