import type { ProviderCall } from '../shared/providers.ts'
import { type Concern, createConcern } from './explain/concern.ts'
import { stateWritten } from './explain/record-state.ts'
import { field, listOf, messageIn, parse } from './measure/messages.ts'
import type { ApiCall, Invocation, Observer } from './virtual-aws/observer.ts'

/** One thing that happened to an order: who did it, what, when, and what it was billed as. */
export interface TraceEntry {
  readonly startedMs: number
  readonly endedMs: number
  readonly by: string
  readonly what: string
  readonly detail: string
  readonly billed: string
  readonly error: string | undefined
  /** What it was about and what it promised, for whoever tells the entries as a story. */
  readonly context: EntryContext
}

export interface EntryContext extends Partial<Concern> {
  /** Of a message sent: not before so many seconds. */
  readonly delaySeconds?: number
  /** Of a message that somebody wants to see again: in so many seconds. */
  readonly againSeconds?: number
  /** Whether whoever sent it waits for an answer to its task token. */
  readonly asks?: true
  /** What it made of a record. */
  readonly becomes?: string
  /** Of an invocation that returned: that the message is to come again. */
  readonly givesBack?: true
  /** GB-ms of an invocation. */
  readonly gigabyteMs?: number
}

export interface Trace {
  readonly observer: Observer
  readonly provider: (call: ProviderCall) => void
  readonly entries: () => readonly TraceEntry[]
}

/** Keeps all that concerns an order, and tells `hears` of its calls and losses; with no id, all that happens. */
export const createTrace = (orderId?: string, hears: Pick<Observer, 'call' | 'lost'> = {}): Trace => {
  const entries: TraceEntry[] = []
  const concern = createConcern(orderId)
  const strangers = createStrangers()
  return {
    observer: {
      call(call) {
        const concerned = concern.call(call)
        if (concerned === undefined) return
        hears.call?.(call)
        if (call.action === 'Invoke')
          for (const invocation of strangers.within(call)) entries.push(invoked(invocation, concerned))
        entries.push({
          startedMs: call.startedMs,
          endedMs: call.endedMs,
          by: call.by,
          what: `${call.service}:${call.action} ${call.resource}`,
          detail: describe(call, concerned),
          billed: call.meter === undefined ? '' : `${call.units} ${call.meter}`,
          error: call.error,
          context: { ...concerned, ...promised(call) },
        })
      },
      invocation(invocation) {
        const concerned = concern.invocation(invocation)
        if (concerned !== undefined) entries.push(invoked(invocation, concerned))
        else strangers.keep(invocation)
      },
      transition(transition) {
        if (!concern.execution(transition.executionName)) return
        entries.push({
          startedMs: transition.atMs,
          endedMs: transition.atMs,
          by: transition.machineId,
          what: `states:transition ${transition.state}`,
          detail: transition.retry > 0 ? `retry ${transition.retry}` : '',
          billed: transition.isExpress === true ? '' : '1 states.transition',
          error: undefined,
          context: {},
        })
      },
      execution(end) {
        if (!concern.execution(end.executionName)) return
        entries.push({
          startedMs: end.endedMs,
          endedMs: end.endedMs,
          by: end.machineId,
          what: `states:execution ${end.status}`,
          detail: '',
          billed: '',
          error: end.error,
          context: {},
        })
      },
      lost(loss) {
        const concerned = concern.lost(loss)
        if (concerned === undefined) return
        hears.lost?.(loss)
        entries.push({
          startedMs: loss.atMs,
          endedMs: loss.atMs,
          by: loss.resource,
          what: loss.how,
          detail: loss.reason,
          billed: '',
          error: loss.how === 'unmatched' ? undefined : loss.how,
          context: concerned,
        })
      },
    },
    provider(call) {
      if (orderId !== undefined && call.key !== orderId) return
      entries.push({
        startedMs: call.startedMs,
        endedMs: call.endedMs,
        by: call.provider,
        what: `provider:${call.operation}`,
        detail: call.end,
        billed: '',
        error: call.end === 'answered' ? undefined : call.end,
        context: {},
      })
    },
    entries: () => entries.toSorted((a, b) => a.startedMs - b.startedMs),
  }
}

const invoked = (invocation: Invocation, concerned: Concern): TraceEntry => {
  const failures = listOf(field(invocation.result, 'batchItemFailures'))
  const givesBack = failures.some((failure) =>
    concerned.received?.includes(String(field(failure, 'itemIdentifier'))),
  )
  return {
    startedMs: invocation.startedMs,
    endedMs: invocation.endedMs,
    by: invocation.functionId,
    what: `lambda:invocation ${invocation.end}${invocation.initMs > 0 ? ' (cold)' : ''}`,
    detail: `billed ${invocation.billedMs} ms${givesBack ? ', gives the message back' : ''}`,
    billed: '1 lambda.request',
    error: invocation.end === 'returned' ? undefined : invocation.end,
    context: {
      ...concerned,
      ...(givesBack ? { givesBack } : {}),
      gigabyteMs: (invocation.memoryMiB / 1024) * invocation.billedMs,
    },
  }
}

/** Invocations that are about no order are kept until it may be known who invoked: so many for each function. */
const strangersMax = 50

/**
 * Invocations with what nobody can read. One that took place within a call of Invoke, and that is the only one that did,
 * was that call's.
 */
const createStrangers = () => {
  const kept = new Map<string, Invocation[]>()
  return {
    keep(invocation: Invocation): void {
      const { event, functionId } = invocation
      if (field(event, 'Records') !== undefined || messageIn(event) !== undefined) return
      const others = kept.get(functionId) ?? []
      kept.set(functionId, [...others, invocation].slice(-strangersMax))
    },
    within({ resource, startedMs, endedMs }: ApiCall): readonly Invocation[] {
      const within = (kept.get(resource) ?? []).filter(
        (invocation) => invocation.startedMs >= startedMs && invocation.endedMs <= endedMs,
      )
      return within.length === 1 ? within : []
    },
  }
}

const promised = (call: ApiCall): EntryContext => {
  const { input } = call
  const becomes = stateWritten(call)
  const delay = call.action === 'SendMessage' ? field(input, 'DelaySeconds') : undefined
  const again = call.action === 'ChangeMessageVisibility' ? field(input, 'VisibilityTimeout') : undefined
  const body = call.action === 'SendMessage' ? field(input, 'MessageBody') : undefined
  return {
    ...(becomes === undefined ? {} : { becomes }),
    ...(typeof delay === 'number' ? { delaySeconds: delay } : {}),
    ...(typeof again === 'number' ? { againSeconds: again } : {}),
    ...(field(parse(body), 'taskToken') === undefined ? {} : { asks: true }),
  }
}

/** The message, record or answer that a call carries, by name. */
const describe = (call: ApiCall, { receive = 0 }: Concern): string => {
  const input = call.input
  switch (call.action) {
    case 'SendMessage':
      return messageType(field(input, 'MessageBody'))
    case 'PutEvents':
      return listOf(field(input, 'Entries'))
        .map((entry) => String(field(entry, 'DetailType')))
        .join(', ')
    case 'Invoke': {
      // The call itself succeeded.
      const functionError = field(call.output, 'FunctionError')
      const type = field(field(call.output, 'Payload'), 'errorType') ?? functionError
      return functionError === undefined ? '' : `answered with ${String(type)}`
    }
    case 'ReceiveMessage':
      return receive > 1 ? `receive ${receive}` : ''
    case 'SendTaskSuccess':
      return messageType(field(input, 'output'))
    case 'SendTaskFailure':
      return String(field(input, 'error') ?? '')
    case 'ChangeMessageVisibility':
      return `again in ${String(field(input, 'VisibilityTimeout'))} s`
    default:
      return ''
  }
}

const messageType = (body: unknown): string => {
  const parsed = parse(body)
  const type =
    field(parsed, 'detail-type') ?? field(field(parsed, 'command'), 'type') ?? field(parsed, 'type')
  return typeof type === 'string' ? type : ''
}
