import { createKernel } from '../virtual-aws/kernel.ts'
import { forkRandom } from '../virtual-aws/random.ts'
import { createWorld } from '../virtual-aws/running-world.ts'
import { compileMachine } from '../virtual-aws/services/states/definition/compile.ts'
import { Execution } from '../virtual-aws/services/states/execution.ts'
import type { Integration } from '../virtual-aws/services/states/integrations/integration.ts'
import { createTokens } from '../virtual-aws/services/states/tokens.ts'
import { input, type MachineName, machines, taskNames } from './machine.ts'

const chunk = 500

/** A task that answers at once with what it was given. */
const echo: Integration = {
  waitsForToken: false,
  parameters: undefined,
  call: ({ payload }, done) => done({ ok: true, output: payload }),
}

/** State transitions per second of this project's interpreter: nothing but the language and the event loop. */
export const ownTransitionsPerSecond = async (forMs: number, of: MachineName): Promise<number> => {
  const kernel = createKernel({ startMs: 0, eventsMax: Number.MAX_SAFE_INTEGER })
  let transitions = 0
  const world = createWorld({
    kernel,
    region: 'us-east-1',
    accountId: '111122223333',
    observer: {
      transition: () => {
        transitions += 1
      },
    },
    faults: {},
    random: forkRandom(1),
    latency: () => 1,
    quotas: { take: () => unhindered },
    permissions: {
      attachToRole: ignore,
      attachToResource: ignore,
      detach: ignore,
      permits: () => true,
      deniedIn: () => undefined,
    },
  })
  const machine = {
    logicalId: 'Machine',
    arn: 'arn:aws:states:us-east-1:111122223333:stateMachine:Machine',
    name: 'Machine',
    roleArn: 'arn:aws:iam::111122223333:role/Machine',
    program: compileMachine(machines[of], { integration: () => echo }),
    log: { level: 'OFF', includeData: false } as const,
  }
  const surroundings = {
    world,
    tokens: createTokens(() => 0.5),
    retryJitter: () => 0.5,
    expressionChance: () => 0.5,
  }
  const startedMs = performance.now()
  let elapsedMs = 0
  for (let started = 0; elapsedMs < forMs; elapsedMs = performance.now() - startedMs) {
    for (let index = 0; index < chunk; index += 1) {
      started += 1
      const name = `run-${started}`
      new Execution(surroundings, machine, { arn: `${machine.arn}:${name}`, name, input }, ignore).start()
    }
    await kernel.run(Number.POSITIVE_INFINITY)
  }
  return (transitions / elapsedMs) * 1000
}

const ignore = (): void => undefined
const unhindered = { effect: 'none', delayMs: 0 } as const

/** The same of `aws-local-stepfunctions`, the interpreter that others use offline, on the same machine. */
export const peerTransitionsPerSecond = async (forMs: number, of: MachineName): Promise<number> => {
  polyfillWithResolvers()
  const { StateMachine } = await import('aws-local-stepfunctions')
  const machine = new StateMachine(machines[of] as ConstructorParameters<typeof StateMachine>[0], {
    validationOptions: { noValidate: true },
  })
  const handlers = Object.fromEntries(taskNames.map((name) => [name, <Given>(given: Given): Given => given]))
  const startedMs = performance.now()
  let executions = 0
  let elapsedMs = 0
  for (; elapsedMs < forMs; elapsedMs = performance.now() - startedMs) {
    await machine.run(input, { overrides: { taskResourceLocalHandlers: handlers } }).result
    executions += 1
  }
  return ((executions * taskNames.length) / elapsedMs) * 1000
}

/** The peer needs Node 22, for this alone. */
const polyfillWithResolvers = (): void => {
  if ('withResolvers' in Promise) return
  Object.assign(Promise, {
    withResolvers: () => {
      const made: { resolve?: unknown; reject?: unknown } = {}
      const promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
      return { promise, ...made }
    },
  })
}
