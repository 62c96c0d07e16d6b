import type { SQSRecord } from 'aws-lambda'
import { friendlyModel, steppingClock } from './orders.testing.ts'
import { type ProviderModel, simulateWorld } from './providers.ts'
import type { Clients, Environment, FunctionEntry, Handler } from './runtime.ts'
import { type FakeTable, fakeTable } from './tables.testing.ts'

/** For tests: a function as Lambda would start it, over a table in memory and clients that note what is sent. */
export interface Rig {
  readonly handler: Handler
  readonly table: FakeTable
  /** Inputs of what was sent to other services, in order, by the command's class. */
  readonly sent: { readonly command: string; readonly input: Readonly<Record<string, unknown>> }[]
  sleep(ms: number): Promise<void>
}

export interface RigFields {
  readonly model?: Partial<ProviderModel>
  readonly env?: Environment
  /** Answers a command to another service than the table; what it throws, the handler sees. */
  readonly answer?: (command: string) => object
}

export const environment: Environment = {
  TABLE_NAME: 'table',
  BUS_NAME: 'bus',
  QUEUE_URL: 'queue',
  DEADLINE_QUEUE_URL: 'deadlines',
}

export const rigOf = (
  entry: FunctionEntry,
  { model = {}, env = environment, answer = () => ({ FailedEntryCount: 0 }) }: RigFields = {},
): Rig => {
  const table = fakeTable()
  const clock = steppingClock()
  const sent: Rig['sent'] = []
  const send = async (command: { readonly input: Readonly<Record<string, unknown>> }): Promise<object> => {
    sent.push({ command: command.constructor.name, input: command.input })
    return answer(command.constructor.name)
  }
  const client = { send: send as never }
  const clients: Clients = { sfn: client, eventBridge: client, sqs: client, dynamo: table.dynamo }
  const { providers } = simulateWorld({ ...friendlyModel, ...model })
  return { handler: entry(clients, env, providers(clock), clock), table, sent, sleep: clock.sleep }
}

/** A record as an event source mapping hands it over. */
export const recordOf = (body: unknown, receives = 1, messageId = 'm-1'): SQSRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn',
  awsRegion: 'us-east-1',
})

/** An AWS exception of that name, as the SDK throws it. */
export const awsError = (name: string): Error => Object.assign(new Error(name), { name, $fault: 'client' })
