import { ChangeMessageVisibilityCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { deployWorker, pollerActions, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

const minuteMs = 60_000

const bodiesOf = (event: unknown): string[] => recordsOf(event).map(({ body }) => body)

const sendMany = (watched: ReturnType<typeof deployWorker>, count: number): void => {
  for (let index = 0; index < count; index += 1) watched.send(`${index}`)
}

describe('an event source mapping', () => {
  it('deletes what succeeded, in one request for each started ten', async () => {
    const watched = deployWorker(workerTemplate(), () => async () => ({ batchItemFailures: [] }))
    sendMany(watched, 25)
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(watched.stack.depths().get('JobQueue')).toBe(0)
    const deletes = watched.calls.filter(({ action }) => action === 'DeleteMessageBatch')
    expect(deletes).toHaveLength(watched.invocations.length)
    expect(new Set(deletes.map(({ by }) => by))).toEqual(new Set(['JobMapping']))
  })

  it('hands over each message once when all succeed', async () => {
    const heard: string[] = []
    const watched = deployWorker(workerTemplate(), () => async (event) => {
      heard.push(...bodiesOf(event))
    })
    sendMany(watched, 100)
    await watched.stack.kernel.run(startMs + 10 * minuteMs)
    expect(heard.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })

  it('leaves the failures of a partial response until their visibility ends', async () => {
    const heard: string[][] = []
    const watched = deployWorker(workerTemplate(), () => async (event) => {
      const first = recordsOf(event).filter(({ attributes }) => attributes['ApproximateReceiveCount'] === '1')
      heard.push(bodiesOf(event))
      return {
        batchItemFailures: first
          .filter(({ body }) => body === '3')
          .map(({ messageId }) => ({ itemIdentifier: messageId })),
      }
    })
    sendMany(watched, 5)
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.stack.depths().get('JobQueue')).toBe(1)
    await watched.stack.kernel.run(startMs + 2 * minuteMs)
    expect(heard.flat().sort()).toEqual(['0', '1', '2', '3', '3', '4'])
    expect(watched.stack.depths().get('JobQueue')).toBe(0)
  })

  const answers = [
    { name: 'nothing', answer: undefined, left: 0 },
    { name: 'null', answer: null, left: 0 },
    { name: 'an empty list', answer: { batchItemFailures: [] }, left: 0 },
    { name: 'no list', answer: { batchItemFailures: null }, left: 0 },
    { name: 'an unknown id', answer: { batchItemFailures: [{ itemIdentifier: 'nobody' }] }, left: 1 },
    { name: 'an empty id', answer: { batchItemFailures: [{ itemIdentifier: '' }] }, left: 1 },
    { name: 'a null id', answer: { batchItemFailures: [{ itemIdentifier: null }] }, left: 1 },
    { name: 'a wrong key', answer: { batchItemFailures: [{ id: 'x' }] }, left: 1 },
  ]
  it.each(answers)('takes $name for an answer that leaves $left of one message', async ({ answer, left }) => {
    const watched = deployWorker(workerTemplate(), () => async () => answer)
    watched.send('x')
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.stack.depths().get('JobQueue')).toBe(left)
  })

  it('without partial responses deletes the whole batch whatever the answer says', async () => {
    const template = workerTemplate({ mapping: { FunctionResponseTypes: undefined } })
    const watched = deployWorker(template, () => async (event) => ({
      batchItemFailures: recordsOf(event).map(({ messageId }) => ({ itemIdentifier: messageId })),
    }))
    watched.send('x')
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.stack.depths().get('JobQueue')).toBe(0)
  })

  it('leaves the whole batch when the function throws', async () => {
    const watched = deployWorker(workerTemplate(), () => async () => {
      throw new Error('no')
    })
    watched.send('x')
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.stack.depths().get('JobQueue')).toBe(1)
    expect(watched.invocations.map(({ end }) => end)).toEqual(['failed'])
  })

  it.each([1, 20, 300])(
    'delivers at %d messages a second as fast as one alone, once it is warm',
    async (perSecond) => {
      const watched = deployWorker(workerTemplate(), () => async () => undefined)
      const count = 3000
      // Pollers that wait for cold starts are not free for others.
      const fromMs = startMs + minuteMs
      watched.send('-1')
      for (let index = 0; index < count; index += 1) {
        watched.stack.kernel.at(fromMs + (index * 1000) / perSecond, () => watched.send(`${index}`))
      }
      await watched.stack.kernel.run(Number.POSITIVE_INFINITY)
      const takenMs = watched.calls
        .filter(({ action }) => action === 'ReceiveMessage')
        .flatMap(({ output, startedMs }) =>
          (output as readonly { body: string }[]).map(
            ({ body }) => startedMs - fromMs - (Number(body) * 1000) / perSecond,
          ),
        )
        .slice(1)
        .sort((a, b) => a - b)
      expect(takenMs).toHaveLength(count)
      const quantile = (probability: number) => takenMs[Math.ceil(probability * count) - 1] ?? 0
      expect(Math.abs(quantile(0.5) / 16.2 - 1)).toBeLessThan(0.03)
      expect(Math.abs(quantile(0.9) / 33.8 - 1)).toBeLessThan(0.1)
      expect(Math.abs(quantile(0.99) / 105 - 1)).toBeLessThan(0.15)
    },
  )

  it('delivers together what becomes visible together, up to a batch at a time', async () => {
    const sizes: number[] = []
    const watched = deployWorker(workerTemplate(), () => async (event) => {
      sizes.push(recordsOf(event).length)
    })
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: 'x' }))
    const QueueUrl = watched.stack.outputs['QueueUrl']
    for (const DelaySeconds of [1, 2]) {
      const delayed = Entries.slice(DelaySeconds).map((entry) => ({ ...entry, DelaySeconds }))
      void watched.stack.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: delayed }))
    }
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(sizes).toEqual([9, 8])
  })

  it('takes what piled up while all were busy in full batches, and is prompt again after it', async () => {
    const batches: { readonly atMs: number; readonly size: number }[] = []
    const template = workerTemplate({ mapping: { ScalingConfig: { MaximumConcurrency: 2 } } })
    const watched = deployWorker(template, ({ clock }) => async (event) => {
      batches.push({ atMs: clock.nowMs() - startMs, size: recordsOf(event).length })
      await clock.sleep(1000)
    })
    for (let index = 0; index < 42; index += 1) {
      watched.stack.kernel.at(startMs + index, () => watched.send('x'))
    }
    watched.stack.kernel.at(startMs + 20_000, () => watched.send('late'))
    await watched.stack.kernel.run(startMs + minuteMs)
    const sizes = batches.map(({ size }) => size)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(43)
    expect(sizes.slice(2, 5)).toEqual([10, 10, 10])
    expect(batches.at(-1)?.atMs).toBeLessThan(20_500)
  })

  it('does not delete a message that came back and was received again while its handler ran', async () => {
    const ends: { readonly receives: string | undefined; readonly left: number | undefined }[] = []
    const watched = deployWorker(
      workerTemplate({ actions: [...pollerActions, 'sqs:ChangeMessageVisibility'] }),
      ({ clients, clock }) =>
        async (event) => {
          const [record] = recordsOf(event)
          const ReceiptHandle = record?.receiptHandle
          const QueueUrl = watched.stack.outputs['QueueUrl']
          const shown = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 })
          if (record?.attributes['ApproximateReceiveCount'] === '1') await clients.sqs.send(shown)
          await clock.sleep(3000)
          const receives = record?.attributes['ApproximateReceiveCount']
          ends.push({ receives, left: watched.stack.depths().get('JobQueue') })
        },
    )
    watched.send('x')
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(ends).toEqual([
      { receives: '1', left: 1 },
      { receives: '2', left: 1 },
    ])
    expect(watched.stack.depths().get('JobQueue')).toBe(0)
  })

  it('invokes no more at once than its maximum concurrency, in batches when messages pile up', async () => {
    let active = 0
    let activeMax = 0
    const sizes: number[] = []
    const template = workerTemplate({ mapping: { ScalingConfig: { MaximumConcurrency: 2 } } })
    const watched = deployWorker(template, ({ clock }) => async (event) => {
      active += 1
      activeMax = Math.max(activeMax, active)
      sizes.push(recordsOf(event).length)
      await clock.sleep(2000)
      active -= 1
    })
    sendMany(watched, 60)
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(activeMax).toBe(2)
    expect(Math.max(...sizes)).toBe(10)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60)
    expect(watched.stack.depths().get('JobQueue')).toBe(0)
  })

  it('that is disabled delivers nothing and polls nothing', async () => {
    const watched = deployWorker(workerTemplate({ mapping: { Enabled: false } }), () => async () => undefined)
    watched.send('x')
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(watched.invocations).toEqual([])
    expect(watched.stack.idlePolls(startMs, startMs + minuteMs).get('JobQueue')).toBe(0)
  })
})

describe('idle polls', () => {
  const hourMs = 60 * minuteMs
  it.each([
    { name: '5 pollers with a maximum concurrency', mapping: {}, polls: 5 * 180 },
    { name: '2 pollers without', mapping: { ScalingConfig: undefined }, polls: 2 * 180 },
  ])('of an hour without messages: $name, one in 20 s', ({ mapping, polls }) => {
    const { stack } = deployWorker(workerTemplate({ mapping }), () => async () => undefined)
    expect(stack.idlePolls(startMs, startMs + hourMs)).toEqual(new Map([['JobQueue', polls]]))
  })

  it.each([
    { name: 'one message a minute shortens one poll by half', everyMs: minuteMs, polls: 870 },
    {
      name: 'one in 4 s, as many as there were polls, leaves 1 ÷ (e − 1) of them',
      everyMs: 4000,
      polls: 524,
    },
    { name: 'two a second leave next to none', everyMs: 500, polls: 2 },
  ])('are fewer when messages come: $name', async ({ everyMs, polls }) => {
    const watched = deployWorker(workerTemplate(), () => async () => undefined)
    for (let atMs = startMs; atMs < startMs + hourMs; atMs += everyMs) {
      watched.stack.kernel.at(atMs, () => watched.send('x'))
    }
    await watched.stack.kernel.run(startMs + hourMs)
    const counted = watched.stack.idlePolls(startMs, startMs + hourMs).get('JobQueue') ?? 0
    expect(Math.abs(counted - polls)).toBeLessThanOrEqual(3)
  })

  it('are as many in a minute without messages, whatever came before', async () => {
    const watched = deployWorker(workerTemplate(), () => async () => undefined)
    for (let index = 0; index < 100; index += 1) {
      watched.stack.kernel.at(startMs + index * 500, () => watched.send('x'))
    }
    await watched.stack.kernel.run(startMs + hourMs)
    expect(watched.stack.idlePolls(startMs + minuteMs, startMs + hourMs).get('JobQueue')).toBe(59 * 15)
  })
})
