import { InvokeCommand } from '@aws-sdk/client-lambda'
import {
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs'
import { lambdaApi, lambdaGuide } from '../documentation.ts'
import { between, equal, eventually, holds, includes } from '../expectations.ts'
import {
  fifoQueue,
  functionRole,
  lambdaFunction,
  mapping,
  queue,
  queueWithDeadLetters,
  refTo,
} from '../resources.ts'
import { expectNone, receiveOne, receiveUpTo, remove, send } from '../sqs/messages.ts'
import { type Aws, group, type Resource, type Resources } from '../statement.ts'

const errorsPage = lambdaGuide('services-sqs-errorhandling')

interface SqsRecord {
  readonly messageId: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** A function that tells what it is given to a queue, and is given what lies in another one. */
const consumer = (
  name: string,
  entry: string,
  properties: Readonly<Record<string, unknown>> = {},
  queues: Resources = { [name]: queue({ VisibilityTimeout: 10 }) },
): Resources => ({
  ...queues,
  [`${name}Told`]: queue(),
  [`${name}Function`]: lambdaFunction(entry, { TOLD_URL: refTo(`${name}Told`) }, { Timeout: 2 }),
  [`${name}Mapping`]: mapping(name, `${name}Function`, properties),
})

const reporting = { FunctionResponseTypes: ['ReportBatchItemFailures'] }

const comesSeconds = 40

/** The records of the invocations that come, batch by batch, until there are so many records. */
const batchesTold = async (aws: Aws, name: string, records: number): Promise<readonly SqsRecord[][]> => {
  const batches: SqsRecord[][] = []
  const untilMs = aws.now() + comesSeconds * 1000
  while (batches.flat().length < records && aws.now() < untilMs) {
    for (const message of await receiveUpTo(aws, `${name}Told`, 1, 5)) {
      batches.push(Object(JSON.parse(message.Body ?? '{}')).Records)
      await remove(aws, `${name}Told`, message)
    }
  }
  return batches
}

const recordsTold = async (aws: Aws, name: string, records: number): Promise<readonly SqsRecord[]> =>
  (await batchesTold(aws, name, records)).flat()

/** Visible, in flight or delayed. */
const emptied = (aws: Aws, name: string): Promise<true> =>
  eventually(
    aws,
    async () => {
      const { Attributes = {} } = await aws.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: aws.named(name), AttributeNames: ['All'] }),
      )
      const counts = [
        Attributes.ApproximateNumberOfMessages,
        Attributes.ApproximateNumberOfMessagesNotVisible,
        Attributes.ApproximateNumberOfMessagesDelayed,
      ]
      return counts.every((count) => count === '0') ? true : undefined
    },
    `an empty queue ${name}`,
    30_000,
  )

const sendTogether = (aws: Aws, name: string, ...bodies: readonly string[]): Promise<unknown> =>
  aws.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: aws.named(name),
      Entries: bodies.map((MessageBody, index) => ({ Id: `e${index}`, MessageBody })),
    }),
  )

/** Invoked once by itself: a cold start takes longer than some visibility timeouts here. */
const warmed = async (aws: Aws, name: string): Promise<void> => {
  const FunctionName = aws.named(`${name}Function`)
  await aws.lambda.send(new InvokeCommand({ FunctionName, Payload: '{"Records":[]}' }))
  await remove(aws, `${name}Told`, await receiveOne(aws, `${name}Told`))
}

const shared: Readonly<Record<string, Resource>> = { FunctionRole: functionRole }

export const mappings = group({ stack: 'lambda-sqs', service: 'Lambda', shared }, [
  {
    id: 'record',
    statement:
      'A function gets messages as records with id, handle, body, attributes and the ARN of their queue',
    documentation: lambdaGuide('with-sqs'),
    resources: consumer('Recorded', 'witness'),
    outputs: { RecordedArn: { 'Fn::GetAtt': ['Recorded', 'Arn'] } },
    check: async (aws) => {
      const city: MessageAttributeValue = { DataType: 'String', StringValue: 'Bern' }
      const { MessageId } = await send(aws, 'Recorded', 'hello', { MessageAttributes: { city } })
      const [record] = await recordsTold(aws, 'Recorded', 1)
      includes(
        record,
        {
          messageId: MessageId,
          body: 'hello',
          eventSource: 'aws:sqs',
          eventSourceARN: aws.named('RecordedArn'),
          awsRegion: aws.named('RecordedArn').split(':')[3],
        },
        'the record',
      )
      equal(record?.attributes['ApproximateReceiveCount'], '1', 'ApproximateReceiveCount')
      for (const name of ['SentTimestamp', 'SenderId', 'ApproximateFirstReceiveTimestamp'])
        holds(typeof record?.attributes[name] === 'string', `${name}: expected a text`)
      holds(typeof record?.['receiptHandle'] === 'string', 'receiptHandle: expected a text')
      includes(
        Object(record?.['messageAttributes']).city,
        { stringValue: 'Bern', dataType: 'String' },
        'its attribute',
      )
    },
  },
  {
    id: 'deletes',
    statement: 'Messages of an invocation that succeeds are deleted',
    documentation: errorsPage,
    resources: consumer('Deleted', 'witness'),
    check: async (aws) => {
      await sendTogether(aws, 'Deleted', '1', '2', '3')
      const records = await recordsTold(aws, 'Deleted', 3)
      equal(records.map(({ body }) => body).toSorted(), ['1', '2', '3'], 'what it was given')
      await emptied(aws, 'Deleted')
    },
  },
  {
    id: 'partial',
    statement: 'With ReportBatchItemFailures only the messages that are reported come again',
    documentation: errorsPage,
    resources: consumer(
      'Partial',
      'reportFailures',
      { ...reporting, MaximumBatchingWindowInSeconds: 1 },
      queueWithDeadLetters('Partial', 2, { VisibilityTimeout: 5 }),
    ),
    check: async (aws) => {
      await warmed(aws, 'Partial')
      await sendTogether(aws, 'Partial', 'ok1', 'fail', 'ok2')
      const records = await recordsTold(aws, 'Partial', 4)
      equal(
        records.map(({ body, attributes }) => `${body} ${attributes['ApproximateReceiveCount']}`).toSorted(),
        ['fail 1', 'fail 2', 'ok1 1', 'ok2 1'],
        'what it was given',
      )
      const dead = await receiveUpTo(aws, 'PartialDead', 1, comesSeconds)
      equal(
        dead.map(({ Body }) => Body),
        ['fail'],
        'dead letters',
      )
    },
  },
  {
    id: 'whole-batch',
    statement: 'When a function throws, every message of its batch comes again',
    documentation: errorsPage,
    resources: consumer(
      'Whole',
      'failWhole',
      { MaximumBatchingWindowInSeconds: 1 },
      queueWithDeadLetters('Whole', 1, { VisibilityTimeout: 5 }),
    ),
    check: async (aws) => {
      await warmed(aws, 'Whole')
      await sendTogether(aws, 'Whole', 'ok', 'fail')
      const [batch = []] = await batchesTold(aws, 'Whole', 2)
      const together = batch.length === 2
      const dead = await receiveUpTo(aws, 'WholeDead', together ? 2 : 1, comesSeconds)
      equal(dead.map(({ Body }) => Body).toSorted(), together ? ['fail', 'ok'] : ['fail'], 'dead letters')
    },
  },
  {
    id: 'unreported',
    statement:
      'Without ReportBatchItemFailures the answer of a function that returns does not matter: all are deleted',
    documentation: errorsPage,
    resources: consumer('Unreported', 'reportFailures'),
    check: async (aws) => {
      await send(aws, 'Unreported', 'fail')
      await recordsTold(aws, 'Unreported', 1)
      await emptied(aws, 'Unreported')
    },
  },
  {
    id: 'batch-size',
    statement: 'No batch has more messages than BatchSize',
    documentation: lambdaApi('CreateEventSourceMapping'),
    resources: consumer('Pairs', 'witness', { BatchSize: 2 }),
    check: async (aws) => {
      await sendTogether(aws, 'Pairs', '1', '2', '3', '4', '5')
      const batches = await batchesTold(aws, 'Pairs', 5)
      equal(
        batches
          .flat()
          .map(({ body }) => body)
          .toSorted(),
        ['1', '2', '3', '4', '5'],
        'what it was given',
      )
      between(Math.max(...batches.map(({ length }) => length)), 1, 2, 'the largest batch')
    },
  },
  {
    id: 'filter',
    statement: 'Messages that no filter lets through are deleted, and the function never gets them',
    documentation: lambdaGuide('with-sqs-filtering'),
    resources: consumer('Filtered', 'witness', {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { kind: ['order'] } }) }] },
    }),
    check: async (aws) => {
      await sendTogether(aws, 'Filtered', '{"kind":"offer"}', '{"kind":"order"}')
      const records = await recordsTold(aws, 'Filtered', 1)
      equal(
        records.map(({ body }) => body),
        ['{"kind":"order"}'],
        'what it was given',
      )
      await emptied(aws, 'Filtered')
      await expectNone(aws, 'FilteredTold', 'what else it was given')
    },
  },
  {
    id: 'disabled',
    statement: 'A mapping that is not enabled leaves the messages in their queue',
    documentation: lambdaApi('CreateEventSourceMapping'),
    resources: consumer('Asleep', 'witness', { Enabled: false }),
    check: async (aws) => {
      await send(aws, 'Asleep', 'hello')
      await aws.sleep(2000)
      equal((await receiveUpTo(aws, 'Asleep', 1, 5)).length, 1, 'messages left')
    },
  },
  {
    id: 'fifo',
    statement: 'A function gets the messages of a FIFO group in their order, with group and sequence number',
    documentation: lambdaGuide('with-sqs'),
    resources: consumer('Ordered', 'witness', { BatchSize: 2 }, { Ordered: fifoQueue('Ordered') }),
    check: async (aws) => {
      const bodies = ['1', '2', '3', '4']
      for (const body of bodies)
        await send(aws, 'Ordered', body, { MessageGroupId: 'g', MessageDeduplicationId: body })
      const records = await recordsTold(aws, 'Ordered', 4)
      const inOrder = records.toSorted((a, b) =>
        Number(BigInt(a.attributes['SequenceNumber'] ?? 0) - BigInt(b.attributes['SequenceNumber'] ?? 0)),
      )
      equal(
        inOrder.map(({ body }) => body),
        bodies,
        'what it was given, by sequence number',
      )
      equal(
        new Set(records.map(({ attributes }) => attributes['MessageGroupId'])),
        new Set(['g']),
        'MessageGroupId',
      )
    },
  },
])
