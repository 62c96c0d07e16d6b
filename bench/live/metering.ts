import { field, listOf, orderIn } from '../measure/messages.ts'
import type { Meter } from '../virtual-aws/observer.ts'
import { utf8Bytes } from '../virtual-aws/services/bytes.ts'
import { eventBytes } from '../virtual-aws/services/event-bus/event.ts'
import { logBytes } from '../virtual-aws/services/function/log-lines.ts'
import { billedBatches, billedRequests } from '../virtual-aws/services/queue/payload.ts'
import { itemBytes } from '../virtual-aws/services/table/item.ts'
import { transactionFactor, writeUnits } from '../virtual-aws/services/table/tables.ts'
import type { ExecutionTrace } from './histories.ts'
import type { TracedCall } from './trace-line.ts'
import type { LoggedInvocation } from './trace-source.ts'
import type { Wiring } from './wiring.ts'

/**
 * What AWS bills and no answer of it says, counted from what a live run knows by the code of the virtual AWS. What the
 * run itself causes, its trace lines and its results queue, is not of the contestant and not counted.
 */

/** Billed units that are no call of their own. */
export interface Metered {
  readonly atMs: number
  readonly meter: Meter
  readonly resource: string
  readonly units: number
}

/** An invocation, its time, and the lines that Lambda logs of it. */
export const meteredOfInvocation = (
  { functionId, line }: LoggedInvocation,
  billedMs: number,
  { logFormatOf }: Wiring,
): readonly Metered[] => {
  const { endedMs: atMs, memoryMiB, cold } = line
  const lines = logBytes(logFormatOf.get(functionId) ?? 'Text', cold)
  return [
    { atMs, meter: 'lambda.request', resource: functionId, units: 1 },
    { atMs, meter: 'lambda.gbMs', resource: functionId, units: (memoryMiB / 1024) * billedMs },
    { atMs, meter: 'logs.bytes', resource: functionId, units: lines },
  ]
}

/** What the archive of a bus takes of the events that the bus took. */
export const archivedOf = (
  { action, input, output, endedMs: atMs }: TracedCall,
  archiveOf: (bus: unknown) => string | undefined,
  region: string,
): readonly Metered[] => {
  if (action !== 'PutEvents') return []
  const results = listOf(field(output, 'Entries'))
  return listOf(field(input, 'Entries')).flatMap((entry, index): Metered[] => {
    const resource = archiveOf(field(entry, 'EventBusName'))
    const isTaken = field(results[index], 'EventId') !== undefined
    return resource === undefined || !isTaken
      ? []
      : [{ atMs, meter: 'events.archive.bytes', resource, units: eventBytes(Object(entry), region) }]
  })
}

/** The lines that a state machine logs of an execution. */
export const loggedOfExecution = (
  { transitions, end, events }: ExecutionTrace,
  { stateMachine, logBytesPerEvent }: Wiring,
): readonly Metered[] => {
  const atMs = end?.endedMs ?? transitions.at(-1)?.atMs
  const units = events * logBytesPerEvent
  return stateMachine === undefined || atMs === undefined || units === 0
    ? []
    : [{ atMs, meter: 'logs.bytes', resource: stateMachine, units }]
}

/** Of a message that is sent. */
export const sendUnits = (body: unknown): number => billedRequests(utf8Bytes(String(body ?? '')))

/** Of what each order was sent with, by the message that came of it; one that never came counts as a small one. */
export const doorUnitsOf = (
  invocations: readonly LoggedInvocation[],
  { queueOf }: Wiring,
  door: string,
): ((orderId: string) => number) => {
  const records = invocations
    .filter(({ functionId }) => queueOf.get(functionId) === door)
    .flatMap(({ line }) => listOf(field(line.event, 'Records')))
  const units = new Map(
    records.map((record) => [orderIn(field(record, 'body')), sendUnits(field(record, 'body'))]),
  )
  return (orderId) => units.get(orderId) ?? 1
}

/** Of the messages that a poller received. */
export const receiveUnits = (records: readonly unknown[]): number =>
  billedBatches(
    records.reduce<number>((sum, record) => sum + utf8Bytes(String(field(record, 'body'))), 0),
    records.length,
  )

/**
 * DynamoDB says what it bills. Of a write that was refused by a condition or by another write, or with its transaction,
 * it says nothing and bills it all the same, unless it was throttled: by the size of what was to be put, and one unit of
 * an update, whose item nobody here has seen.
 */
export const tableUnits = ({ input, output, error }: TracedCall): number => {
  if (error === 'ConditionalCheckFailedException' || error === 'TransactionConflictException')
    return putUnits(input)
  if (error === 'TransactionCanceledException') {
    const reasons = listOf(field(output, 'CancellationReasons'))
    return listOf(field(input, 'TransactItems'))
      .filter((_, index) => !throttledCodes.has(field(reasons[index], 'Code')))
      .reduce<number>((sum, item) => sum + transactionFactor * putUnits(field(item, 'Put')), 0)
  }
  const consumed = field(output, 'ConsumedCapacity')
  const capacities = Array.isArray(consumed) ? consumed : [consumed]
  return capacities.reduce<number>((sum, each) => sum + Number(field(each, 'CapacityUnits') ?? 0), 0)
}

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (read 2026-11-25). */
const throttledCodes: ReadonlySet<unknown> = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded'])

const putUnits = (put: unknown): number => {
  const item = field(put, 'Item')
  return writeUnits(item === undefined ? 0 : itemBytes(Object(item)))
}

/**
 * Messages that were put off for longer than the run waited: the deadlines that the order view sets, a quarter of an
 * hour ahead. Each is billed as the one look that it is when its order has ended by then: received, looked up in the
 * view and deleted, in a warm invocation that takes as long as those that set deadlines did. One whose order is still
 * open by then would set another: that is not counted.
 */
export const stillToCome = (
  invocations: readonly LoggedInvocation[],
  billedMsOf: (invocation: LoggedInvocation) => number,
  wiring: Wiring,
  queueOf: (url: unknown) => string,
): readonly Metered[] => {
  const arrived = new Set(
    invocations.flatMap(({ line }) =>
      listOf(field(line.event, 'Records')).map((record) => field(record, 'messageId')),
    ),
  )
  const putOff = invocations.flatMap((invocation) =>
    invocation.line.calls
      .filter(({ action, input }) => action === 'SendMessage' && Number(field(input, 'DelaySeconds')) > 0)
      .filter(({ output, error }) => error === undefined && !arrived.has(field(output, 'MessageId')))
      .map(({ input }) => ({ invocation, to: wiring.functionOf.get(queueOf(field(input, 'QueueUrl'))) })),
  )
  const warm = putOff.filter(({ invocation }) => !invocation.line.cold)
  const billedMs = meanOf((warm.length > 0 ? warm : putOff).map(({ invocation }) => billedMsOf(invocation)))
  return putOff.flatMap(({ invocation, to: functionId }): Metered[] => {
    if (functionId === undefined) return []
    const line = { ...invocation.line, cold: false }
    const common = { atMs: line.endedMs, resource: functionId }
    return [
      { ...common, meter: 'sqs.request', units: 2 },
      { ...common, meter: 'dynamodb.rru', units: 1 },
      ...meteredOfInvocation({ functionId, line }, billedMs, wiring),
    ]
  })
}

/** In whole units, since AWS bills whole milliseconds. */
const meanOf = (values: readonly number[]): number =>
  Math.round(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))
