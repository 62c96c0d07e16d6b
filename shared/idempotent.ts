import { type EventEnvelope, event, type MessageFields } from './messages/envelope.ts'
import type { CommandName, EventName } from './messages/names.ts'
import { parse } from './messages/parse.ts'
import { answersTo, type DataOf, isEventName } from './messages/registry.ts'
import { isOutage, TableUnavailable } from './patience.ts'
import type { Providers } from './providers.ts'
import { load, type SaveResult, type ServiceRecord, save, type Table, type TransactItem } from './records.ts'

/** What a service is asked to do, by whichever message brought it. */
interface RequestOf<Name extends CommandName> {
  readonly type: Name
  readonly orderId: string
  readonly data: DataOf<Name>
  /** Id of the message that brought it: the cause of the facts. */
  readonly causeId: string
  /** 1 on the first delivery. No outcome depends on it. */
  readonly attempt: number
}
export type Request<Name extends CommandName = CommandName> = { [N in Name]: RequestOf<N> }[Name]

/** A fact as a service decides it; the envelope comes when it is recorded. */
interface FactOf<Name extends EventName> {
  readonly type: Name
  readonly data: DataOf<Name>
}
export type Fact<Name extends EventName = EventName> = { [N in Name]: FactOf<N> }[Name]

/** A service's own table, and the world outside. */
export interface Desk extends Table {
  readonly providers: Providers
}

/** What a step may have to know of the attempt so far. */
export interface Circumstances {
  /** A condition beside the record failed at the last save. */
  readonly refused: boolean
  /** Patience has run out: the step is to be fenced off or settled for failure, not tried again. */
  readonly givingUp: boolean
}

/** A service: what is pure of it (`evolve`, `decide`), and where it touches the world. */
export interface Service<Step extends CommandName, Command, State, Decided extends Noted> {
  readonly initial: State
  evolve(state: State, fact: Decided): State
  /** Completes a command with what only the outside world knows; asked again under the same key until it answers. */
  prepare(
    request: Request<Step>,
    state: State,
    desk: Desk,
    circumstances: Circumstances,
  ): Command | Promise<Command>
  decide(command: Command, state: State): readonly Decided[]
  /** Whether the record says already that the step is given up: an outage now is one of its undoing. */
  isGivenUp?(state: State): boolean
  /** What must have happened outside before a recorded fact is told; done again whenever it is told again. */
  carryOut?(fact: EventEnvelope, request: Request<Step>, desk: Desk): Promise<unknown> | undefined
  /** What of the state is kept beside the facts, and the state that starts from it. */
  keep?(state: State): unknown
  recall?(holding: unknown): State
  /** Writes that must happen together with the record, or not at all. */
  beside?(before: State, after: State, desk: Desk): readonly TransactItem[]
}

/** What a service decides: facts for others, named in the registry, and notes between itself and its record. */
export interface Noted {
  readonly type: string
  readonly data: unknown
}

/**
 * Does one step of an order, however often it is asked to, and gives the fact that answers it. Whether patience is over
 * is asked when an outage is met, since trying takes time itself; then the step is given up at once.
 */
export type Obey<Step extends CommandName> = (
  request: Request<Step>,
  desk: Desk,
  isPatienceOver?: () => boolean,
) => Promise<EventEnvelope>

/** Saves of one step: they may be overtaken, refused, or one of many (a large order takes one a chunk). */
const turnsMax = 100

/**
 * Load, decide, save on condition, and the recorded outcome again on redelivery. The idempotency key is (order, step):
 * no token, message id or attempt has a part in it.
 */
export const obeying =
  <Step extends CommandName, Command, State, Decided extends Noted>(
    service: Service<Step, Command, State, Decided>,
  ): Obey<Step> =>
  (request, desk, isPatienceOver = never) =>
    obeyedBy(service, request, desk, isPatienceOver)

const never = (): boolean => false

const obeyedBy = async <Step extends CommandName, Command, State, Decided extends Noted>(
  service: Service<Step, Command, State, Decided>,
  request: Request<Step>,
  desk: Desk,
  isPatienceOver: () => boolean,
): Promise<EventEnvelope> => {
  let record = await load(desk, request.orderId)
  let result: SaveResult | undefined
  let givingUp = false
  for (let turn = 0; turn < turnsMax; turn++) {
    const outcome = outcomeOf(record, request.type)
    if (outcome !== undefined) {
      const carriedOut = service.carryOut?.(outcome, request, desk)
      if (carriedOut !== undefined) await carriedOut
      return asTold(outcome, result)
    }
    try {
      const before = stateOf(service, record)
      const circumstances = { refused: result === 'refused', givingUp }
      const command = await service.prepare(request, before, desk, circumstances)
      const decided = decisionOf(service, command, before, request)
      const after = evolved(service, before, decided)
      const next = nextRecord(record, decided, service.keep?.(after), request.causeId, desk)
      const saved = await save(desk, next, service.beside?.(before, after, desk))
      if (saved === 'saved') record = next
      else if (saved === 'overtaken') record = await load(desk, request.orderId)
      result = saved
    } catch (error) {
      if (!isToGiveUp(service, record, givingUp, error, isPatienceOver)) throw error
      givingUp = true
    }
  }
  throw new TableUnavailable(`${request.type} of ${request.orderId} did not end in ${turnsMax} turns.`)
}

/** What a step that has no outcome yet comes to next: at least one fact or note. */
const decisionOf = <Step extends CommandName, Command, State, Decided extends Noted>(
  service: Service<Step, Command, State, Decided>,
  command: Command,
  state: State,
  { type, orderId }: Request<Step>,
): readonly Decided[] => {
  const decided = service.decide(command, state)
  if (decided.length > 0) return decided
  throw new Error(`Expected ${type} of ${orderId} to decide on a fact; it decided nothing.`)
}

/** To give up again what is given up already would only ask the same of the same once more. */
const isToGiveUp = <Step extends CommandName, Command, State, Decided extends Noted>(
  service: Service<Step, Command, State, Decided>,
  record: ServiceRecord,
  givingUp: boolean,
  error: unknown,
  isPatienceOver: () => boolean,
): boolean => {
  if (givingUp || service.isGivenUp?.(stateOf(service, record))) return false
  return isOutage(error) && isPatienceOver()
}

/** The first recorded fact that can answer a step: later ones tell of its undoing, not of its outcome. */
export const outcomeOf = (record: ServiceRecord, step: CommandName): EventEnvelope | undefined => {
  const answers = answersTo(step)
  for (const fact of record.facts) if (answers.includes(fact.type)) return fact
  return undefined
}

/** The state that a record stands for. */
export const stateOf = <State, Decided extends Noted>(
  service: Pick<Service<never, never, State, Decided>, 'initial' | 'evolve' | 'recall'>,
  record: ServiceRecord,
): State => {
  const start =
    record.holding === undefined ? service.initial : (service.recall?.(record.holding) ?? service.initial)
  // A record holds its own service's facts and nothing else.
  return evolved(service, start, record.facts as readonly Noted[] as readonly Decided[])
}

const evolved = <State, Decided extends Noted>(
  service: Pick<Service<never, never, State, Decided>, 'evolve'>,
  start: State,
  facts: readonly Decided[],
): State => {
  let state = start
  for (const fact of facts) state = service.evolve(state, fact)
  return state
}

const nextRecord = (
  record: ServiceRecord,
  decided: readonly Noted[],
  holding: unknown,
  causeId: string,
  { clock }: Desk,
): ServiceRecord => {
  const time = new Date(clock.nowMs()).toISOString()
  const facts = [...record.facts]
  for (const { type, data } of decided) {
    if (!isEventName(type)) continue
    const fields = { type, orderId: record.pk, causationId: causeId, time, data }
    facts.push(event(fields as MessageFields<EventName>))
  }
  const version = record.version + 1
  return holding === undefined
    ? { pk: record.pk, version, facts }
    : { pk: record.pk, version, facts, holding }
}

/** A table gives a map's keys back in any order; told again, a fact shall be the same to the byte. */
const asTold = (fact: EventEnvelope, result: SaveResult | undefined): EventEnvelope =>
  result === 'saved' ? fact : parse([fact.type], fact)
