import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { SQSRecord } from 'aws-lambda'
import { required } from '../shared/batch.ts'
import { type EventEnvelope, event } from '../shared/messages/envelope.ts'
import type { EventName } from '../shared/messages/names.ts'
import { type OrderSummary, summaryOf } from '../shared/order.ts'
import { overdueAfterMs } from '../shared/patience.ts'
import { publish } from '../shared/publish.ts'
import { patiently, type Table, writeIf } from '../shared/records.ts'
import type { Clients, FunctionEntry } from '../shared/runtime.ts'
import { listener, reading } from './listener.ts'

/**
 * The projection that choreography needs, since nobody is in charge: where is my order, and which are overdue? Events
 * come in any order and more than once; the view only ever moves on in rank.
 */

/** An item of the view's table. */
export interface OrderView {
  readonly pk: string
  /** The event of the highest rank that was heard. */
  readonly stage: EventName
  readonly rank: number
  readonly outcome: 'open' | 'completed' | 'rejected'
  /** When that event was recorded; ISO 8601. */
  readonly since: string
  /** When it should have ended; set once that has passed and it had not. ISO 8601. */
  readonly overdueAt?: string
}

/** How far along an order is when an event tells of it. */
const ranks: Readonly<Record<Exclude<EventName, 'OrderOverdue'>, number>> = {
  OrderCreated: 1,
  InventoryReserved: 2,
  InventoryRejected: 3,
  PaymentProcessed: 4,
  PaymentDeclined: 5,
  OrderShipped: 6,
  ShippingFailed: 7,
  PaymentRefunded: 8,
  InventoryReleased: 9,
  OrderCompleted: 10,
  OrderRejected: 10,
  CustomerNotified: 11,
  NotificationFailed: 11,
}
const terminalRank = ranks.OrderCompleted

type HeardEvent = EventEnvelope<keyof typeof ranks>
const eventIn = reading(Object.keys(ranks) as (keyof typeof ranks)[])

/** A queue cannot hold a message back for longer: a deadline farther off is set again on the way. */
const delaySecondsMax = 900

/** The message that the view sends itself: all that the deadline needs travels in it. */
interface Deadline {
  readonly order: OrderSummary
  /** ISO 8601. */
  readonly dueAt: string
  /** Id of the event that set it. */
  readonly causeId: string
}

/** Follows every event of an order; the first of them sets its deadline. */
export const viewOnAnyEvent: FunctionEntry = (clients, env, _providers, clock) => {
  const table = { dynamo: clients.dynamo, name: required(env, 'TABLE_NAME'), clock }
  const deadlineQueueUrl = required(env, 'DEADLINE_QUEUE_URL')
  return listener(clients, env, async (record) => {
    const fact = eventIn(record)
    await moveOn(table, fact)
    if (fact.type !== 'OrderCreated') return
    const dueAt = new Date(Date.parse(fact.time) + overdueAfterMs).toISOString()
    const deadline = { order: summaryOf(fact.data.order), dueAt, causeId: fact.id }
    await arm(clients.sqs, deadlineQueueUrl, deadline, clock.nowMs())
  })
}

/** An order whose deadline has passed is overdue unless it has ended; before that the deadline is set again. */
export const viewOnDeadline: FunctionEntry = (clients, env, _providers, clock) => {
  const table = { dynamo: clients.dynamo, name: required(env, 'TABLE_NAME'), clock }
  const busName = required(env, 'BUS_NAME')
  const deadlineQueueUrl = required(env, 'DEADLINE_QUEUE_URL')
  return listener(clients, env, async (record) => {
    const deadline = deadlineIn(record)
    if (await hasEnded(table, deadline.order.orderId)) return
    if (clock.nowMs() < Date.parse(deadline.dueAt)) {
      await arm(clients.sqs, deadlineQueueUrl, deadline, clock.nowMs())
    } else if (await markOverdue(table, deadline)) {
      await publish(clients.eventBridge, busName, overdue(deadline))
    }
  })
}

const moveOn = (table: Table, { subject, type, time, data }: HeardEvent): Promise<boolean> =>
  writeIf(table, subject, () =>
    table.dynamo.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: subject },
        UpdateExpression: 'SET stage = :stage, #rank = :rank, outcome = :outcome, since = :since',
        ConditionExpression: 'attribute_not_exists(pk) OR #rank < :rank',
        ExpressionAttributeNames: { '#rank': 'rank' },
        ExpressionAttributeValues: {
          ':stage': type,
          ':rank': ranks[type],
          ':outcome': outcomeAt('outcome' in data ? data.outcome : type),
          ':since': time,
        },
      }),
    ),
  )

const outcomeAt = (type: EventName): OrderView['outcome'] => {
  if (type === 'OrderCompleted') return 'completed'
  return type === 'OrderRejected' ? 'rejected' : 'open'
}

const arm = async (
  sqs: Clients['sqs'],
  QueueUrl: string,
  deadline: Deadline,
  nowMs: number,
): Promise<void> => {
  const secondsLeft = Math.max(0, Math.ceil((Date.parse(deadline.dueAt) - nowMs) / 1_000))
  const DelaySeconds = Math.min(delaySecondsMax, secondsLeft)
  await sqs.send(new SendMessageCommand({ QueueUrl, DelaySeconds, MessageBody: JSON.stringify(deadline) }))
}

const deadlineIn = ({ body }: SQSRecord): Deadline => JSON.parse(body) as Deadline

const hasEnded = (table: Table, orderId: string): Promise<boolean> => {
  const read = new GetCommand({ TableName: table.name, Key: { pk: orderId }, ConsistentRead: true })
  return patiently(
    table,
    orderId,
    () => table.dynamo.send(read),
    ({ Item }) => Item !== undefined && (Item as OrderView).rank >= terminalRank,
  )
}

/** Marked before it is told, under the condition that the order has not ended in between. */
const markOverdue = (table: Table, { order, dueAt }: Deadline): Promise<boolean> =>
  writeIf(table, order.orderId, () =>
    table.dynamo.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: order.orderId },
        UpdateExpression: 'SET overdueAt = :dueAt',
        ConditionExpression: '#rank < :terminal',
        ExpressionAttributeNames: { '#rank': 'rank' },
        ExpressionAttributeValues: { ':dueAt': dueAt, ':terminal': terminalRank },
      }),
    ),
  )

/** The same event, id and all, however often the deadline is delivered. */
const overdue = ({ order, dueAt, causeId }: Deadline): EventEnvelope =>
  event({
    type: 'OrderOverdue',
    orderId: order.orderId,
    causationId: causeId,
    time: dueAt,
    data: { order, dueAt },
  })
