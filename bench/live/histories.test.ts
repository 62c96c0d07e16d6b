import type { GetExecutionHistoryCommand, HistoryEvent } from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { testClock } from './clock.testing.ts'
import { readHistories } from './histories.ts'
import type { LiveClients } from './target.ts'

const arn = 'arn:aws:states:us-east-1:1:stateMachine:OrderFlow'
const never = new AbortController().signal
const at = new Date(5_000)

const history: readonly HistoryEvent[] = [
  { id: 1, type: 'ExecutionStarted', timestamp: at },
  { id: 2, type: 'TaskStateEntered', timestamp: at, stateEnteredEventDetails: { name: 'CreateOrder' } },
  { id: 3, type: 'ExecutionSucceeded', timestamp: at },
]

const clientsOf = (answer: (input: GetExecutionHistoryCommand['input']) => object): LiveClients =>
  ({
    sfn: { send: async ({ input }: GetExecutionHistoryCommand) => answer(input) },
  }) as unknown as LiveClients

const named = (name: string): Error => Object.assign(new Error(name), { name })
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `o-${at}`)

describe('histories', () => {
  it('of a thousand orders are read within the quota of 400 that refills at 20 a second', async () => {
    const clock = testClock()
    let [tokens, filledMs, refused] = [400, 0, 0]
    const clients = clientsOf(() => {
      tokens = Math.min(400, tokens + ((clock.nowMs() - filledMs) / 1_000) * 20)
      filledMs = clock.nowMs()
      tokens -= 1
      if (tokens < 0) refused += 1
      return { events: history }
    })
    expect(await readHistories(clients, arn, 'OrderFlow', ids(1_000), never, clock)).toHaveLength(1_000)
    expect(refused).toBe(0)
  })

  it('are read to the end although others use up the quota', async () => {
    let asked = 0
    const clients = clientsOf(() => {
      asked += 1
      if (asked % 3 > 0) throw named('ThrottlingException')
      return { events: history }
    })
    expect(await readHistories(clients, arn, 'OrderFlow', ids(20), never, testClock())).toHaveLength(20)
  })

  it('are put together of their pages', async () => {
    const clients = clientsOf(({ nextToken, executionArn }) => {
      expect(executionArn).toBe('arn:aws:states:us-east-1:1:execution:OrderFlow:o-0')
      return nextToken === undefined
        ? { events: history.slice(0, 2), nextToken: 'more' }
        : { events: history.slice(2) }
    })
    const [trace] = await readHistories(clients, arn, 'OrderFlow', ids(1), never, testClock())
    expect(trace?.transitions.map(({ state }) => state)).toEqual(['CreateOrder'])
    expect(trace?.end?.status).toBe('SUCCEEDED')
  })

  it('that do not exist are none', async () => {
    const clients = clientsOf(() => {
      throw named('ExecutionDoesNotExist')
    })
    expect(await readHistories(clients, arn, 'OrderFlow', ids(3), never, testClock())).toEqual([])
  })

  it('are read no further once the run is stopped', async () => {
    const controller = new AbortController()
    const stopped = new Error('stopped')
    let asked = 0
    const clients = clientsOf(() => {
      asked += 1
      if (asked === 3) controller.abort(stopped)
      return { events: history }
    })
    const reading = readHistories(clients, arn, 'OrderFlow', ids(100), controller.signal, testClock())
    await expect(reading).rejects.toBe(stopped)
    expect(asked).toBe(3)
  })
})
