import type { FaultHooks } from '../faults.ts'
import { createKernel, type Kernel } from '../kernel.ts'
import type { ApiCall, Loss, ServiceId, Throttle } from '../observer.ts'
import { createPermissions } from '../permissions.ts'
import type { Quotas } from '../quotas.ts'
import { forkRandom } from '../random.ts'
import { createWorld, type RunningWorld } from '../running-world.ts'
import type { Answer, Principal, QueueAccess, ServiceModel, TableAccess } from '../world.ts'
import { createEventBuses } from './event-bus/event-buses.ts'
import type { Properties } from './properties.ts'
import { createQueues } from './queue/queues.ts'
import { createTables } from './table/tables.ts'

/** Queues, tables and buses alone on a kernel, for their tests: no functions, quotas only when given, and calls take no time. */
export interface SmallWorld {
  readonly world: RunningWorld
  readonly kernel: Kernel
  readonly queues: ServiceModel & QueueAccess
  readonly tables: ServiceModel & TableAccess
  readonly lost: Loss[]
  readonly calls: ApiCall[]
  readonly duplicates: unknown[]
  readonly throttles: Throttle[]
  readonly metered: { readonly meter: string; readonly units: number }[]
  /** Calls, and lets the kernel run until the answer is there. */
  call(service: ServiceId, action: string, input: Properties, principal?: Principal): Promise<Answer>
  /** Lets that much time pass. */
  pass(ms: number): Promise<void>
}

/** Resources by logical id, intrinsics resolved. */
export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>

export const smallAccount = '123456789012'
export const smallStart = Date.UTC(2026, 0, 5)

export const queueUrl = (name: string): string =>
  `https://sqs.us-east-1.amazonaws.com/${smallAccount}/${name}`
export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${smallAccount}:${name}`

export const smallWorld = (
  resources: Resources,
  options: {
    readonly faults?: FaultHooks
    readonly latencyMs?: (hop: string) => number
    readonly keepArchives?: boolean
    readonly quotas?: Pick<Quotas, 'take'>
  } = {},
): SmallWorld => {
  const kernel = createKernel({ startMs: smallStart, eventsMax: 1_000_000 })
  const lost: Loss[] = []
  const calls: ApiCall[] = []
  const duplicates: unknown[] = []
  const throttles: Throttle[] = []
  const metered: { readonly meter: string; readonly units: number }[] = []
  const world = createWorld({
    kernel,
    region: 'us-east-1',
    accountId: smallAccount,
    observer: {
      lost: (loss) => lost.push(loss),
      call: (call) => calls.push(call),
      duplicate: (_resource, body) => duplicates.push(body),
      throttled: (throttle) => throttles.push(throttle),
      metered: (meter, _resource, units) => metered.push({ meter, units }),
    },
    faults: options.faults ?? {},
    random: forkRandom(1),
    latency: options.latencyMs ?? (() => 0),
    quotas: options.quotas ?? { take: () => ({ effect: 'none', delayMs: 0 }) },
    permissions: createPermissions(smallAccount),
  })
  const queues = createQueues(world)
  const tables = createTables(world)
  const services: readonly ServiceModel[] = [queues, tables, createEventBuses(world, options)]
  world.doors.queues = queues
  world.doors.tables = tables
  for (const service of services) world.services.set(service.id, service)
  bootstrap(resources, services)
  const pass = async (ms: number): Promise<void> => {
    const untilMs = kernel.nowMs + ms
    kernel.at(untilMs, () => undefined)
    await kernel.run(untilMs)
  }
  const call: SmallWorld['call'] = async (service, action, input, principal = { kind: 'outside' }) => {
    const answers: Answer[] = []
    world.call({ by: 'caller', principal, service, action, input }, (answer) => answers.push(answer))
    for (let turn = 0; turn < turnsMax; turn += 1) {
      const [answer] = answers
      if (answer !== undefined) return answer
      await pass(answers.length === 0 && turn > 0 ? 1000 : 0)
    }
    throw new Error(`${action} was not answered`)
  }
  return { world, kernel, queues, tables, lost, calls, duplicates, throttles, metered, call, pass }
}

const turnsMax = 100

/** Creates and wires resources as a deployment does. */
export const bootstrap = (resources: Resources, services: readonly ServiceModel[]): void => {
  const serviceOf = (type: string): ServiceModel => {
    const service = services.find(({ resourceTypes }) => resourceTypes.includes(type))
    if (service === undefined) throw new Error(`no service for ${type}`)
    return service
  }
  const all = Object.entries(resources)
  for (const [id, { Type, Properties = {} }] of all) serviceOf(Type).create(id, Type, Properties, 'Stack')
  for (const [id, { Type, Properties = {} }] of all) serviceOf(Type).wire(id, Type, Properties)
  for (const service of services) service.start?.()
}
