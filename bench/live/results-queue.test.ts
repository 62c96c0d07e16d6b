import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { testClock } from './clock.testing.ts'
import { listen } from './results-queue.ts'
import type { LiveClients } from './target.ts'

const messageOf = (type: string, subject: string) => ({
  Body: JSON.stringify({ detail: { id: `${type}-${subject}`, type, subject } }),
  ReceiptHandle: subject,
})

/** A queue whose receives answer one after the other as told; then it stays empty. */
const listening = (answers: readonly (Error | readonly object[])[], death?: Error) => {
  const deleted: string[] = []
  const left = [...answers]
  let receives = 0
  let toldOf: unknown
  let heardOf: (error: unknown) => void
  const failed = new Promise<unknown>((resolve) => {
    heardOf = resolve
  })
  const send = async (command: object) => {
    if (command instanceof DeleteMessageBatchCommand)
      return void deleted.push(...(command.input.Entries ?? []).map((entry) => entry.ReceiptHandle ?? ''))
    receives += 1
    const answer = death ?? left.shift()
    if (answer instanceof Error) throw answer
    // A long poll: gives others their turn.
    if (answer === undefined) await new Promise((resolve) => setImmediate(resolve))
    return { Messages: answer ?? [] }
  }
  const results = listen(
    { sqs: { send } } as unknown as LiveClients,
    'https://results',
    new Set(['o-1', 'o-2']),
    (error) => {
      toldOf = error
      heardOf(error)
    },
    testClock(),
  )
  return { results, deleted, failed, receives: () => receives, toldOf: () => toldOf }
}

const gone = new Error('AWS.SimpleQueueService.NonExistentQueue')

describe('the results queue', () => {
  it('tells the ends of the orders of the run, and is emptied of all others', async () => {
    const queue = listening([
      [messageOf('OrderCompleted', 'o-1'), messageOf('OrderCompleted', 'of-another-run')],
      Object.assign(new Error('once'), { code: 'ECONNRESET' }),
      [messageOf('OrderRejected', 'o-1')],
    ])
    while (queue.receives() < 5) await new Promise((resolve) => setImmediate(resolve))
    await queue.results.stop()
    expect(queue.results.ends).toEqual(new Map([['o-1', new Set(['OrderCompleted', 'OrderRejected'])]]))
    expect(queue.deleted).toEqual(['o-1', 'of-another-run', 'o-1'])
    expect(queue.toldOf()).toBeUndefined()
  })

  it('that is gone is told of at once', async () => {
    const queue = listening([], gone)
    expect(await queue.failed).toBe(gone)
    expect(queue.receives()).toBe(1)
  })

  it('that nobody can reach is waited for, for ten minutes', async () => {
    const unreachable = Object.assign(new Error('no way'), { code: 'EAI_AGAIN' })
    const queue = listening([], unreachable)
    expect(await queue.failed).toBe(unreachable)
    expect(queue.receives()).toBeGreaterThan(500)
  })

  it('can be stopped after it failed: the failure was told already', async () => {
    const queue = listening([], gone)
    await queue.failed
    await expect(queue.results.stop()).resolves.toBeUndefined()
  })
})
