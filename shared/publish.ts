import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { EventEnvelope } from './messages/envelope.ts'
import { BusUnavailable } from './patience.ts'
import type { Clients } from './runtime.ts'

/** Tells a fact to whoever cares. What the bus does not take is an outage of the bus, and fails the message. */
export const publish = async (
  eventBridge: Clients['eventBridge'],
  busName: string,
  fact: EventEnvelope,
): Promise<void> => {
  const entry = {
    EventBusName: busName,
    Source: fact.source,
    DetailType: fact.type,
    Detail: JSON.stringify(fact),
  }
  try {
    const { FailedEntryCount, Entries } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }))
    if (FailedEntryCount === 0) return
    const [result] = Entries ?? []
    throw new BusUnavailable(`The bus took no ${fact.type}: ${result?.ErrorCode} ${result?.ErrorMessage}`)
  } catch (error) {
    if (!isOutageOfBus(error)) throw error
    throw new BusUnavailable(`The bus took no ${fact.type}: ${String(error)}`, { cause: error })
  }
}

const outageNames: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'InternalException',
  'InternalFailure',
  'ServiceUnavailable',
])

const isOutageOfBus = (error: unknown): boolean => error instanceof Error && outageNames.has(error.name)
