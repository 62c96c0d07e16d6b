import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import type { FunctionCode } from '../../deploy.ts'
import { deployWorker, pollerActions, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

const minuteMs = 60_000

/** Messages `group/number`, sent one after the other. */
const fedFromFifo = (
  bodies: readonly string[],
  work: FunctionCode,
  mapping: Readonly<Record<string, unknown>> = {},
  everyMs = 1,
) => {
  const template = workerTemplate({
    actions: pollerActions,
    queue: { QueueName: 'Jobs.fifo', FifoQueue: true, VisibilityTimeout: 60 },
    mapping,
  })
  const watched = deployWorker(template, work)
  const QueueUrl = watched.stack.outputs['QueueUrl']
  for (const [index, body] of bodies.entries()) {
    const message = new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      MessageGroupId: body.split('/')[0],
      MessageDeduplicationId: body,
    })
    watched.stack.kernel.at(startMs + index * everyMs, () => void watched.stack.clients.sqs.send(message))
  }
  return watched
}

const bodiesOf = (event: unknown): string[] => recordsOf(event).map(({ body }) => body)

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-25) */
describe('a mapping of a FIFO queue', () => {
  it.each([
    { groups: 6, maximum: 10, atOnce: 6 },
    { groups: 12, maximum: 10, atOnce: 10 },
    { groups: 30, maximum: undefined, atOnce: 30 },
  ])(
    'invokes $atOnce at once for $groups groups and a maximum concurrency of $maximum',
    async ({ groups, maximum, atOnce }) => {
      let active = 0
      let activeMax = 0
      const bodies = Array.from({ length: groups * 3 }, (_, index) => `g${index % groups}/${index}`)
      const ScalingConfig = maximum === undefined ? undefined : { MaximumConcurrency: maximum }
      const { stack } = fedFromFifo(
        bodies,
        ({ clock }) =>
          async () => {
            active += 1
            activeMax = Math.max(activeMax, active)
            await clock.sleep(5000)
            active -= 1
          },
        { BatchSize: 1, ScalingConfig },
      )
      await stack.kernel.run(startMs + 5 * minuteMs)
      expect(activeMax).toBe(atOnce)
      expect(stack.depths().get('JobQueue')).toBe(0)
    },
  )

  it('delivers as slowly as was measured: 28 ms in the median', async () => {
    const bodies = Array.from({ length: 3000 }, (_, index) => `g${index}/${index}`)
    const watched = fedFromFifo(bodies, () => async () => undefined, { BatchSize: 1 }, 1000)
    await watched.stack.kernel.run(startMs + 60 * minuteMs)
    const takenMs = watched.calls
      .filter(({ action }) => action === 'ReceiveMessage')
      .flatMap(({ output, startedMs }) =>
        (output as readonly { body: string }[]).map(
          ({ body }) => startedMs - startMs - Number(body.split('/')[1]) * 1000,
        ),
      )
      .sort((a, b) => a - b)
    expect(takenMs).toHaveLength(3000)
    expect(Math.abs((takenMs[1500] ?? 0) / 28.1 - 1)).toBeLessThan(0.1)
    expect(Math.abs((takenMs[2700] ?? 0) / 61.2 - 1)).toBeLessThan(0.15)
  })

  it('hands over several groups in one batch, each in its order, with the group in each record', async () => {
    const batches: string[][] = []
    const groups: (string | undefined)[] = []
    const bodies = ['a/1', 'b/1', 'a/2', 'b/2', 'a/3']
    const { stack } = fedFromFifo(
      bodies,
      ({ clock }) =>
        async (event) => {
          batches.push(bodiesOf(event))
          groups.push(...recordsOf(event).map(({ attributes }) => attributes['MessageGroupId']))
          await clock.sleep(1000)
        },
      { ScalingConfig: { MaximumConcurrency: 2 } },
    )
    await stack.kernel.run(startMs + minuteMs)
    expect(batches.flat().filter((body) => body.startsWith('a'))).toEqual(['a/1', 'a/2', 'a/3'])
    expect(batches.flat().filter((body) => body.startsWith('b'))).toEqual(['b/1', 'b/2'])
    expect(groups).toEqual(batches.flat().map((body) => body.split('/')[0]))
  })

  it('holds up a group whose batch failed until its messages come back, and no other group', async () => {
    const heard: string[] = []
    let failures = 1
    const { stack } = fedFromFifo(
      ['a/1', 'b/1', 'a/2', 'b/2'],
      () => async (event) => {
        const bodies = bodiesOf(event)
        if (bodies.includes('a/1') && failures > 0) {
          failures -= 1
          throw new Error('no')
        }
        heard.push(...bodies)
      },
      { BatchSize: 1 },
    )
    await stack.kernel.run(startMs + minuteMs / 2)
    expect(heard).toEqual(['b/1', 'b/2'])
    await stack.kernel.run(startMs + 3 * minuteMs)
    expect(heard).toEqual(['b/1', 'b/2', 'a/1', 'a/2'])
  })

  /** "Your function should stop processing messages after the first failure and return all failed and unprocessed
   * messages": https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (read 2026-11-25). */
  describe.each([
    {
      name: 'that reports all from its first failure on keeps the order',
      stops: true,
      order: ['1', '2', '3'],
    },
    { name: 'that goes on after a failure loses the order', stops: false, order: ['1', '3', '2'] },
  ])('with a function $name', ({ stops, order }) => {
    it('deletes what is not reported, and nothing else', async () => {
      const done: string[] = []
      const { stack } = fedFromFifo(['a/1', 'a/2', 'a/3'], () => async (event) => {
        const records = recordsOf(event)
        const isFirst = records[0]?.attributes['ApproximateReceiveCount'] === '1'
        const failing = records.findIndex(({ body }) => isFirst && body === 'a/2')
        const failed = records.filter((_, index) =>
          stops ? failing >= 0 && index >= failing : index === failing,
        )
        done.push(...records.filter((record) => !failed.includes(record)).map(({ body }) => body.slice(2)))
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
      })
      await stack.kernel.run(startMs + 3 * minuteMs)
      expect(done).toEqual(order)
      expect(stack.depths().get('JobQueue')).toBe(0)
    })
  })
})
