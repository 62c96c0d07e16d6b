import { createKernel } from '../../kernel.ts'
import type { ExecutionEnd, Meter, Observer, Throttle, Transition } from '../../observer.ts'
import { forkRandom } from '../../random.ts'
import type { Answer, ServiceCall, World } from '../../world.ts'
import { compileMachine } from './definition/compile.ts'
import { Execution } from './execution.ts'
import type { Logging } from './history.ts'
import type { Integration } from './integrations/integration.ts'
import { integrationFor } from './integrations/registry.ts'
import type { Machine } from './machine.ts'
import type { Surroundings } from './running.ts'
import { createTokens, type TaskTokens } from './tokens.ts'

/** A world in which a test hears and answers everything. */
export interface TestWorld {
  readonly world: World
  readonly calls: ServiceCall[]
  readonly transitions: Transition[]
  readonly ends: ExecutionEnd[]
  readonly meters: { readonly meter: Meter; readonly resource: string; readonly units: number }[]
  readonly throttles: Throttle[]
}

export interface TestWorldOptions {
  readonly seed?: number
  /** By hop; 0 when missing. */
  readonly latenciesMs?: Readonly<Record<string, number>>
  /** How the other services answer, and after how many ms. */
  answer?(call: ServiceCall, count: number): Answer | undefined
  readonly answerMs?: number
  /** Delay that the quota on transitions imposes. */
  readonly transitionDelayMs?: number
}

export const testStartMs = Date.UTC(2026, 0, 5)

export const createTestWorld = (options: TestWorldOptions = {}): TestWorld => {
  const kernel = createKernel({ startMs: testStartMs, eventsMax: 1_000_000 })
  const calls: ServiceCall[] = []
  const transitions: Transition[] = []
  const ends: ExecutionEnd[] = []
  const meters: TestWorld['meters'] = []
  const throttles: Throttle[] = []
  const observer = {
    transition: (transition: Transition) => void transitions.push(transition),
    execution: (end: ExecutionEnd) => void ends.push(end),
    metered: (meter: Meter, resource: string, units: number) => void meters.push({ meter, resource, units }),
  } as unknown as Required<Observer>
  const world = {
    kernel,
    region: 'eu-west-1',
    accountId: '123456789012',
    observer,
    faults: {},
    random: forkRandom(options.seed ?? 1),
    latencyMs: (hop: string) => options.latenciesMs?.[hop] ?? 0,
    throttle: () => ({ effect: 'none', delayMs: options.transitionDelayMs ?? 0 }),
    permits: () => true,
    call: (call: ServiceCall, done: (answer: Answer) => void) => {
      calls.push(call)
      const answer = options.answer?.(call, calls.length)
      if (answer !== undefined) kernel.after(options.answerMs ?? 0, () => done(answer))
    },
  } as unknown as World
  return { world, calls, transitions, ends, meters, throttles }
}

export interface TestRun {
  readonly execution: Execution
  readonly path: readonly string[]
  readonly elapsedMs: number
}

export interface TestMachineOptions {
  integration?(resource: string): Integration | undefined
  readonly log?: Logging
}

export interface TestMachine {
  readonly tokens: TaskTokens
  start(input?: unknown): Execution
}

/** A machine that is not in a template: for the language itself. */
export const createTestMachine = (
  { world }: TestWorld,
  definition: unknown,
  { integration = integrationFor, log = { level: 'OFF', includeData: false } }: TestMachineOptions = {},
): TestMachine => {
  const jitter = world.random('states/retry')
  const chance = world.random('states/expressions')
  const tokens = createTokens(() => 0.5)
  const surroundings: Surroundings = {
    world,
    tokens,
    retryJitter: () => jitter.next(),
    expressionChance: () => chance.next(),
  }
  const machine: Machine = {
    logicalId: 'Flow',
    arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:Flow',
    name: 'Flow',
    roleArn: 'arn:aws:iam::123456789012:role/FlowRole',
    program: compileMachine(definition, { integration }),
    log,
  }
  return {
    tokens,
    start: (input = {}) => {
      const arn = 'arn:aws:states:eu-west-1:123456789012:execution:Flow:run'
      const execution = new Execution(surroundings, machine, { arn, name: 'run', input }, () => undefined)
      execution.start()
      return execution
    },
  }
}

/** Runs one execution of a definition to its end. */
export const runDefinition = async (
  test: TestWorld,
  definition: unknown,
  input: unknown = {},
  options: TestMachineOptions = {},
): Promise<TestRun> => {
  const execution = createTestMachine(test, definition, options).start(input)
  await test.world.kernel.run(Number.POSITIVE_INFINITY)
  return {
    execution,
    path: test.transitions.filter(({ retry }) => retry === 0).map(({ state }) => state),
    elapsedMs: (execution.stoppedMs ?? Number.NaN) - execution.startedMs,
  }
}
