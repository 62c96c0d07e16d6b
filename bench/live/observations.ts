import { field, listOf } from '../measure/messages.ts'
import type { Watchers } from '../run.ts'
import type { ApiCall, Invocation, Observer } from '../virtual-aws/observer.ts'
import { billedPuts } from '../virtual-aws/services/event-bus/put-events.ts'
import { billedBatches } from '../virtual-aws/services/queue/payload.ts'
import type { Submission } from './front-door.ts'
import type { ExecutionTrace } from './histories.ts'
import { providerCallOf } from './ledger.ts'
import {
  archivedOf,
  doorUnitsOf,
  loggedOfExecution,
  type Metered,
  meteredOfInvocation,
  receiveUnits,
  sendUnits,
  stillToCome,
  tableUnits,
} from './metering.ts'
import type { LiveStack } from './stack.ts'
import type { Report, TracedCall, TraceLine } from './trace-line.ts'
import type { LoggedInvocation } from './trace-source.ts'
import type { Wiring } from './wiring.ts'

/** What a live run has left to be read. */
export interface LiveTraces {
  readonly stack: LiveStack
  readonly wiring: Wiring
  readonly submissions: readonly Submission[]
  readonly invocations: readonly LoggedInvocation[]
  readonly reports: ReadonlyMap<string, Report>
  readonly executions: readonly ExecutionTrace[]
}

/** One thing that happened, and how it is told. */
interface Happening {
  readonly atMs: number
  readonly tell: (watchers: Required<Watchers>) => void
}

/**
 * A live run in the words in which the virtual AWS tells its own, in the order in which it happened, so that the same
 * folds measure both. What nobody can see from outside is not told: which events matched no rule, what a quota delayed,
 * what an idle poller received, and how long a receive took.
 */
export const observationsOf = (traces: LiveTraces): readonly Happening[] => {
  const places = placesOf(traces.stack)
  const doorUnits = doorUnitsOf(traces.invocations, traces.wiring, places(frontDoorOf(traces.stack)))
  const happenings = [
    ...traces.submissions.flatMap((submission) => atTheDoor(submission, traces, places, doorUnits)),
    ...traces.invocations.flatMap((invocation) => ofInvocation(invocation, traces, places)),
    ...deliveries(traces),
    ...traces.executions.flatMap((execution) => ofExecution(execution, traces)),
    ...stillToCome(
      traces.invocations,
      (invocation) => billedMsOf(invocation, traces),
      traces.wiring,
      places,
    ).map(metered),
  ]
  return happenings.toSorted((a, b) => a.atMs - b.atMs)
}

/** Physical names as calls bear them → logical ids. */
type Places = (physical: unknown) => string

const placesOf = ({ resources }: LiveStack): Places => {
  const byName = new Map(
    resources.flatMap(({ physicalId, logicalId }) => [
      [physicalId, logicalId] as const,
      [lastPart(physicalId), logicalId] as const,
    ]),
  )
  return (physical) =>
    byName.get(String(physical)) ?? byName.get(lastPart(String(physical))) ?? String(physical)
}

/** Of a queue's URL and of an ARN, the name. */
const lastPart = (text: string): string => text.split(/[/:]/).at(-1) ?? text

const told = (call: ApiCall): Happening => ({
  atMs: call.endedMs,
  tell: toAll((observer) => observer.call?.(call)),
})

const metered = ({ atMs, meter, resource, units }: Metered): Happening => ({
  atMs,
  tell: toAll((observer) => observer.metered?.(meter, resource, units)),
})

const toAll =
  (tell: (observer: Observer) => void): Happening['tell'] =>
  ({ observers }) =>
    observers.forEach(tell)

const atTheDoor = (
  submission: Submission,
  { stack, wiring }: LiveTraces,
  places: Places,
  doorUnits: (orderId: string) => number,
): readonly Happening[] => {
  const { orderId, intendedMs, sentMs: startedMs, answeredMs: endedMs, error } = submission
  const accept: Happening['tell'] = ({ accepted }) => accepted(orderId, endedMs)
  const isStart = wiring.stateMachine !== undefined
  return [
    { atMs: intendedMs, tell: ({ submitted }) => submitted(orderId, intendedMs) },
    ...(error === undefined ? [{ atMs: endedMs, tell: accept }] : []),
    told({
      ...(isStart
        ? { service: 'states', action: 'StartExecution', meter: undefined, units: 0 }
        : { service: 'sqs', action: 'SendMessage', meter: 'sqs.request', units: doorUnits(orderId) }),
      by: 'caller',
      resource: wiring.stateMachine ?? places(frontDoorOf(stack)),
      input: { orderId },
      output: undefined,
      startedMs,
      endedMs,
      error: error?.split(':')[0],
    }),
  ]
}

/** The queue that a stack names to its callers. */
const frontDoorOf = ({ outputs, resources }: LiveStack): string | undefined =>
  Object.values(outputs).find((value) =>
    resources.some(({ type, physicalId }) => type === 'AWS::SQS::Queue' && physicalId === value),
  )

/** What Lambda reports, or what the function's own clock says. */
const billedMsOf = ({ line }: LoggedInvocation, { reports }: LiveTraces): number =>
  reports.get(line.requestId)?.billedMs ?? Math.ceil(line.endedMs - line.startedMs)

const ofInvocation = (logged: LoggedInvocation, traces: LiveTraces, places: Places): readonly Happening[] => {
  const { functionId, line } = logged
  const { wiring, reports, stack } = traces
  const { startedMs, endedMs, memoryMiB } = line
  const report = reports.get(line.requestId)
  const billedMs = billedMsOf(logged, traces)
  const archiveOf = (bus: unknown): string | undefined => wiring.archiveOf.get(places(bus))
  const invocation: Invocation = {
    functionId,
    event: line.event,
    startedMs,
    endedMs,
    billedMs,
    // An environment that was made for it counts as cold even where nobody says how long that took.
    initMs: line.cold ? Math.max(report?.initMs ?? 0, Number.MIN_VALUE) : 0,
    memoryMiB,
    end: line.error === undefined ? 'returned' : 'failed',
    result: line.result,
  }
  return [
    ...line.calls.flatMap((call) => [
      told(ofFunction(call, functionId, wiring, places)),
      ...archivedOf(call, archiveOf, stack.region).map(metered),
    ]),
    ...aroundInvocation(invocation, line.error, wiring),
    { atMs: endedMs, tell: toAll((observer) => observer.invocation?.(invocation)) },
    ...line.providers.flatMap(ofProvider),
    ...meteredOfInvocation(logged, billedMs, wiring).map(metered),
  ]
}

/** What was called to bring the work and to take it away: by the mapping of a queue, or by the state machine itself. */
const aroundInvocation = (
  invocation: Invocation,
  error: TraceLine['error'],
  wiring: Wiring,
): readonly Happening[] => {
  const { functionId, event, result, startedMs, endedMs } = invocation
  const by = wiring.mappingOf.get(functionId)
  const queue = wiring.queueOf.get(functionId)
  if (by === undefined || queue === undefined) {
    if (wiring.stateMachine === undefined) return []
    return [
      told({
        service: 'lambda',
        action: 'Invoke',
        by: wiring.stateMachine,
        resource: functionId,
        input: { Payload: event },
        output:
          error === undefined
            ? { Payload: result }
            : { FunctionError: 'Unhandled', Payload: { errorType: error.name, errorMessage: error.message } },
        startedMs,
        endedMs,
        error: undefined,
        meter: undefined,
        units: 0,
      }),
    ]
  }
  const records = listOf(field(event, 'Records'))
  const failed = new Set(
    listOf(field(result, 'batchItemFailures')).map((failure) => field(failure, 'itemIdentifier')),
  )
  const done =
    invocation.end === 'returned' ? records.filter((record) => !failed.has(field(record, 'messageId'))) : []
  const request = {
    service: 'sqs',
    by,
    resource: queue,
    error: undefined,
    meter: 'sqs.request',
  } as const
  const received: ApiCall = {
    ...request,
    action: 'ReceiveMessage',
    input: {},
    output: records,
    startedMs,
    endedMs: startedMs,
    units: receiveUnits(records),
  }
  const deleted: ApiCall = {
    ...request,
    action: 'DeleteMessageBatch',
    input: { receiptHandles: done.map((record) => field(record, 'receiptHandle')) },
    output: undefined,
    startedMs: endedMs,
    endedMs,
    units: billedBatches(0, done.length),
  }
  return [told(received), ...(done.length === 0 ? [] : [told(deleted)])]
}

/** A call that a function made itself. */
const ofFunction = (call: TracedCall, by: string, wiring: Wiring, places: Places): ApiCall => {
  const { action, input, output, error, startedMs, endedMs } = call
  const common = { action, by, input, output, startedMs, endedMs, error }
  switch (action) {
    case 'GetItem':
      return { ...common, ...ofTable(call, 'dynamodb.rru', places(field(input, 'TableName'))) }
    case 'PutItem':
    case 'UpdateItem':
      return { ...common, ...ofTable(call, 'dynamodb.wru', places(field(input, 'TableName'))) }
    case 'TransactWriteItems':
      return { ...common, ...ofTable(call, 'dynamodb.wru', places(tableOfTransaction(input))) }
    case 'PutEvents': {
      const units = billedPuts(Object(input), output)
      const resource = places(field(listOf(field(input, 'Entries'))[0], 'EventBusName'))
      return { ...common, service: 'events', resource, meter: 'events.put', units }
    }
    case 'SendMessage': {
      const units = sendUnits(field(input, 'MessageBody'))
      return {
        ...common,
        service: 'sqs',
        resource: places(field(input, 'QueueUrl')),
        meter: 'sqs.request',
        units,
      }
    }
    case 'ChangeMessageVisibility':
      return {
        ...common,
        service: 'sqs',
        resource: places(field(input, 'QueueUrl')),
        meter: 'sqs.request',
        units: 1,
      }
    default:
      return { ...common, service: 'states', resource: wiring.stateMachine ?? '', meter: undefined, units: 0 }
  }
}

const ofTable = (call: TracedCall, meter: 'dynamodb.rru' | 'dynamodb.wru', resource: string) =>
  ({ service: 'dynamodb', resource, meter, units: tableUnits(call) }) as const

const tableOfTransaction = (input: unknown): unknown =>
  listOf(field(input, 'TransactItems'))
    .flatMap((item) => [field(item, 'Put'), field(item, 'Update')])
    .map((write) => field(write, 'TableName'))
    .find((name) => name !== undefined)

/**
 * Messages that one service sent to another, seen where they arrived: by the state machine when they bear a task token,
 * by a rule when they hold an event. Each counts once, however often it was received.
 */
const deliveries = ({ invocations, wiring }: LiveTraces): readonly Happening[] => {
  const seen = new Set<string>()
  return invocations.flatMap(({ functionId, line }) => {
    const resource = wiring.queueOf.get(functionId)
    if (resource === undefined) return []
    return listOf(field(line.event, 'Records')).flatMap((record) => {
      const messageId = String(field(record, 'messageId'))
      const MessageBody = field(record, 'body')
      const by =
        String(MessageBody).startsWith('{"taskToken"') || String(MessageBody).includes('"taskToken":')
          ? wiring.stateMachine
          : wiring.ruleOf.get(resource)
      if (by === undefined || seen.has(messageId)) return []
      seen.add(messageId)
      const atMs = Number(field(field(record, 'attributes'), 'SentTimestamp'))
      return [
        told({
          service: 'sqs',
          action: 'SendMessage',
          by,
          resource,
          input: { MessageBody },
          output: { MessageId: messageId },
          startedMs: atMs,
          endedMs: atMs,
          error: undefined,
          meter: 'sqs.request',
          units: sendUnits(MessageBody),
        }),
      ]
    })
  })
}

const ofProvider = (call: TracedCall): readonly Happening[] => {
  const seen = providerCallOf(call)
  return seen === undefined ? [] : [{ atMs: seen.endedMs, tell: ({ provider }) => provider(seen) }]
}

const ofExecution = (execution: ExecutionTrace, { wiring }: LiveTraces): readonly Happening[] => {
  const { transitions, end } = execution
  return [
    ...transitions.map((transition) => ({
      atMs: transition.atMs,
      tell: toAll((observer) => observer.transition?.(transition)),
    })),
    ...(end === undefined
      ? []
      : [{ atMs: end.endedMs, tell: toAll((observer) => observer.execution?.(end)) }]),
    ...loggedOfExecution(execution, wiring).map(metered),
  ]
}
