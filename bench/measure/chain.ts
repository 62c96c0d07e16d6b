import type { ContestantResult } from '../results.ts'
import type { ApiCall, Invocation, Observer } from '../virtual-aws/observer.ts'
import { createHistogram } from './histogram.ts'
import { field, listOf, messageIn, parse, publishedIn, type SeenMessage, subjectOf } from './messages.ts'
import { createOrderSample } from './sample.ts'

/**
 * Longest causation path of an order, in messages: commands sent, facts published or answered, each one deeper than
 * the message that its `causationid` names. A message whose cause was never sent (the order itself) is the first of
 * its chain. A message sent again bears the same id and lengthens nothing.
 */
export interface ChainFold {
  readonly observer: Observer
  submitted(orderId: string): void
  finish(): ContestantResult['chainDepth']
}

export interface ChainOptions {
  readonly seed: number
  /** Bound of the sample of orders whose messages are followed. */
  readonly sampleMax?: number
}

interface Chain {
  readonly depthOf: Map<string, number>
  readonly commandOf: Map<string, string>
}

export const createChain = ({ seed, sampleMax = 2_000 }: ChainOptions): ChainFold => {
  const sample = createOrderSample<Chain>(sampleMax, seed, () => ({
    depthOf: new Map(),
    commandOf: new Map(),
  }))
  /** Task token → the order whose command bore it, of sampled orders; an answer names the token alone. */
  const orderOf = new Map<string, string>()

  /** Most messages are of orders outside the sample: their text is not even parsed. */
  const sampled = (value: unknown): SeenMessage | undefined => {
    const orderId = typeof value === 'string' ? subjectOf(value) : undefined
    if (orderId !== undefined && sample.get(orderId) === undefined) return undefined
    return messageIn(value)
  }
  const deepen = (orderId: string, id: string, causationId: string | undefined): Chain | undefined => {
    const chain = sample.get(orderId)
    if (chain === undefined || chain.depthOf.has(id)) return chain
    chain.depthOf.set(id, 1 + (chain.depthOf.get(causationId ?? '') ?? 0))
    return chain
  }
  const sent = (value: unknown): void => {
    const message = sampled(value)
    if (message === undefined) return
    const chain = deepen(message.orderId, message.id, message.causationId)
    const token = field(parse(value), 'taskToken')
    if (chain === undefined || typeof token !== 'string') return
    chain.commandOf.set(token, message.id)
    orderOf.set(token, message.orderId)
  }
  const answered = (input: unknown, answer: unknown): void => {
    const token = String(field(input, 'taskToken'))
    const orderId = orderOf.get(token)
    const factId = factIdIn(answer)
    if (orderId === undefined || factId === undefined) return
    deepen(orderId, factId, sample.get(orderId)?.commandOf.get(token))
    orderOf.delete(token)
  }
  const invoked = ({ event, result }: Invocation): void => {
    const command = messageIn(field(event, 'command'))
    if (command === undefined || sample.get(command.orderId) === undefined) return
    deepen(command.orderId, command.id, command.causationId)
    const factId = factIdIn(result) ?? factIdIn(field(result, 'errorMessage'))
    if (factId !== undefined) deepen(command.orderId, factId, command.id)
  }
  const called = (call: ApiCall): void => {
    if (call.error !== undefined) return
    switch (call.action) {
      case 'SendMessage':
        sent(field(call.input, 'MessageBody'))
        break
      case 'SendMessageBatch':
        for (const entry of listOf(field(call.input, 'Entries'))) sent(field(entry, 'MessageBody'))
        break
      case 'PutEvents':
        for (const { detail } of publishedIn(call)) sent(detail)
        break
      case 'SendTaskSuccess':
        answered(call.input, field(call.input, 'output'))
        break
      case 'SendTaskFailure':
        answered(call.input, field(call.input, 'cause'))
        break
    }
  }

  return {
    observer: {
      call: called,
      invocation: invoked,
    },
    submitted(orderId) {
      sample.offer(orderId)
    },
    finish() {
      const depths = createHistogram()
      for (const [, { depthOf }] of sample.entries()) {
        if (depthOf.size > 0) depths.record(Math.max(...depthOf.values()))
      }
      return { n: depths.n, p50: depths.quantile(0.5), max: depths.max }
    },
  }
}

/** An answer names its fact: `{ id, type }`, as JSON text or not; the bare id of a refusal. */
const factIdIn = (answer: unknown): string | undefined => {
  const parsed = parse(answer)
  const id = typeof parsed === 'string' ? parsed : field(parsed, 'id')
  return typeof id === 'string' && id !== '' ? id : undefined
}
