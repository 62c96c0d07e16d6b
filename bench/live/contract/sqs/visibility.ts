import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { sqsApi, sqsGuide } from '../documentation.ts'
import { between, equal, holds, present, refused } from '../expectations.ts'
import { arnOf, queue, queueWithDeadLetters } from '../resources.ts'
import { type Aws, group } from '../statement.ts'
import { expectNone, receive, receiveOne, remove, send } from './messages.ts'

const visibilityPage = sqsGuide('sqs-visibility-timeout')

const change = (
  aws: Aws,
  name: string,
  ReceiptHandle: string | undefined,
  VisibilityTimeout: number,
): Promise<unknown> =>
  aws.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: aws.named(name), ReceiptHandle, VisibilityTimeout }),
  )

export const visibility = group({ stack: 'sqs-visibility', service: 'SQS' }, [
  {
    id: 'hides',
    statement:
      'A received message is hidden from others until its visibility timeout is over, then it comes again',
    documentation: visibilityPage,
    resources: { Hidden: queue({ VisibilityTimeout: 2 }) },
    check: async (aws) => {
      const { MessageId } = await send(aws, 'Hidden', 'hello')
      const first = await receiveOne(aws, 'Hidden')
      const fromMs = aws.now()
      equal(await receive(aws, 'Hidden'), [], 'received while it is hidden')
      const again = await receiveOne(aws, 'Hidden')
      between(aws.now() - fromMs, 1500, 6000, 'milliseconds until it came again')
      equal([first.MessageId, again.MessageId], [MessageId, MessageId], 'ids')
    },
  },
  {
    id: 'receive-count',
    statement: 'Each receive counts, keeps the time of the first, and gives a receipt handle of its own',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Recounted: queue({ VisibilityTimeout: 1 }) },
    check: async (aws) => {
      await send(aws, 'Recounted', 'hello')
      const first = await receiveOne(aws, 'Recounted')
      const second = await receiveOne(aws, 'Recounted')
      equal(
        [first, second].map(({ Attributes }) => Attributes?.ApproximateReceiveCount),
        ['1', '2'],
        'ApproximateReceiveCount',
      )
      equal(
        second.Attributes?.ApproximateFirstReceiveTimestamp,
        first.Attributes?.ApproximateFirstReceiveTimestamp,
        'ApproximateFirstReceiveTimestamp',
      )
      holds(first.ReceiptHandle !== second.ReceiptHandle, 'ReceiptHandle: expected another one')
    },
  },
  {
    id: 'extended',
    statement:
      'ChangeMessageVisibility counts its timeout from the call, and so keeps the message hidden longer',
    documentation: sqsApi('ChangeMessageVisibility'),
    resources: { Extended: queue({ VisibilityTimeout: 2 }) },
    check: async (aws) => {
      await send(aws, 'Extended', 'hello')
      const { ReceiptHandle } = await receiveOne(aws, 'Extended')
      await aws.sleep(1000)
      const fromMs = aws.now()
      await change(aws, 'Extended', ReceiptHandle, 3)
      await receiveOne(aws, 'Extended')
      between(aws.now() - fromMs, 2500, 7000, 'milliseconds until it came again')
    },
  },
  {
    id: 'zero',
    statement: 'A visibility timeout of zero makes a message visible at once',
    documentation: visibilityPage,
    resources: { Returned: queue({ VisibilityTimeout: 600 }) },
    check: async (aws) => {
      await send(aws, 'Returned', 'hello')
      const { ReceiptHandle } = await receiveOne(aws, 'Returned')
      await change(aws, 'Returned', ReceiptHandle, 0)
      equal((await receiveOne(aws, 'Returned')).Attributes?.ApproximateReceiveCount, '2', 'receives')
    },
  },
  {
    id: 'of-receive',
    statement: 'The visibility timeout of a receive takes the place of the one of the queue',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Overruled: queue({ VisibilityTimeout: 600 }) },
    check: async (aws) => {
      await send(aws, 'Overruled', 'hello')
      await receive(aws, 'Overruled', { VisibilityTimeout: 1, WaitTimeSeconds: 10 })
      await receiveOne(aws, 'Overruled')
    },
  },
  {
    id: 'bounds',
    statement: 'A visibility timeout of more than 43,200 s is an InvalidParameterValue',
    documentation: sqsApi('ChangeMessageVisibility'),
    resources: { BoundedVisibility: queue() },
    check: async (aws) => {
      await send(aws, 'BoundedVisibility', 'hello')
      const { ReceiptHandle } = await receiveOne(aws, 'BoundedVisibility')
      await refused(
        change(aws, 'BoundedVisibility', ReceiptHandle, 43_201),
        'InvalidParameterValue',
        '43,201 s',
      )
    },
  },
  {
    id: 'not-in-flight',
    statement: 'ChangeMessageVisibility of a message that is visible again is MessageNotInflight',
    documentation: sqsApi('ChangeMessageVisibility'),
    resources: { Landed: queue({ VisibilityTimeout: 1 }) },
    check: async (aws) => {
      await send(aws, 'Landed', 'hello')
      const { ReceiptHandle } = await receiveOne(aws, 'Landed')
      await aws.sleep(2000)
      await refused(change(aws, 'Landed', ReceiptHandle, 5), MessageNotInflight, 'a message that is visible')
    },
  },
  {
    id: 'invalid-handle',
    statement: 'A receipt handle that never was one is ReceiptHandleIsInvalid',
    documentation: sqsApi('DeleteMessage'),
    resources: { Handled: queue() },
    check: async (aws) => {
      const QueueUrl = aws.named('Handled')
      await refused(
        aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'nonsense' })),
        ReceiptHandleIsInvalid,
        'DeleteMessage',
      )
      await refused(change(aws, 'Handled', 'nonsense', 5), ReceiptHandleIsInvalid, 'ChangeMessageVisibility')
    },
  },
  {
    id: 'redrive',
    statement:
      'A message that was received as often as it may be goes to the dead-letter queue, under its own id',
    documentation: sqsGuide('sqs-dead-letter-queues'),
    resources: queueWithDeadLetters('Tried', 2, { VisibilityTimeout: 1 }),
    check: async (aws) => {
      const { MessageId } = await send(aws, 'Tried', 'hello', {
        MessageAttributes: { city: { DataType: 'String', StringValue: 'Bern' } },
      })
      await receiveOne(aws, 'Tried')
      await receiveOne(aws, 'Tried')
      await aws.sleep(1500)
      await expectNone(aws, 'Tried', 'received a third time')
      const dead = await receiveOne(aws, 'TriedDead')
      equal([dead.MessageId, dead.Body], [MessageId, 'hello'], 'the dead letter')
      equal(dead.MessageAttributes?.['city']?.StringValue, 'Bern', 'its attribute')
    },
  },
  {
    id: 'redrive-not-deleted-only',
    statement: 'A message that is deleted at its last allowed receive does not go to the dead-letter queue',
    documentation: sqsGuide('sqs-dead-letter-queues'),
    resources: queueWithDeadLetters('Spared', 1, { VisibilityTimeout: 1 }),
    check: async (aws) => {
      await send(aws, 'Spared', 'hello')
      await remove(aws, 'Spared', await receiveOne(aws, 'Spared'))
      await aws.sleep(1500)
      await expectNone(aws, 'Spared', 'received again')
      await expectNone(aws, 'SparedDead', 'dead letters')
    },
  },
  {
    id: 'move-back',
    statement: 'A message move task takes dead letters back to the queue that they came from',
    documentation: sqsApi('StartMessageMoveTask'),
    resources: queueWithDeadLetters('Forgiven', 1, { VisibilityTimeout: 1 }),
    outputs: { ForgivenDeadArn: arnOf('ForgivenDead') },
    check: async (aws) => {
      await send(aws, 'Forgiven', 'hello')
      await receiveOne(aws, 'Forgiven')
      await aws.sleep(1500)
      await expectNone(aws, 'Forgiven', 'received a second time')
      const SourceArn = aws.named('ForgivenDeadArn')
      const { TaskHandle } = await aws.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }))
      present(TaskHandle, 'TaskHandle')
      const back = await receiveOne(aws, 'Forgiven', 20)
      equal([back.Body, back.Attributes?.ApproximateReceiveCount], ['hello', '1'], 'the message')
    },
  },
])
