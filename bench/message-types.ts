import type { ApiCall } from './virtual-aws/observer.ts'

/** A message on the wire, as the order flow reads it: its type and the order that it is about. */
export interface MessageOnWire {
  readonly type: string
  readonly orderId: string
}

/** The messages that an API call sends; none for calls that send nothing. */
export const messagesIn = (call: Pick<ApiCall, 'action' | 'input'>): readonly MessageOnWire[] => {
  switch (call.action) {
    case 'SendMessage':
      return messageIn(parse(field(call.input, 'MessageBody')))
    case 'PutEvents': {
      const entries = field(call.input, 'Entries')
      return Array.isArray(entries) ? entries.flatMap((entry) => messageIn(parse(field(entry, 'Detail')))) : []
    }
    case 'Invoke':
      return messageIn(parse(field(call.input, 'Payload')))
    default:
      return []
  }
}

/** An envelope, or what carries one: an EventBridge event, a command beside its task token. */
const messageIn = (body: unknown): readonly MessageOnWire[] => {
  const envelope = field(body, 'detail') ?? field(body, 'command') ?? body
  const type = field(envelope, 'type')
  const orderId = field(envelope, 'subject')
  return typeof type === 'string' && typeof orderId === 'string' ? [{ type, orderId }] : []
}

const parse = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)

const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
