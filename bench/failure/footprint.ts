import { field, listOf, orderIn, ordersIn, parse, publishedIn } from '../measure/messages.ts'
import type { Deployment } from '../virtual-aws/deploy.ts'
import type { ApiCall, Invocation, Observer } from '../virtual-aws/observer.ts'
import type { LostEvents } from './lost-events.ts'
import { inParts, type Recorded, recordedBy, recordedInParts } from './recorded.ts'

/**
 * What a run left of each order and each service, so that one with faults can be held against one without. Plain data;
 * orders are in the order of the workload.
 */
export interface Footprint {
  /** Its intended start, since the Unix epoch. */
  readonly intendedMs: Float64Array
  /** From its intended start until the bus took its last word; NaN where it never did. */
  readonly completionMs: Float64Array
  /** How often something that failed, was refused, was lost or came again was about the order. */
  readonly troubles: Uint32Array
  /** Invocations, calls and messages that failed, were refused or lost, by service; see `createFootprint`. */
  readonly failures: ReadonlyMap<string, number>
  /** By service. */
  readonly records: ReadonlyMap<string, Recorded>
}

export interface FootprintFold {
  readonly observer: Observer
  submitted(orderId: string, intendedMs: number): void
  /** `missing` are the events that did not come to who was to hear them. */
  finish(deployment: Deployment, missing: readonly LostEvents[]): Footprint
}

export interface FootprintOptions {
  /** Those that will be submitted. */
  readonly orders: readonly { readonly orderId: string }[]
  /** The component that a function belongs to, by the function's logical id. */
  readonly functions: Readonly<Record<string, string>>
  /** Logical ids of the state machines. */
  readonly machines: ReadonlySet<string>
  /** Names of the messages that answer a task: a failure of that name is business. */
  readonly answers: ReadonlySet<string>
}

/** Whoever is in charge, as routes call it. */
const conductor = 'conductor'

const terminalFacts: ReadonlySet<string> = new Set(['OrderCompleted', 'OrderRejected'])

/**
 * A failure is one of a service's, whichever style says so in whichever way:
 *
 * - an invocation of its function that failed, timed out, crashed, was throttled, or gave back records of its batch; or
 *   that answered its task with an outage;
 * - an API call by or to its function, queue or rule that was refused;
 * - an execution of its state machine that did not succeed;
 * - a message that its queue or rule dead-lettered, dropped or let expire, and an event that its rule did not take.
 *
 * No failure is what a service is told when it asks for what was done or decided before: that a condition of its table
 * does not hold, or that nobody waits for the answer any more. Nor is a refusal of business, though in some designs an
 * invocation fails by its name.
 */
export const createFootprint = ({
  orders,
  functions,
  machines,
  answers,
}: FootprintOptions): FootprintFold => {
  const indexOf = new Map(orders.map(({ orderId }, index) => [orderId, index]))
  const intendedMs = new Float64Array(orders.length)
  const completionMs = new Float64Array(orders.length).fill(Number.NaN)
  const troubles = new Uint32Array(orders.length)
  const failures = new Map<string, number>()
  const services = new Map<string, string | undefined>()

  const serviceOf = (id: string): string | undefined => {
    if (services.has(id)) return services.get(id)
    const service = machines.has(id) ? conductor : functions[id.replace(kinds, 'Function')]
    services.set(id, service)
    return service
  }
  const fail = (service: string | undefined, times = 1): void => {
    if (service !== undefined) failures.set(service, (failures.get(service) ?? 0) + times)
  }
  const trouble = (orderId: string | undefined): void => {
    const index = orderId === undefined ? undefined : indexOf.get(orderId)
    if (index !== undefined) troubles[index] = (troubles[index] ?? 0) + 1
  }
  const seeTerminalFact = (call: ApiCall): void => {
    for (const { type, detail } of publishedIn(call)) {
      const orderId = terminalFacts.has(type) ? orderIn(detail) : undefined
      const index = orderId === undefined ? undefined : indexOf.get(orderId)
      if (index !== undefined && Number.isNaN(completionMs[index]))
        completionMs[index] = call.endedMs - (intendedMs[index] ?? 0)
    }
  }
  const seeRefusal = (call: ApiCall): void => {
    if (toldBefore.has(call.error ?? '')) return
    const [by, to] = [serviceOf(call.by), serviceOf(call.resource)]
    fail(by)
    // A throttled invocation is told of as such, whoever invokes.
    if (to !== by && call.error !== throttledInvocation) fail(to)
    for (const orderId of ordersOfCall(call.input)) trouble(orderId)
  }

  return {
    observer: {
      call(call) {
        if (call.error !== undefined) seeRefusal(call)
        else if (call.service === 'events') seeTerminalFact(call)
        else if (call.action === 'SendTaskFailure' && !answers.has(String(field(call.input, 'error'))))
          fail(serviceOf(call.by))
        else if (call.service === 'lambda' && answers.has(errorOfFunction(call)))
          // The invocation was counted as failed when it ended, which comes first.
          fail(serviceOf(call.resource), -1)
      },
      invocation(invocation) {
        const failed = failedOrders(invocation)
        if (failed === undefined) return
        fail(serviceOf(invocation.functionId))
        for (const orderId of failed) trouble(orderId)
      },
      execution({ machineId, executionName, status }) {
        if (status === 'SUCCEEDED') return
        fail(serviceOf(machineId))
        trouble(executionName)
      },
      lost({ resource, body }) {
        fail(serviceOf(resource))
        trouble(orderIn(body))
      },
      throttled({ resource, effect }) {
        if (resource !== undefined && effect === 'rejected' && functions[resource] !== undefined)
          fail(functions[resource])
      },
      duplicate(_, body) {
        trouble(orderIn(body))
      },
    },
    submitted(orderId, atMs) {
      const index = indexOf.get(orderId)
      if (index !== undefined) intendedMs[index] = atMs
    },
    finish(deployment, missing) {
      const all = new Map(failures)
      for (const { resource, events } of missing) {
        // What expired in a queue was told of when it did.
        const service = resource.endsWith('Rule') ? serviceOf(resource) : undefined
        if (service !== undefined) all.set(service, (all.get(service) ?? 0) + events)
      }
      return {
        intendedMs: intendedMs.slice(),
        completionMs: completionMs.slice(),
        troubles: troubles.slice(),
        failures: all,
        records: recordedBy(deployment, orders),
      }
    },
  }
}

/** Of the shards of one run: their orders one after the other. */
export const footprintOf = (shards: readonly Footprint[]): Footprint | undefined => {
  const [first, ...others] = shards
  if (first === undefined || others.length === 0) return first
  const services = new Set(shards.flatMap(({ records }) => [...records.keys()]))
  return {
    intendedMs: inParts(
      shards.map(({ intendedMs }) => intendedMs),
      (length) => new Float64Array(length),
    ),
    completionMs: inParts(
      shards.map(({ completionMs }) => completionMs),
      (length) => new Float64Array(length),
    ),
    troubles: inParts(
      shards.map(({ troubles }) => troubles),
      (length) => new Uint32Array(length),
    ),
    failures: summed(shards.map(({ failures }) => failures)),
    records: new Map(
      [...services].map((service) => [
        service,
        recordedInParts(shards.flatMap(({ records }) => records.get(service) ?? [])),
      ]),
    ),
  }
}

const summed = (counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>()
  for (const [name, count] of counts.flatMap((each) => [...each]))
    sums.set(name, (sums.get(name) ?? 0) + count)
  return sums
}

/** Logical ids say what a resource is, as the templates name them: a stem, and what it is. */
const kinds = /(RuleDlq|Dlq|Function|Mapping|Queue|Rule)$/

/** Conditions that did not hold, writes that met another on the same item, and tokens that nobody waits for. */
const toldBefore: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TaskTimedOut',
])

const throttledInvocation = 'TooManyRequestsException'

/** The name by which an invoked function failed. */
const errorOfFunction = ({ output }: ApiCall): string =>
  field(output, 'FunctionError') === undefined
    ? ''
    : String(field(parse(field(output, 'Payload')), 'errorType'))

/** The orders that an invocation failed; undefined where it did not. */
const failedOrders = ({ end, event, result }: Invocation): readonly string[] | undefined => {
  if (end !== 'returned') return ordersIn(event)
  const failures = listOf(field(result, 'batchItemFailures'))
  if (failures.length === 0) return undefined
  const ids = new Set(failures.map((failure) => field(failure, 'itemIdentifier')))
  return listOf(field(event, 'Records')).flatMap((record) =>
    ids.has(field(record, 'messageId')) ? (orderIn(field(record, 'body')) ?? []) : [],
  )
}

/** The orders that a refused call was about, as far as its input says so. */
const ordersOfCall = (input: unknown): readonly (string | undefined)[] => [
  orderIn(field(input, 'MessageBody') ?? field(input, 'Payload') ?? field(input, 'input')),
  ...listOf(field(input, 'Entries')).map((entry) =>
    orderIn(field(entry, 'Detail') ?? field(entry, 'MessageBody')),
  ),
]
