import type { Desk, Request } from '../shared/idempotent.ts'
import type { CommandEnvelope, EventEnvelope } from '../shared/messages/envelope.ts'
import { parse } from '../shared/messages/parse.ts'
import { atEndOfPatience, hasRunOut, isOutage, patienceExhausted } from '../shared/patience.ts'
import { publish } from '../shared/publish.ts'
import type { Clients } from '../shared/runtime.ts'
import { obey } from '../shared/services/directory.ts'
import type { CommandRoute } from './commands.ts'

/** How a task ends: with the fact that answers it, or with a failure by name. */
export type Reply =
  | { readonly end: 'success'; readonly output: { readonly id: string; readonly type: string } }
  | { readonly end: 'failure'; readonly error: string; readonly cause: string }

/** A command as the state machine sends it; `attempt` counts the task's attempts, from 1. */
export interface Assignment {
  readonly attempt: number
  readonly command: CommandEnvelope
}

/** Where a worker works; `busName` only where a fact is announced. */
export interface Workplace {
  readonly desk: Desk
  readonly eventBridge: Clients['eventBridge']
  readonly busName: string | undefined
}

/** Reads what the state machine sent, in the name of the one command that this worker obeys. */
export const assignmentOf = (route: CommandRoute, sent: unknown): Assignment => {
  const { command, attempt } = (sent ?? {}) as { readonly command?: unknown; readonly attempt?: unknown }
  if (typeof attempt !== 'number')
    throw new Error(`Expected the attempt of ${route.command} as a number; got ${attempt}.`)
  return { attempt, command: parse([route.command], command) }
}

/** Obeys one command and says how its task ends. An outage is for the state's own retry, which knows it by name. */
export const replyTo = async (
  route: CommandRoute,
  assignment: Assignment,
  workplace: Workplace,
): Promise<Reply> => {
  const { desk } = workplace
  const { type, subject, id, data, time } = assignment.command
  const request = { type, orderId: subject, data, causeId: id, attempt: assignment.attempt } as Request
  const isPatienceOver = (): boolean => hasRunOut(time, desk.clock.nowMs())
  const atEnd = atEndOfPatience[type]
  let fact: EventEnvelope | undefined
  try {
    fact = await obey(request, desk, atEnd === 'settle' ? isPatienceOver : undefined)
    if (isTerminal(fact)) await announce(fact, workplace)
    return route.refusals.includes(fact.type)
      ? { end: 'failure', error: fact.type, cause: fact.id }
      : { end: 'success', output: { id: fact.id, type: fact.type } }
  } catch (error) {
    if (!isOutage(error)) throw error
    // Patience ran out on the step itself, not on telling of it: the conductor compensates it.
    const isGivenUp = fact === undefined && atEnd === 'fence' && isPatienceOver()
    return { end: 'failure', error: isGivenUp ? patienceExhausted : error.name, cause: error.message }
  }
}

/** The conductor needs no bus; what became of an order is news for everybody. */
const isTerminal = ({ type }: EventEnvelope): boolean => type === 'OrderCompleted' || type === 'OrderRejected'

const announce = (fact: EventEnvelope, { eventBridge, busName }: Workplace): Promise<void> => {
  if (busName === undefined)
    throw new Error(`Expected a bus to announce ${fact.type} on; the function has none.`)
  return publish(eventBridge, busName, fact)
}
