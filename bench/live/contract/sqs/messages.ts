import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SendMessageCommandOutput,
} from '@aws-sdk/client-sqs'
import { equal, present } from '../expectations.ts'
import type { Aws } from '../statement.ts'

/** How checks send, take and delete messages of a queue, by its logical id. */

export const send = (
  aws: Aws,
  queue: string,
  body: string,
  more: Partial<SendMessageCommandInput> = {},
): Promise<SendMessageCommandOutput> =>
  aws.sqs.send(new SendMessageCommand({ QueueUrl: aws.named(queue), MessageBody: body, ...more }))

/** One receive; without a wait a standard queue may say that it is empty although it is not. */
export const receive = async (
  aws: Aws,
  queue: string,
  more: Partial<ReceiveMessageCommandInput> = {},
): Promise<readonly Message[]> => {
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: aws.named(queue),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...more,
    }),
  )
  return Messages
}

/** Takes until there are so many, within so many seconds; they stay in flight. Fewer are returned as they are. */
export const receiveUpTo = async (
  aws: Aws,
  queue: string,
  count: number,
  seconds = 10,
): Promise<readonly Message[]> => {
  const taken: Message[] = []
  const untilMs = aws.now() + seconds * 1000
  while (taken.length < count && aws.now() < untilMs) {
    const left = Math.max(1, Math.min(20, Math.ceil((untilMs - aws.now()) / 1000)))
    taken.push(
      ...(await receive(aws, queue, {
        WaitTimeSeconds: left,
        MaxNumberOfMessages: Math.min(10, count - taken.length),
      })),
    )
  }
  return taken
}

/** Takes and deletes until there are so many bodies, in the order in which they come: a group goes on when one is deleted. */
export const takeInOrder = async (aws: Aws, queue: string, count: number): Promise<readonly string[]> => {
  const bodies: string[] = []
  const untilMs = aws.now() + 10_000
  while (bodies.length < count && aws.now() < untilMs)
    for (const message of await receive(aws, queue, { WaitTimeSeconds: 2 })) {
      bodies.push(message.Body ?? '')
      await remove(aws, queue, message)
    }
  return bodies
}

/** The one message that comes within so many seconds. */
export const receiveOne = async (aws: Aws, queue: string, seconds = 10): Promise<Message> =>
  present((await receiveUpTo(aws, queue, 1, seconds))[0], `a message from ${queue} within ${seconds} s`)

/** The bodies that come within so many seconds, sorted, each deleted; waits all that time. */
export const bodiesWithin = async (aws: Aws, queue: string, seconds: number): Promise<readonly string[]> => {
  const bodies: string[] = []
  const untilMs = aws.now() + seconds * 1000
  while (aws.now() < untilMs) {
    for (const message of await receive(aws, queue, { WaitTimeSeconds: 1 })) {
      bodies.push(message.Body ?? '')
      await remove(aws, queue, message)
    }
  }
  return bodies.toSorted()
}

/** Nothing can be received now, with a short wait. */
export const expectNone = async (aws: Aws, queue: string, what: string): Promise<void> =>
  equal(
    (await receive(aws, queue, { WaitTimeSeconds: 1 })).map(({ Body }) => Body),
    [],
    what,
  )

export const remove = (aws: Aws, queue: string, { ReceiptHandle }: Message): Promise<unknown> =>
  aws.sqs.send(new DeleteMessageCommand({ QueueUrl: aws.named(queue), ReceiptHandle }))
