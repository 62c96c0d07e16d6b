import type { ProviderCall } from '../shared/providers.ts'
import type { ApiCall, Observer } from './virtual-aws/observer.ts'

/** One thing that happened to an order: who did it, what, when, and what it was billed as. */
export interface TraceEntry {
  readonly startedMs: number
  readonly endedMs: number
  readonly by: string
  readonly what: string
  readonly detail: string
  readonly billed: string
  readonly error: string | undefined
}

/** Keeps all that bears an order's id; with no id, all that happens. */
export const createTrace = (
  orderId?: string,
): {
  readonly observer: Observer
  readonly provider: (call: ProviderCall) => void
  readonly entries: () => readonly TraceEntry[]
} => {
  const entries: TraceEntry[] = []
  /** Receipt handles and task tokens bear no order id: they are learned from the messages that bring them. */
  const tickets = new Set<string>()
  const concerns = (value: unknown): boolean => orderId === undefined || bears(value, orderId)
  const callConcerns = (call: ApiCall): boolean => {
    const brought = ticketsIn(call, concerns)
    for (const ticket of brought) tickets.add(ticket)
    return (
      brought.length > 0 ||
      concerns(call.input) ||
      presented(call.input).some((ticket) => tickets.has(ticket))
    )
  }
  return {
    observer: {
      call(call) {
        if (!callConcerns(call)) return
        entries.push({
          startedMs: call.startedMs,
          endedMs: call.endedMs,
          by: call.by,
          what: `${call.service}:${call.action} ${call.resource}`,
          detail: describe(call),
          billed: call.meter === undefined ? '' : `${call.units} ${call.meter}`,
          error: call.error,
        })
      },
      invocation(invocation) {
        if (!concerns(invocation.event)) return
        entries.push({
          startedMs: invocation.startedMs,
          endedMs: invocation.endedMs,
          by: invocation.functionId,
          what: `lambda:invocation ${invocation.end}${invocation.initMs > 0 ? ' (cold)' : ''}`,
          detail: `billed ${invocation.billedMs} ms`,
          billed: '1 lambda.request',
          error: invocation.end === 'returned' ? undefined : invocation.end,
        })
      },
      transition(transition) {
        if (orderId !== undefined && transition.executionName !== orderId) return
        entries.push({
          startedMs: transition.atMs,
          endedMs: transition.atMs,
          by: transition.machineId,
          what: `states:transition ${transition.state}`,
          detail: transition.retry > 0 ? `retry ${transition.retry}` : '',
          billed: transition.isExpress === true ? '' : '1 states.transition',
          error: undefined,
        })
      },
      execution(end) {
        if (orderId !== undefined && end.executionName !== orderId) return
        entries.push({
          startedMs: end.endedMs,
          endedMs: end.endedMs,
          by: end.machineId,
          what: `states:execution ${end.status}`,
          detail: '',
          billed: '',
          error: end.error,
        })
      },
      lost(loss) {
        if (!concerns(loss.body)) return
        entries.push({
          startedMs: loss.atMs,
          endedMs: loss.atMs,
          by: loss.resource,
          what: loss.how,
          detail: loss.reason,
          billed: '',
          error: loss.how === 'unmatched' ? undefined : loss.how,
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
      })
    },
    entries: () => entries.toSorted((a, b) => a.startedMs - b.startedMs),
  }
}

const bears = (value: unknown, orderId: string): boolean => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  let at = text.indexOf(orderId)
  while (at >= 0) {
    if (!isWord(text[at - 1]) && !isWord(text[at + orderId.length])) return true
    at = text.indexOf(orderId, at + 1)
  }
  return false
}
const isWord = (character: string | undefined): boolean => character !== undefined && /[\w-]/.test(character)

/** The tickets that a call hands out with messages of concern: handles of those received, the token of one sent. */
const ticketsIn = (call: ApiCall, concerns: (value: unknown) => boolean): readonly string[] => {
  if (call.action === 'ReceiveMessage') {
    // A mapping's receives are observed as the queue gives them, other callers' in the shape of the SDK.
    const messages = field(call.output, 'Messages') ?? call.output
    return (Array.isArray(messages) ? messages : [])
      .filter(concerns)
      .flatMap((message) => texts(field(message, 'ReceiptHandle') ?? field(message, 'receiptHandle')))
  }
  const body = field(call.input, 'MessageBody')
  return typeof body === 'string' && concerns(body) ? texts(field(JSON.parse(body), 'taskToken')) : []
}

/** The tickets that a call's input presents. */
const presented = (input: unknown): readonly string[] => {
  const entries = field(input, 'Entries')
  return [
    ...texts(field(input, 'taskToken')),
    ...texts(field(input, 'ReceiptHandle')),
    ...texts(field(input, 'receiptHandles')),
    ...(Array.isArray(entries) ? entries.flatMap((entry) => texts(field(entry, 'ReceiptHandle'))) : []),
  ]
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string')

const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined

/** The message, record or answer that a call carries, by name. */
const describe = (call: ApiCall): string => {
  const input = call.input
  switch (call.action) {
    case 'SendMessage':
      return messageType(field(input, 'MessageBody'))
    case 'PutEvents': {
      const entries = field(input, 'Entries')
      return Array.isArray(entries)
        ? entries.map((entry) => String(field(entry, 'DetailType'))).join(', ')
        : ''
    }
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
  if (typeof body !== 'string') return ''
  const parsed: unknown = JSON.parse(body)
  const type =
    field(parsed, 'detail-type') ?? field(field(parsed, 'command'), 'type') ?? field(parsed, 'type')
  return typeof type === 'string' ? type : ''
}
