import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKernel } from './kernel.ts'

const kernelAt = (startMs = 0) => createKernel({ startMs })

describe('the kernel', () => {
  it('runs events in the order of their times', async () => {
    const kernel = kernelAt()
    const ran: string[] = []
    kernel.at(30, () => ran.push('third'))
    kernel.at(10, () => ran.push('first'))
    kernel.at(20, () => ran.push('second'))
    expect(await kernel.run(100)).toBe('idle')
    expect(ran).toEqual(['first', 'second', 'third'])
  })

  it('breaks ties by sequence, also for what an event schedules for its own time', async () => {
    const kernel = kernelAt()
    const ran: string[] = []
    kernel.at(10, () => {
      ran.push('a')
      kernel.after(0, () => ran.push('c'))
    })
    kernel.at(10, () => ran.push('b'))
    await kernel.run(100)
    expect(ran).toEqual(['a', 'b', 'c'])
  })

  it.each([
    { name: 'the present', timeMs: 50, refused: false },
    { name: 'the past', timeMs: 49.999, refused: true },
    { name: 'no time at all', timeMs: Number.NaN, refused: true },
  ])('scheduling at $name is a defect: $refused', ({ timeMs, refused }) => {
    const kernel = kernelAt(50)
    const schedule = () => kernel.at(timeMs, () => undefined)
    if (refused) expect(schedule).toThrow(/Kernel: scheduled at .*, but it is 50/)
    else expect(schedule).not.toThrow()
  })

  it('runs what lies on the horizon and stops before what lies beyond it', async () => {
    const kernel = kernelAt()
    const ran: number[] = []
    kernel.at(100, () => ran.push(100))
    kernel.at(100.001, () => ran.push(100.001))
    expect(await kernel.run(100)).toBe('horizon')
    expect(ran).toEqual([100])
    expect(kernel.nowMs).toBe(100)
    expect(await kernel.run(200)).toBe('idle')
    expect(ran).toEqual([100, 100.001])
  })

  it('forgets a cancelled event, and is idle when nothing else waits', async () => {
    const kernel = kernelAt()
    const ran: string[] = []
    const handle = kernel.at(1e9, () => ran.push('cancelled'))
    kernel.at(10, () => ran.push('kept'))
    kernel.cancel(handle)
    expect(await kernel.run(100)).toBe('idle')
    expect(ran).toEqual(['kept'])
    expect(kernel.eventsRun).toBe(1)
  })

  it('ignores the handle of an event that has run, although its place is in use again', async () => {
    const kernel = kernelAt()
    const ran: string[] = []
    const handle = kernel.at(10, () => ran.push('first'))
    await kernel.run(10)
    kernel.at(20, () => ran.push('second'))
    kernel.cancel(handle)
    await kernel.run(100)
    expect(ran).toEqual(['first', 'second'])
  })

  it('stays small when many long timeouts are called off', async () => {
    const kernel = createKernel({ startMs: 0, pendingMax: 20_000 })
    let ran = 0
    for (let round = 0; round < 100_000; round += 1) {
      kernel.cancel(kernel.at(7_200_000, () => undefined))
    }
    kernel.at(10, () => {
      ran += 1
    })
    expect(await kernel.run(100)).toBe('idle')
    expect(ran).toBe(1)
  })

  it.each([
    { eventsMax: 10, end: 'idle' },
    { eventsMax: 9, end: 'runaway' },
  ])('ends ten events under a bound of $eventsMax as $end', async ({ eventsMax, end }) => {
    const kernel = createKernel({ startMs: 0, eventsMax })
    for (let event = 0; event < 10; event += 1) kernel.at(event, () => undefined)
    expect(await kernel.run(100)).toBe(end)
    expect(kernel.eventsRun).toBe(eventsMax)
  })

  it('ends as runaway when more events wait than it may hold', async () => {
    const kernel = createKernel({ startMs: 0, pendingMax: 2 })
    for (let event = 0; event < 3; event += 1) kernel.at(event, () => undefined)
    expect(await kernel.run(100)).toBe('runaway')
  })

  it('lets all handler code run before it moves on, whatever it awaits', async () => {
    const kernel = kernelAt()
    const times: number[] = []
    const later = (ms: number) =>
      new Promise<void>((resolve) => {
        kernel.after(ms, () => {
          resolve()
          kernel.wake()
        })
      })
    const handler = async () => {
      await Promise.all([later(5), later(10)])
      for (let turn = 0; turn < 100; turn += 1) await undefined
      times.push(kernel.nowMs)
      await later(1)
      times.push(kernel.nowMs)
    }
    kernel.at(0, () => {
      void handler()
      kernel.wake()
    })
    kernel.at(10.5, () => times.push(kernel.nowMs))
    await kernel.run(100)
    expect(times).toEqual([10, 10.5, 11])
  })

  it('hands on what an event throws', async () => {
    const kernel = kernelAt()
    kernel.at(1, () => {
      throw new Error('a defect')
    })
    await expect(kernel.run(100)).rejects.toThrow('a defect')
  })

  it('refuses to run while it runs', async () => {
    const kernel = kernelAt()
    const first = kernel.run(100)
    await expect(kernel.run(100)).rejects.toThrow('Kernel: run was called while running')
    await first
  })
})

/** What a plan asks of a kernel: events, some of which schedule further ones or cancel others when they run. */
const steps = fc.array(
  fc.record({
    delayMs: fc.constantFrom(0, 0, 1, 1, 2, 3.5, 7, 1000),
    /** When it runs, it schedules one more in so many ms. */
    childDelayMs: fc.option(fc.constantFrom(0, 1, 2, 50), { nil: undefined }),
    /** When it runs, it cancels the event scheduled as this one. */
    cancels: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
  }),
  { maxLength: 60 },
)
type Steps = typeof steps extends fc.Arbitrary<infer Plan> ? Plan : never

interface Scheduler {
  nowMs(): number
  at(timeMs: number, event: () => void): number
  cancel(handle: number): void
}

const play = (plan: Steps, scheduler: Scheduler, trace: string[]): void => {
  const handles: number[] = []
  const schedule = (delayMs: number, name: string, step: Steps[number] | undefined) => {
    const event = () => {
      trace.push(`${name} at ${scheduler.nowMs()}`)
      const victim = step?.cancels === undefined ? undefined : handles[step.cancels]
      if (victim !== undefined) scheduler.cancel(victim)
      if (step?.childDelayMs !== undefined) schedule(step.childDelayMs, `${name}'`, undefined)
    }
    handles.push(scheduler.at(scheduler.nowMs() + delayMs, event))
  }
  for (const [index, step] of plan.entries()) schedule(step.delayMs, `${index}`, step)
}

/** The specification: a list that is sorted whenever one is taken. */
const naiveTrace = (plan: Steps): string[] => {
  let now = 0
  const waiting: { timeMs: number; handle: number; event: () => void }[] = []
  let count = 0
  const trace: string[] = []
  play(
    plan,
    {
      nowMs: () => now,
      at: (timeMs, event) => {
        count += 1
        waiting.push({ timeMs, handle: count, event })
        return count
      },
      cancel: (handle) => {
        const index = waiting.findIndex((entry) => entry.handle === handle)
        if (index >= 0) waiting.splice(index, 1)
      },
    },
    trace,
  )
  for (;;) {
    waiting.sort((a, b) => a.timeMs - b.timeMs || a.handle - b.handle)
    const next = waiting.shift()
    if (next === undefined) return trace
    now = next.timeMs
    next.event()
  }
}

describe('a clock', () => {
  const clocked = (startMs = 0) => {
    const told: number[] = []
    const kernel = createKernel({ startMs, clock: { everyMs: 60, passed: (atMs) => told.push(atMs) } })
    return { kernel, told }
  }

  it('is told of each multiple that time comes to, before what happens then', async () => {
    const { kernel, told } = clocked()
    const seen: number[][] = []
    for (const timeMs of [59, 60, 60, 61, 240]) kernel.at(timeMs, () => seen.push([timeMs, ...told]))
    await kernel.run(1_000)
    expect(seen).toEqual([[59], [60, 60], [60, 60], [61, 60], [240, 60, 120, 180, 240]])
  })

  it.each([
    { name: 'just before a multiple', startMs: 59, first: 60 },
    { name: 'on a multiple, which has come already', startMs: 60, first: 120 },
  ])('that starts $name is told of $first first', async ({ startMs, first }) => {
    const { kernel, told } = clocked(startMs)
    kernel.at(130, () => undefined)
    await kernel.run(1_000)
    expect(told[0]).toBe(first)
  })

  it('costs no event', async () => {
    const { kernel } = clocked()
    kernel.at(600, () => undefined)
    await kernel.run(1_000)
    expect(kernel.eventsRun).toBe(1)
  })

  it('is told until the horizon, and of the same time never again', async () => {
    const { kernel, told } = clocked()
    kernel.at(1_000, () => undefined)
    expect(await kernel.run(120)).toBe('horizon')
    expect(told).toEqual([60, 120])
    expect(await kernel.run(181)).toBe('horizon')
    expect(told).toEqual([60, 120, 180])
  })

  it('is told of nothing after the last event', async () => {
    const { kernel, told } = clocked()
    kernel.at(61, () => undefined)
    expect(await kernel.run(1_000)).toBe('idle')
    expect(told).toEqual([60])
  })
})

describe('whatever is scheduled and cancelled', () => {
  it('the kernel runs what a sorted list would run, at the same times', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const kernel = kernelAt()
        const trace: string[] = []
        play(
          plan,
          {
            nowMs: () => kernel.nowMs,
            at: (timeMs, event) => kernel.at(timeMs, event),
            cancel: (handle) => kernel.cancel(handle),
          },
          trace,
        )
        await kernel.run(Number.POSITIVE_INFINITY)
        expect(trace).toEqual(naiveTrace(plan))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('time never runs back and ties run in the order of their scheduling, in a heap of thousands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { minLength: 3000, maxLength: 5000 }), async (times) => {
        const kernel = kernelAt()
        const ran: { readonly timeMs: number; readonly index: number }[] = []
        const handles = times.map((timeMs, index) => kernel.at(timeMs, () => ran.push({ timeMs, index })))
        const isCancelled = (index: number) => index % 10 !== 0 && times.length > 4500
        for (const [index, handle] of handles.entries()) if (isCancelled(index)) kernel.cancel(handle)
        await kernel.run(100)
        const expected = times
          .map((timeMs, index) => ({ timeMs, index }))
          .filter(({ index }) => !isCancelled(index))
          .sort((a, b) => a.timeMs - b.timeMs || a.index - b.index)
        expect(ran).toEqual(expected)
      }),
      { numRuns: 20, seed: 1 },
    )
  })
})

/** What a handler does, one after the other; `both` awaits two handlers at once. */
type Deed =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'turns'; readonly count: number }
  | { readonly kind: 'both'; readonly left: readonly Deed[]; readonly right: readonly Deed[] }

const deeds: fc.Arbitrary<readonly Deed[]> = fc.letrec<{ deeds: readonly Deed[]; deed: Deed }>((tie) => ({
  deed: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ kind: fc.constant('both' as const), left: tie('deeds'), right: tie('deeds') }),
  ),
  deeds: fc.array(tie('deed'), { maxLength: 4 }),
})).deeds

const traceOf = async (
  handlers: readonly (readonly Deed[])[],
  drain: 'fastest' | 'macrotask',
): Promise<readonly string[]> => {
  const kernel = createKernel({ startMs: 0, drain })
  const trace: string[] = []
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      kernel.after(ms, () => {
        kernel.wake()
        resolve()
      })
    })
  const perform = async (name: string, list: readonly Deed[]): Promise<void> => {
    for (const [index, deed] of list.entries()) {
      if (deed.kind === 'wait') await wait(deed.ms)
      else if (deed.kind === 'turns') for (let turn = 0; turn < deed.count; turn += 1) await undefined
      else await Promise.all([perform(`${name}l`, deed.left), perform(`${name}r`, deed.right)])
      trace.push(`${kernel.nowMs} ${name}.${index}`)
    }
  }
  for (const [index, list] of handlers.entries())
    kernel.at(index % 3, () => {
      kernel.wake()
      void perform(String(index), list)
    })
  for (let tick = 0; tick < 40; tick += 1) kernel.at(tick / 2, () => trace.push(`${kernel.nowMs} tick`))
  await kernel.run(1_000)
  return trace
}

describe('the fast way to give handlers their turn', () => {
  it('runs everything at the time and in the order of a macrotask after each event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { maxLength: 6 }), async (handlers) => {
        expect(await traceOf(handlers, 'fastest')).toEqual(await traceOf(handlers, 'macrotask'))
      }),
      { numRuns: 200, seed: 20_261_124 },
    )
  })
})
