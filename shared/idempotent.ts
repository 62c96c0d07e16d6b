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
  prepare(request: Request<Step>, state: State, desk: Desk, circumstances: Circumstances): Promise<Command>
  decide(command: Command, state: State): readonly Decided[]
  /** Whether the record says already that the step is given up: an outage now is one of its undoing. */
  isGivenUp?(state: State): boolean
  /** What must have happened outside before a recorded fact is told; done again whenever it is told again. */
  carryOut?(fact: EventEnvelope, request: Request<Step>, desk: Desk): Promise<void>
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
  async (request, desk, isPatienceOver = () => false) => {
    let record = await load(desk, request.orderId)
    let result: SaveResult | undefined
    let givingUp = false
    for (let turn = 0; turn < turnsMax; turn++) {
      const outcome = outcomeOf(record, request.type)
      if (outcome !== undefined) {
        await service.carryOut?.(outcome, request, desk)
        return asTold(outcome, result)
      }
      try {
        const circumstances = { refused: result === 'refused', givingUp }
        const advanced = await advance(service, record, request, desk, circumstances)
        record = advanced.record
        result = advanced.result
      } catch (error) {
        if (givingUp || isGivenUp(service, record) || !isOutage(error) || !isPatienceOver()) throw error
        givingUp = true
      }
    }
    throw new TableUnavailable(`${request.type} of ${request.orderId} did not end in ${turnsMax} turns.`)
  }

/** One turn of a step that has no outcome yet: what came of the save, and the record as it is now known. */
const advance = async <Step extends CommandName, Command, State, Decided extends Noted>(
  service: Service<Step, Command, State, Decided>,
  record: ServiceRecord,
  request: Request<Step>,
  desk: Desk,
  circumstances: Circumstances,
): Promise<{ readonly record: ServiceRecord; readonly result: SaveResult }> => {
  const before = stateOf(service, record)
  const command = await service.prepare(request, before, desk, circumstances)
  const decided = service.decide(command, before)
  if (decided.length === 0) {
    throw new Error(`Expected ${request.type} of ${request.orderId} to decide on a fact; it decided nothing.`)
  }
  const after = decided.reduce((state, fact) => service.evolve(state, fact), before)
  const next = nextRecord(record, decided, service.keep?.(after), request.causeId, desk)
  const result = await save(desk, next, service.beside?.(before, after, desk) ?? [])
  if (result === 'overtaken') return { record: await load(desk, request.orderId), result }
  return { record: result === 'saved' ? next : record, result }
}

/** To give up again what is given up already would only ask the same of the same once more. */
const isGivenUp = <Step extends CommandName, Command, State, Decided extends Noted>(
  service: Service<Step, Command, State, Decided>,
  record: ServiceRecord,
): boolean => service.isGivenUp?.(stateOf(service, record)) ?? false

/** The first recorded fact that can answer a step: later ones tell of its undoing, not of its outcome. */
export const outcomeOf = (record: ServiceRecord, step: CommandName): EventEnvelope | undefined => {
  const answers = answersTo(step)
  return record.facts.find(({ type }) => answers.includes(type))
}

/** The state that a record stands for. */
export const stateOf = <State, Decided extends Noted>(
  service: Pick<Service<never, never, State, Decided>, 'initial' | 'evolve' | 'recall'>,
  record: ServiceRecord,
): State => {
  const start =
    record.holding === undefined ? service.initial : (service.recall?.(record.holding) ?? service.initial)
  // A record holds its own service's facts and nothing else.
  const facts = record.facts as readonly Noted[] as readonly Decided[]
  return facts.reduce((state, fact) => service.evolve(state, fact), start)
}

const nextRecord = (
  record: ServiceRecord,
  decided: readonly Noted[],
  holding: unknown,
  causeId: string,
  { clock }: Desk,
): ServiceRecord => {
  const time = new Date(clock.nowMs()).toISOString()
  const facts = decided.filter((fact): fact is Fact => isEventName(fact.type))
  const events = facts.map(({ type, data }) =>
    event({ type, orderId: record.pk, causationId: causeId, time, data } as MessageFields<EventName>),
  )
  return {
    pk: record.pk,
    version: record.version + 1,
    facts: [...record.facts, ...events],
    ...(holding === undefined ? {} : { holding }),
  }
}

/** A table gives a map's keys back in any order; told again, a fact shall be the same to the byte. */
const asTold = (fact: EventEnvelope, result: SaveResult | undefined): EventEnvelope =>
  result === 'saved' ? fact : parse([fact.type], fact)
