import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Failure } from './failure.ts'
import type { Integration, TaskOutcome } from './integrations/integration.ts'
import type { RunningVisit } from './running.ts'
import { createTestMachine, createTestWorld } from './testing.ts'

/** One execution recorded on AWS. */
export interface Recorded {
  readonly id: string
  readonly key: string
  readonly class: string
  readonly nondeterministic: boolean
  readonly status: string
  readonly input: unknown
  readonly output: unknown
  readonly error: string | null
  /** Missing where AWS's history was not kept. */
  readonly path: readonly string[] | null
  readonly taskOutcomes: Readonly<Record<string, readonly MockedOutcome[]>>
  readonly definitionFile: string
}

export interface MockedOutcome {
  readonly kind: 'success' | 'failure' | 'timeout'
  readonly output?: unknown
  readonly error?: string | null
  readonly cause?: unknown
  readonly iter?: readonly number[]
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')

/** Where the recordings lie; undefined when this machine has none. */
export const recordedFolder = (): string | undefined => {
  const folder = process.env['AWS_RECORDED'] ?? join(root, '../shared/aws-recorded')
  return existsSync(join(folder, 'executions.jsonl')) ? folder : undefined
}

export const readLines = <T>(folder: string, file: string): readonly T[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)

export const readDefinition = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'))

export interface Replayed {
  readonly status: string
  readonly output: unknown
  readonly error: string | null
  readonly cause: string | null
  readonly path: readonly string[]
}

/** Runs a definition with the outcomes of its tasks given. */
export const replay = async (definition: unknown, recorded: Recorded): Promise<Replayed> => {
  const test = createTestWorld()
  const machine = createTestMachine(test, definition, { integration: mocks(recorded.taskOutcomes) })
  const execution = machine.start(recorded.input)
  await test.world.kernel.run(Number.POSITIVE_INFINITY)
  return {
    status: execution.status,
    output: execution.output ?? null,
    error: execution.failure?.error ?? null,
    cause: execution.failure?.cause ?? null,
    path: test.transitions
      .filter(({ retry, executionName }) => retry === 0 && executionName === 'run')
      .map(({ state }) => state),
  }
}

/** Any resource, answering as recorded: the outcomes of a state in their order, those of a Map by its item. */
const mocks = (outcomes: Recorded['taskOutcomes']): ((resource: string) => Integration) => {
  const left = new Map(Object.entries(outcomes).map(([state, list]) => [state, [...list]]))
  return (resource) => ({
    service: resource.split(':').at(-2) ?? '',
    waitsForToken: resource.endsWith('.waitForTaskToken'),
    parameters: undefined,
    call: ({ visit }, done) => {
      const list = left.get(visit.state.name) ?? []
      const item = visit.strand.mapItem?.index
      const index = list.findIndex(
        ({ iter = [] }) => iter.length === 0 || item === undefined || iter.at(-1) === item,
      )
      const [outcome] = index < 0 ? [] : list.splice(index, 1)
      const told = outcome === undefined ? undefined : outcomeOf(outcome)
      if (told === undefined) return
      const answer = resource.endsWith('.waitForTaskToken') ? answerToken(visit) : done
      visit.after(1, () => answer(told))
    },
  })
}

const answerToken =
  (visit: RunningVisit) =>
  (outcome: TaskOutcome): void => {
    const { Task: task } = visit.scope.context() as { readonly Task: { readonly Token: string } }
    const state = visit.execution.surroundings.tokens.stateOf(task.Token)
    if (state.kind !== 'waiting')
      throw new Error(`Expected a token that is waited for, got one that is ${state.kind}`)
    if (outcome.ok) state.waiting.succeed(outcome.output)
    else state.waiting.fail(outcome.failure.error, outcome.failure.cause)
  }

/** A timeout is no answer at all: the state's own clock ends it. */
const outcomeOf = ({ kind, output, error, cause }: MockedOutcome): TaskOutcome | undefined => {
  if (kind === 'timeout') return undefined
  if (kind === 'success') return { ok: true, output }
  const text =
    typeof cause === 'string' || cause === null || cause === undefined
      ? (cause ?? null)
      : JSON.stringify(cause)
  const failure: Failure = { error: error ?? null, cause: text }
  return { ok: false, failure }
}
