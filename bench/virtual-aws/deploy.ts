import { createClients, type Sender } from './clients.ts'
import type { FaultHooks } from './faults.ts'
import { type Clock, createKernel, type Kernel } from './kernel.ts'
import { createLatency, type LatencyOverrides } from './latency.ts'
import type { Observer } from './observer.ts'
import { createPermissions } from './permissions.ts'
import { createQuotas, type Limit, type QuotaName } from './quotas.ts'
import { forkRandom } from './random.ts'
import type { Place } from './resources.ts'
import { createWorld, operator, operatorsWorld, type RunningWorld, type WorldParts } from './running-world.ts'
import { createEventBuses } from './services/event-bus/event-buses.ts'
import type { FunctionCode as Code, FunctionRuntime as Runtime } from './services/function/environment.ts'
import { createFunctions, type Functions } from './services/function/functions.ts'
import { createQueues } from './services/queue/queues.ts'
import { createStates } from './services/states/states.ts'
import { createTables } from './services/table/tables.ts'
import { Stack } from './stack.ts'
import type { Template as DeployedTemplate } from './template.ts'
import type {
  PhysicalResource,
  Projection,
  QueueAccess,
  ServiceModel,
  TableAccess,
  WatchedQueue,
} from './world.ts'

export type { Sender }
export type Template = DeployedTemplate
export type FunctionRuntime = Runtime
export type FunctionCode = Code

export interface DeployOptions {
  readonly region: string
  readonly seed: number
  readonly startMs: number
  /** By the template's `Handler` (`file.export`); one that is missing is refused at deploy. */
  readonly code: Readonly<Record<string, FunctionCode>>
  readonly observer?: Observer
  readonly faults?: FaultHooks
  readonly eventsMax?: number
  /** How many executions of Standard machines have their history kept, the first that are started; 100 by default. */
  readonly historiesKept?: number
  /** Physical names begin with it. */
  readonly stackName?: string
  /** Archives of event buses keep what they take, for StartReplay; memory then grows with the events of the run. */
  readonly keepArchives?: boolean
  /** In place of the published latencies of these hops. */
  readonly latency?: LatencyOverrides
  /** Is told of the time that passes, so that whoever samples costs no event; see `Clock`. */
  readonly clock?: Clock
}

/** A running stack on the virtual clock. */
export interface Deployment {
  readonly kernel: Kernel
  /** Clients of the outside caller, allowed everything: the front door of the bench. */
  readonly clients: FunctionRuntime['clients']
  /** Clients of whoever runs the stack: allowed everything, observed as `operator`, and in no bill. */
  readonly operator: FunctionRuntime['clients']
  /** Others in the same account and region, for which AWS has no call. */
  readonly neighbours: Neighbours
  readonly outputs: Readonly<Record<string, string>>
  /** What Ref and GetAtt give of a resource that was deployed: Ref of a queue is its URL, of a rule `bus|name`. */
  resource(logicalId: string): PhysicalResource | undefined
  /**
   * What `update` would create or change, by logical id in the order of the template; `drifted` are those that are to be
   * put back as it declares them, though it has not changed.
   */
  changeSet(template: Template, drifted?: readonly string[]): readonly string[]
  /**
   * Deploys another template over the one that runs, as CloudFormation executes a drift-aware change set: what is new is
   * created, what is declared otherwise or has drifted is changed, and all else is left as it is. At once; what cannot be
   * changed of a resource, and taking one out, is refused by name. Source:
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html (read 2026-11-26).
   */
  update(template: Template, drifted?: readonly string[]): void
  /** The items of a table by its physical name, for seeding before and for the laws after a run. Not metered. */
  table(name: string): {
    put(item: Readonly<Record<string, unknown>>): void
    items(): Iterable<Readonly<Record<string, unknown>>>
    keys(): Iterable<string>
    /** What a projection does not name of the item may be left out. */
    item(key: string, projection?: Projection): Readonly<Record<string, unknown>> | undefined
  }
  /** Empty receives that the idle pollers of the event source mappings made between two times, by queue. */
  idlePolls(fromMs: number, toMs: number): ReadonlyMap<string, number>
  /** Logical id of a queue → messages that lie in it now (visible and in flight). */
  depths(): ReadonlyMap<string, number>
  /** What a clock may look at: a queue by its logical id, without any effect on it. */
  queue(logicalId: string): WatchedQueue
}

/** What other stacks of an account take of what it shares among all. */
export interface Neighbours {
  /** So many executions of their functions run from now on. */
  runFunctions(count: number): void
  /** So much of a quota is left from now on; undefined: all of it. */
  leave(quota: QuotaName, limit: Limit | undefined): void
}

/** An account of AWS's documentation; no real one. */
const accountId = '111122223333'

/** Deploys a template on a virtual clock of its own. What it asks for and is not modelled is refused by name. */
export const deploy = (template: Template, options: DeployOptions): Deployment => {
  const place: Place = { region: options.region, accountId, stackName: options.stackName ?? 'Stack' }
  const permissions = createPermissions(accountId)
  const quotas = createQuotas(options.region)
  const parts: WorldParts = {
    kernel: createKernel({
      startMs: options.startMs,
      ...(options.eventsMax === undefined ? {} : { eventsMax: options.eventsMax }),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    }),
    region: options.region,
    accountId,
    observer: options.observer ?? {},
    faults: options.faults ?? {},
    random: forkRandom(options.seed),
    latency: createLatency(options.latency),
    quotas,
    permissions,
  }
  const world = createWorld(parts)
  const functions = openServices(world, options)
  const stack = new Stack(template, place, permissions, [...world.services.values()])
  stack.create()
  return {
    kernel: world.kernel,
    clients: createClients(world, { by: 'caller', principal: { kind: 'outside' } }),
    operator: createClients(operatorsWorld(parts, world), { by: operator, principal: { kind: 'outside' } }),
    neighbours: {
      runFunctions: (count) => functions.neighboursRun(count),
      leave: quotas.leave,
    },
    outputs: stack.outputs(),
    resource: (logicalId) => stack.resource(logicalId),
    changeSet: (next, drifted = []) => stack.changeSet(next, drifted),
    update: (next, drifted = []) => stack.update(next, drifted),
    table: (name) => ({
      put: (item) => world.tables.put(name, item),
      items: () => world.tables.items(name),
      keys: () => world.tables.keys(name),
      item: (key, projection = 'all') => world.tables.item(name, key, projection),
    }),
    idlePolls: (fromMs, toMs) => stack.byLogicalId(functions.idlePolls(fromMs, toMs)),
    depths: () => world.queues.depths(),
    queue: (logicalId) => world.queues.watched(logicalId),
  }
}

/** Makes every service, and opens the doors that they have beside their API. */
const openServices = (world: RunningWorld, options: DeployOptions): Functions => {
  const { code, keepArchives = false, historiesKept } = options
  const functions = createFunctions(world, code)
  const queues: ServiceModel & QueueAccess = createQueues(world)
  const tables: ServiceModel & TableAccess = createTables(world)
  world.doors.functions = functions
  world.doors.queues = queues
  world.doors.tables = tables
  const others = [createEventBuses(world, { keepArchives }), createStates(world, historiesKept)]
  for (const service of [queues, tables, functions, ...others]) world.services.set(service.id, service)
  return functions
}
