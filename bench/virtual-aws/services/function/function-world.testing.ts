import { createKernel, type Kernel } from '../../kernel.ts'
import { createLatency } from '../../latency.ts'
import type { ApiCall, Invocation, Loss, Throttle } from '../../observer.ts'
import { createPermissions } from '../../permissions.ts'
import { forkRandom } from '../../random.ts'
import type { WorldParts } from '../../running-world.ts'
import { createWorld, type RunningWorld } from '../../running-world.ts'
import type { Answer, Principal, ServiceModel } from '../../world.ts'
import { createEventBuses } from '../event-bus/event-buses.ts'
import type { Properties } from '../properties.ts'
import { createQueues } from '../queue/queues.ts'
import { bootstrap, type Resources } from '../small-world.ts'
import type { FunctionCode } from './environment.ts'
import { createFunctions } from './functions.ts'

export const account = '123456789012'
export const startMs = Date.UTC(2026, 0, 5)
export const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:${account}:function:${name}`
export const queueArn = (name: string): string => `arn:aws:sqs:eu-west-1:${account}:${name}`
export const busArn = (name: string): string => `arn:aws:events:eu-west-1:${account}:event-bus/${name}`
export const roleArn = `arn:aws:iam::${account}:role/Worker`

/** Functions with queues and buses around them on a kernel, called from outside of any template. */
export interface FunctionWorld {
  readonly world: RunningWorld
  readonly kernel: Kernel
  /** Functions of other stacks of the account run so many executions from now on. */
  neighboursRun(count: number): void
  readonly lost: Loss[]
  readonly calls: ApiCall[]
  readonly invocations: Invocation[]
  readonly throttles: Throttle[]
  readonly duplicates: unknown[]
  /** Calls Invoke of the function `F`; the answer comes when the kernel has run so far. */
  invoke(input?: Properties, principal?: Principal): Promise<Answer>
  /** Starts an Invoke and waits for nothing. */
  start(input?: Properties): void
  /** Lets that much time pass. */
  pass(ms: number): Promise<void>
  /** What lies in a queue, taken. */
  messages(name: string): readonly { readonly body: unknown; readonly attributes: Properties }[]
}

/** A function `F` of one second more or less, as the properties say. */
export const functionF = (properties: Properties = {}): Resources => ({
  F: {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 'F', Handler: 'f', Role: roleArn, Code: {}, ...properties },
  },
})

export const functionWorld = (
  resources: Resources,
  code: FunctionCode,
  options: { readonly allowed?: readonly string[]; readonly faults?: WorldParts['faults'] } = {},
): FunctionWorld => {
  const heard = { lost: [] as Loss[], calls: [] as ApiCall[], invocations: [] as Invocation[] }
  const throttles: Throttle[] = []
  const duplicates: unknown[] = []
  const permissions = createPermissions(account)
  const allowed = options.allowed ?? ['*']
  if (allowed.length > 0) {
    const Statement = [{ Effect: 'Allow', Action: allowed, Resource: '*' }]
    permissions.attachToRole(roleArn, { Statement }, 'test')
  }
  const kernel = createKernel({ startMs, eventsMax: 2_000_000 })
  const world = createWorld({
    kernel,
    region: 'eu-west-1',
    accountId: account,
    observer: {
      lost: (loss) => heard.lost.push(loss),
      call: (call) => heard.calls.push(call),
      invocation: (invocation) => heard.invocations.push(invocation),
      throttled: (throttle) => throttles.push(throttle),
      duplicate: (_resource, body) => duplicates.push(body),
    },
    faults: options.faults ?? {},
    random: forkRandom(1),
    latency: createLatency(),
    quotas: { take: () => ({ effect: 'none', delayMs: 0 }) },
    permissions,
  })
  const queues = createQueues(world)
  const functions = createFunctions(world, { f: code })
  world.doors.queues = queues
  world.doors.functions = functions
  const services: readonly ServiceModel[] = [queues, functions, createEventBuses(world)]
  for (const service of services) world.services.set(service.id, service)
  bootstrap(resources, services)

  const pass: FunctionWorld['pass'] = async (ms) => {
    const untilMs = kernel.nowMs + ms
    kernel.at(untilMs, () => undefined)
    await kernel.run(untilMs)
  }
  const begin = (input: Properties, principal: Principal, done: (answer: Answer) => void): void =>
    world.call(
      {
        by: 'caller',
        principal,
        service: 'lambda',
        action: 'Invoke',
        input: { FunctionName: 'F', ...input },
      },
      done,
    )
  return {
    world,
    kernel,
    neighboursRun: (count) => functions.neighboursRun(count),
    ...heard,
    throttles,
    duplicates,
    pass,
    start: (input = {}) => begin(input, { kind: 'outside' }, () => undefined),
    invoke: async (input = {}, principal = { kind: 'outside' }) => {
      const answers: Answer[] = []
      begin(input, principal, (answer) => answers.push(answer))
      for (let turn = 0; turn < turnsMax; turn += 1) {
        const [answer] = answers
        if (answer !== undefined) return answer
        await pass(100)
      }
      throw new Error('Invoke was not answered')
    },
    messages: (name) =>
      queues.receive(queueArn(name), 10, 'test').map(({ body, messageAttributes }) => ({
        body: JSON.parse(body),
        attributes: messageAttributes,
      })),
  }
}

const turnsMax = 10_000
