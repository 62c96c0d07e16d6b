import { type HistoryEvent, SFNServiceException } from '@aws-sdk/client-sfn'
import { createKernel } from './kernel.ts'
import { forkRandom } from './random.ts'
import { createWorld } from './running-world.ts'
import { NotModelled } from './services/properties.ts'
import { compileMachine } from './services/states/definition/compile.ts'
import { InvalidDefinition } from './services/states/definition/invalid.ts'
import { Execution } from './services/states/execution.ts'
import { inputOf } from './services/states/execution-actions.ts'
import { type Failure, inputTooLarge } from './services/states/failure.ts'
import { HistoryRecord } from './services/states/history-record.ts'
import type { Integration, TaskOutcome } from './services/states/integrations/integration.ts'
import { isKnownResource } from './services/states/integrations/known.ts'
import { knownParameters } from './services/states/integrations/known-parameters.ts'
import {
  isDeeperThan,
  isObject,
  type JsonObject,
  jsonBytesMost,
  levelsMax,
  payloadBytesMax,
} from './services/states/json.ts'
import type { RunningVisit, Surroundings } from './services/states/running.ts'
import { type TaskEvents, taskEvents } from './services/states/task-events.ts'
import { createTokens } from './services/states/tokens.ts'

/** How one attempt of a task comes out. */
export interface MockedOutcome {
  readonly kind: 'success' | 'failure' | 'timeout'
  readonly output?: unknown
  readonly error?: string | null
  readonly cause?: unknown
  /** Indices of the Map items that it is of, outermost first, or the innermost ones; missing or empty: of any. */
  readonly iter?: readonly number[]
}

/**
 * A state machine to run by itself, with the outcomes of its tasks given by state, in the order of the attempts.
 * Without any, every task succeeds with its payload.
 */
export interface AslRun {
  readonly definition: unknown
  readonly input?: unknown
  readonly type?: 'STANDARD' | 'EXPRESS'
  readonly taskOutcomes?: Readonly<Record<string, readonly MockedOutcome[]>>
  /** Whether the answer tells every event, as GetExecutionHistory does. */
  readonly withHistory?: boolean
}

export interface AslResult {
  /**
   * `RUNNING` when a task has no outcome left to wait for, `INVALID` when AWS would refuse the definition, or to start it
   * with that input: then with the name of the exception as its error.
   */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'RUNNING' | 'INVALID'
  readonly output?: unknown
  readonly error?: string
  readonly cause?: string
  /** States in the order in which they were entered; those of a distributed Map's children are not among them. */
  readonly path: readonly string[]
  /** Virtual: waits, retries and timeouts; transitions and tasks take no time. */
  readonly elapsedMs: number
  readonly history?: readonly HistoryEvent[]
}

const accountId = '123456789012'
const region = 'us-east-1'
/** A Monday; whatever reads the clock reads the same in every run. */
const startMs = Date.UTC(2026, 0, 5)
/**
 * How long an execution may take before it times out.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (read 2026-11-25).
 */
const executionMsMax = { STANDARD: 365 * 24 * 60 * 60_000, EXPRESS: 5 * 60_000 }

/** Runs one execution of a machine with mocked tasks, alone in the world. Throws what is not modelled by name. */
export const runAsl = async (run: AslRun, seed = 1): Promise<AslResult> => {
  const path: string[] = []
  const kernel = createKernel({ startMs, eventsMax: 5_000_000 })
  const world = createWorld({
    kernel,
    region,
    accountId,
    observer: {
      transition: ({ state, retry, executionName }) => {
        if (retry === 0 && executionName === name) path.push(state)
      },
    },
    faults: {},
    random: forkRandom(seed),
    latency: () => 0,
    quotas: { take: () => ({ effect: 'none', delayMs: 0 }) },
    permissions: {
      attachToRole: ignore,
      attachToResource: ignore,
      detach: ignore,
      permits: () => true,
      deniedIn: () => undefined,
    },
  })
  const mocks = new Mocks(run)
  const definition = compiled(run, mocks)
  if (typeof definition === 'string') return { status: 'INVALID', cause: definition, path, elapsedMs: 0 }
  for (const given of [run.definition, run.input, run.taskOutcomes])
    if (isDeeperThan(given, levelsMax)) throw tooDeep()
  const refused = refusalOf(run.input)
  if (refused !== undefined)
    return { status: 'INVALID', error: refused.name, cause: refused.message, path, elapsedMs: 0 }
  const random = { retry: world.random('states/retry'), expressions: world.random('states/expressions') }
  const surroundings: Surroundings = {
    world,
    tokens: createTokens(() => 0.5),
    retryJitter: () => random.retry.next(),
    expressionChance: () => random.expressions.next(),
  }
  const record = run.withHistory === true ? new HistoryRecord(() => kernel.nowMs) : undefined
  const execution = new Execution(
    surroundings,
    {
      logicalId: 'Machine',
      arn: `arn:aws:states:${region}:${accountId}:stateMachine:Machine`,
      name: 'Machine',
      roleArn: `arn:aws:iam::${accountId}:role/Machine`,
      program: definition,
      log: { level: 'OFF', includeData: false },
    },
    {
      arn: `arn:aws:states:${region}:${accountId}:execution:Machine:${name}`,
      name,
      input: run.input === undefined ? {} : run.input,
    },
    ignore,
    record,
  )
  execution.start()
  // Its own clocks first; then, one by one, the tasks that answer only when nothing else can happen.
  const elapsedMsMax = executionMsMax[run.type ?? 'STANDARD']
  let end = await kernel.run(startMs + elapsedMsMax)
  while (execution.status === 'RUNNING' && end === 'idle' && mocks.answerNext())
    end = await kernel.run(startMs + elapsedMsMax)
  const result: AslResult =
    execution.status === 'RUNNING' && end === 'horizon'
      ? { status: 'TIMED_OUT', error: 'States.Timeout', path, elapsedMs: elapsedMsMax }
      : resultOf(execution, path, mocks.starved)
  return record === undefined ? result : { ...result, history: record.all() }
}

const name = 'run'
const ignore = (): void => undefined

const compiled = (run: AslRun, mocks: Mocks): ReturnType<typeof compileMachine> | string => {
  try {
    return compileMachine(run.definition, {
      integration: (resource) => mocks.integration(resource),
      isExpress: run.type === 'EXPRESS',
    })
  } catch (error) {
    if (error instanceof InvalidDefinition) return error.message
    throw error instanceof RangeError ? tooDeep() : error
  }
}

const tooDeep = (): Error => new NotModelled(`JSON of more than ${levelsMax} levels is not modelled`)

/** Why AWS would not start an execution with that input. */
const refusalOf = (input: unknown): Error | undefined => {
  if (jsonBytesMost(input) <= payloadBytesMax) return undefined
  try {
    inputOf({ input: JSON.stringify(input) })
    return undefined
  } catch (error) {
    if (error instanceof SFNServiceException) return error
    throw error
  }
}

const resultOf = (execution: Execution, path: readonly string[], starved: string | undefined): AslResult => {
  const { status, startedMs, failure, output, world } = execution
  const elapsedMs = (execution.stoppedMs ?? world.kernel.nowMs) - startedMs
  if (status === 'SUCCEEDED') return { status, output, path, elapsedMs }
  if (status === 'RUNNING') {
    const cause = `${starved === undefined ? 'The execution' : `The task of state '${starved}'`} waits for ever: no outcome is left for it`
    return { status, cause, path, elapsedMs }
  }
  return {
    status,
    ...(failure?.error == null ? {} : { error: failure.error }),
    ...(failure?.cause == null ? {} : { cause: failure.cause }),
    path,
    elapsedMs,
  }
}

/** Any resource that AWS knows, answering as it was told. */
class Mocks {
  readonly #left: Map<string, MockedOutcome[]>
  /** Whether a state of which nothing is said answers at once. */
  readonly #answersAtOnce: (state: string) => boolean
  /** Tasks that answer when nothing else can happen: those without an outcome, then those to time out. */
  readonly #toEcho: (() => void)[] = []
  readonly #toTimeOut: (() => void)[] = []
  /** The last state whose task found no outcome. */
  starved: string | undefined

  /**
   * Where outcomes are given and a task has none, it may be one that had not ended when all was over: it answers last,
   * so that a timeout of the machine or a failure beside it comes first. Its own timeout would be among the outcomes.
   */
  constructor({ taskOutcomes, definition }: AslRun) {
    this.#left = new Map(Object.entries(taskOutcomes ?? {}).map(([state, list]) => [state, [...list]]))
    const timed = statesWithTimeouts(definition)
    this.#answersAtOnce = (state) => taskOutcomes === undefined || timed.has(state)
  }

  integration(resource: string): Integration | undefined {
    // Recordings hide the partition.
    if (!isKnownResource(resource.replace(/^arn:<partition>:/, 'arn:aws:'))) return undefined
    const waitsForToken = resource.endsWith('.waitForTaskToken')
    const isSubmitted = waitsForToken || /\.sync(:2)?$/.test(resource)
    const events = taskEvents(resource)
    return {
      waitsForToken,
      parameters: knownParameters(resource),
      call: ({ visit, payload }, done) => {
        if (visit.strand.isTooLarge(payload)) {
          visit.after(0, () => done({ ok: false, failure: inputTooLarge(visit.state.name) }))
          return
        }
        if (isSubmitted) writeSubmitted(visit, events)
        this.#answer(visit, payload, waitsForToken ? answerToken(visit) : done)
      },
    }
  }

  #answer(visit: RunningVisit, payload: unknown, done: (outcome: TaskOutcome) => void): void {
    const { name } = visit.state
    if (!this.#left.has(name)) {
      const succeed = visit.ofThisAttempt(() => done({ ok: true, output: payload }))
      if (this.#answersAtOnce(name)) visit.after(0, succeed)
      else this.#toEcho.push(succeed)
      return
    }
    const outcome = this.#take(visit)
    if (outcome === undefined) this.starved = name
    else if (outcome.kind === 'timeout')
      this.#toTimeOut.push(visit.ofThisAttempt(() => done({ ok: false, failure: timedOut })))
    else {
      const told = outcomeOf(outcome)
      visit.after(0, () => done(told))
    }
  }

  #take(visit: RunningVisit): MockedOutcome | undefined {
    const list = this.#left.get(visit.state.name) ?? []
    const items = itemsOf(visit)
    const index = list.findIndex(({ iter = [] }) => isOf(items, iter))
    return index < 0 ? undefined : list.splice(index, 1)[0]
  }

  /** Whether there was one that waited to answer last. */
  answerNext(): boolean {
    const next = this.#toEcho.shift() ?? this.#toTimeOut.shift()
    next?.()
    return next !== undefined
  }
}

const itemsOf = ({ strand }: RunningVisit): readonly number[] => {
  const items: number[] = []
  for (let item = strand.mapItem; item !== undefined; item = item.outer) items.unshift(item.index)
  return items
}

/** Whether the last of the items are these: an outcome need not name the Maps further out. */
const isOf = (items: readonly number[], iter: readonly number[]): boolean => {
  const compared = Math.min(items.length, iter.length)
  return iter
    .slice(iter.length - compared)
    .every((index, at) => index === items[items.length - compared + at])
}

const timeoutFields = ['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath']

/** Names of the states, at any depth, that end their tasks themselves. */
const statesWithTimeouts = (definition: unknown): ReadonlySet<string> =>
  new Set(
    statesIn(definition)
      .filter(([, fields]) => fields['Type'] === 'Task' && timeoutFields.some((name) => name in fields))
      .map(([name]) => name),
  )

/** The states of a definition at any depth, whether or not it is valid: each name with its type as it stands there. */
export const stateTypesOf = (definition: unknown): ReadonlyMap<string, unknown> =>
  new Map(statesIn(definition).map(([name, fields]) => [name, fields['Type']]))

/** Not recursive: how deep a definition may be is for its compiler to say. */
const statesIn = (definition: unknown): readonly (readonly [string, JsonObject])[] => {
  const found: (readonly [string, JsonObject])[] = []
  const programs = [definition]
  for (const program of programs) {
    if (!isObject(program) || !isObject(program['States'])) continue
    for (const [name, fields] of Object.entries(program['States']))
      if (isObject(fields)) {
        found.push([name, fields])
        programs.push(...programsOf(fields))
      }
  }
  return found
}

const programsOf = ({ Branches: branches, ItemProcessor: processor, Iterator: older }: JsonObject) => [
  ...(Array.isArray(branches) ? branches : []),
  processor,
  older,
]

/** The call itself is taken to succeed: what is given is how the work came out. */
const writeSubmitted = ({ strand }: RunningVisit, events: TaskEvents): void => {
  strand.history.write()
  if (strand.history.record !== undefined) events.submitted(strand.history.record, strand, undefined)
}

const timedOut: Failure = { error: 'States.Timeout', cause: '' }

const answerToken =
  (visit: RunningVisit) =>
  (outcome: TaskOutcome): void => {
    const { Task: task } = visit.scope.context() as { readonly Task: { readonly Token: string } }
    const state = visit.execution.surroundings.tokens.stateOf(task.Token)
    if (state.kind !== 'waiting')
      throw new Error(`Expected a token that is waited for, got a ${state.kind} one`)
    if (outcome.ok) state.waiting.succeed(outcome.output)
    else state.waiting.fail(outcome.failure.error, outcome.failure.cause)
  }

const outcomeOf = ({ kind, output, error, cause }: MockedOutcome): TaskOutcome => {
  if (kind === 'success') return { ok: true, output: output === undefined ? {} : output }
  const text = typeof cause === 'string' || cause == null ? (cause ?? null) : JSON.stringify(cause)
  return { ok: false, failure: { error: error ?? null, cause: text } }
}
