import { field, listOf } from '../measure/messages.ts'
import type { Meter } from '../virtual-aws/observer.ts'
import { eventBytes } from '../virtual-aws/services/event-bus/event.ts'
import { logBytes } from '../virtual-aws/services/function/log-lines.ts'
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

/**
 * DynamoDB says what it bills. Of a write that was refused by a condition, or with its transaction, it says nothing and
 * bills it all the same: by the size of what was to be put, and one unit of an update, whose item nobody here has seen.
 */
export const tableUnits = ({ input, output, error }: TracedCall): number => {
  if (error === 'ConditionalCheckFailedException') return putUnits(input)
  if (error === 'TransactionCanceledException')
    return listOf(field(input, 'TransactItems')).reduce<number>(
      (sum, item) => sum + transactionFactor * putUnits(field(item, 'Put')),
      0,
    )
  const consumed = field(output, 'ConsumedCapacity')
  const capacities = Array.isArray(consumed) ? consumed : [consumed]
  return capacities.reduce<number>((sum, each) => sum + Number(field(each, 'CapacityUnits') ?? 0), 0)
}

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
