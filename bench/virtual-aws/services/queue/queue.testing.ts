import type { Answer, ReceivedMessage } from '../../world.ts'
import type { Properties } from '../properties.ts'
import { queueArn, queueUrl, type Resources, type SmallWorld } from '../small-world.ts'

/** Queues named as their logical ids, and what tests of them send, take and read. */

export const queue = (Properties: Properties = {}): Resources[string] => ({
  Type: 'AWS::SQS::Queue',
  Properties,
})

/** A standard queue Q. */
export const one = (properties: Properties = {}): Resources => ({
  Q: queue({ QueueName: 'Q', ...properties }),
})

/** A FIFO queue, named with the suffix. */
export const fifo = (name: string, properties: Properties = {}): Resources => ({
  [name]: queue({ QueueName: `${name}.fifo`, FifoQueue: true, ...properties }),
})

/** Q, and its dead-letter queue D. */
export const withDlq = (maxReceiveCount: number, ofDeadLetters: Properties = {}): Resources => ({
  Q: queue({
    QueueName: 'Q',
    VisibilityTimeout: 10,
    RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount },
  }),
  D: queue({ QueueName: 'D', MessageRetentionPeriod: 1_209_600, ...ofDeadLetters }),
})

export const fifoWithDlq = (maxReceiveCount: number, ofDeadLetters: Properties = {}): Resources => ({
  ...fifo('Q', {
    VisibilityTimeout: 10,
    RedrivePolicy: { deadLetterTargetArn: queueArn('D.fifo'), maxReceiveCount },
  }),
  ...fifo('D', { MessageRetentionPeriod: 1_209_600, ...ofDeadLetters }),
})

export const on = (name = 'Q') => ({ QueueUrl: queueUrl(name) })

export const send = (world: SmallWorld, body: string, more: Properties = {}): Promise<Answer> =>
  world.call('sqs', 'SendMessage', { ...on(), MessageBody: body, ...more })

/** To Q.fifo; the body is its deduplication id. */
export const sendTo = (
  world: SmallWorld,
  group: string,
  body: string,
  more: Properties = {},
): Promise<Answer> =>
  world.call('sqs', 'SendMessage', {
    ...on('Q.fifo'),
    MessageBody: body,
    MessageGroupId: group,
    MessageDeduplicationId: body,
    ...more,
  })

/** As an event source mapping takes. */
export const take = (world: SmallWorld, name = 'Q', max = 10): readonly ReceivedMessage[] =>
  world.queues.receive(queueArn(name), max, 'mapping')

export const bodies = (messages: readonly ReceivedMessage[]): readonly string[] =>
  messages.map(({ body }) => body)

export const errorOf = (answer: Answer): string | undefined => (answer.ok ? undefined : answer.error.name)

export const messageOf = (answer: Answer): string | undefined =>
  answer.ok ? undefined : answer.error.message

export const outputOf = (answer: Answer): Record<string, unknown> => {
  if (!answer.ok) throw answer.error
  return answer.output as Record<string, unknown>
}
