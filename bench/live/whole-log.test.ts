import { describe, expect, it } from 'vitest'
import { testClock } from './clock.testing.ts'
import { type Gaps, noGaps } from './gaps.ts'
import type { LoggedInvocation, TraceSource } from './trace-source.ts'
import { wholeLog } from './whole-log.ts'

const patience = { stragglersMs: 100_000, quietMs: 10_000 }
const never = new AbortController().signal

/** An invocation that published the end of an order. */
const ending = (orderId: string): LoggedInvocation =>
  ({
    functionId: 'f',
    line: {
      calls: [
        {
          action: 'PutEvents',
          input: {
            Entries: [
              {
                DetailType: 'OrderCompleted',
                Detail: JSON.stringify({ id: 'e', type: 'OrderCompleted', subject: orderId }),
              },
            ],
          },
        },
      ],
    },
  }) as unknown as LoggedInvocation

/** A log to which this is written at these times. */
const logOf = (
  written: readonly { atMs: number; line: LoggedInvocation; isOld?: boolean }[],
  gaps: Partial<Gaps> = {},
) => {
  const clock = testClock()
  const invocations: LoggedInvocation[] = []
  const left = [...written]
  const log: TraceSource = {
    traceTo: 'log',
    invocations,
    reports: new Map(),
    gaps: () => ({ ...noGaps, ...gaps }),
    close: () => undefined,
    read: async (from) => {
      const isFound = ({ atMs, isOld = false }: (typeof left)[number]) =>
        atMs <= clock.nowMs() && (from === 'beginning' || !isOld)
      const fresh = left.filter(isFound)
      left.splice(0, left.length, ...left.filter((each) => !isFound(each)))
      invocations.push(...fresh.map(({ line }) => line))
      return fresh.length
    },
  }
  return { clock, log }
}

const ends = new Map([['o-1', new Set(['OrderCompleted'])]])

const read = async ({ clock, log }: ReturnType<typeof logOf>) => {
  const gaps = await wholeLog(log, ends, patience, never, clock)
  return { gaps, tookMs: clock.nowMs() }
}

describe('a log', () => {
  it('is whole when all is told and it has been quiet for a while', async () => {
    expect(await read(logOf([{ atMs: 4_000, line: ending('o-1') }]))).toEqual({
      gaps: noGaps,
      tookMs: 14_000,
    })
  })

  it('that tells not how an order ended which did is waited for, and then lacks that', async () => {
    const { gaps, tookMs } = await read(logOf([]))
    expect(gaps).toEqual({ ...noGaps, endsUntold: 1 })
    expect(tookMs).toBe(100_000)
  })

  it('that lacks an invocation is given three times the quiet, and then lacks it', async () => {
    const { gaps, tookMs } = await read(logOf([{ atMs: 0, line: ending('o-1') }], { untold: 1 }))
    expect(gaps).toEqual({ ...noGaps, untold: 1 })
    expect(tookMs).toBe(30_000)
  })

  it.each([
    { name: 'before it was quiet', atMs: 4_000, tookMs: 20_500 },
    { name: 'when it was read from there once', atMs: 15_000, tookMs: 30_500 },
  ])(
    'that lacks something is read from its beginning: a line may come so late, $name',
    async ({ atMs, tookMs }) => {
      const late = await read(logOf([{ atMs, line: ending('o-1'), isOld: true }]))
      expect(late).toEqual({ gaps: noGaps, tookMs })
    },
  )

  it('is read no further once the run is stopped', async () => {
    const { clock, log } = logOf([])
    const stopped = new Error('stopped')
    await expect(wholeLog(log, ends, patience, AbortSignal.abort(stopped), clock)).rejects.toBe(stopped)
  })
})
