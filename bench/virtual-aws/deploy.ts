import { createClients, type Sender } from './clients.ts'
import type { FaultHooks } from './faults.ts'
import { createIntrinsics, type Intrinsics } from './intrinsics.ts'
import { type Clock, createKernel, type Kernel } from './kernel.ts'
import { createLatency, type LatencyOverrides } from './latency.ts'
import type { Observer } from './observer.ts'
import { createPermissions, type Permissions } from './permissions.ts'
import { createQuotas, type Limit, type QuotaName } from './quotas.ts'
import { forkRandom } from './random.ts'
import {
  createIdentity,
  createInert,
  identityTypes,
  inertTypes,
  type Place,
  wireIdentity,
} from './resources.ts'
import { createWorld, operator, type RunningWorld } from './running-world.ts'
import { createEventBuses } from './services/event-bus/event-buses.ts'
import type { FunctionCode as Code, FunctionRuntime as Runtime } from './services/function/environment.ts'
import { createFunctions, type Functions } from './services/function/functions.ts'
import { isRecord, NotModelled, type Properties, recordOf } from './services/properties.ts'
import { createQueues } from './services/queue/queues.ts'
import { createStates } from './services/states/states.ts'
import { createTables } from './services/table/tables.ts'
import type {
  PhysicalResource,
  Projection,
  QueueAccess,
  ServiceModel,
  TableAccess,
  WatchedQueue,
} from './world.ts'

/** A CloudFormation template, as synthesised. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
  readonly [section: string]: unknown
}

export type { Sender }
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
  refuseSections(template)
  const place: Place = { region: options.region, accountId, stackName: options.stackName ?? 'Stack' }
  const permissions = createPermissions(accountId)
  const quotas = createQuotas(options.region)
  const world = createWorld({
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
  })
  const functions = openServices(world, options)
  const stack = new Stack(template, place, permissions, [...world.services.values()])
  stack.create()
  stack.wire()
  for (const service of world.services.values()) service.start?.()
  return {
    kernel: world.kernel,
    clients: createClients(world, { by: 'caller', principal: { kind: 'outside' } }),
    operator: createClients(world, { by: operator, principal: { kind: 'outside' } }),
    neighbours: {
      runFunctions: (count) => functions.neighboursRun(count),
      leave: quotas.leave,
    },
    outputs: stack.outputs(),
    resource: (logicalId) => stack.resource(logicalId),
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

/** Sections that say nothing of a running stack, or that are read here. */
const sections: readonly string[] = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
]
const resourceKeys: readonly string[] = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
]

const refuseSections = (template: Template): void => {
  for (const section of Object.keys(template)) {
    if (!sections.includes(section)) {
      throw new NotModelled(`Template section ${section} is not modelled (modelled: ${sections.join(', ')})`)
    }
  }
}

/** The resources of a template on their way to the services that model them. */
class Stack {
  readonly #template: Template
  readonly #place: Place
  readonly #permissions: Permissions
  readonly #services = new Map<string, ServiceModel>()
  readonly #resources = new Map<string, PhysicalResource>()
  readonly #intrinsics: Intrinsics
  /** Knows parameters and conditions, but no resource. */
  readonly #nameless: Intrinsics

  constructor(template: Template, place: Place, permissions: Permissions, services: readonly ServiceModel[]) {
    this.#template = template
    this.#place = place
    this.#permissions = permissions
    this.#intrinsics = createIntrinsics(template, place, this.#resources)
    this.#nameless = createIntrinsics(template, place, new Map())
    for (const service of services) {
      for (const type of service.resourceTypes) this.#services.set(type, service)
    }
  }

  create(): void {
    for (const [logicalId, resource] of Object.entries(this.#template.Resources)) {
      const where = `${resource.Type} "${logicalId}"`
      for (const key of Object.keys(resource)) {
        if (!resourceKeys.includes(key)) throw new NotModelled(`${where}: attribute ${key} is not modelled`)
      }
      const { Condition } = resource as { readonly Condition?: string }
      if (Condition !== undefined && !this.#intrinsics.holds(Condition)) continue
      this.#resources.set(
        logicalId,
        this.#createOne(logicalId, resource.Type, this.#early(resource.Properties)),
      )
    }
  }

  /** Names may be made of the stack's name and the like: what needs no other resource is resolved in pass 1. */
  #early(properties: unknown): unknown {
    if (!isRecord(properties)) return properties
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, this.#resolvedEarly(value)]),
    )
  }

  #resolvedEarly(value: unknown): unknown {
    try {
      return this.#nameless.resolve(value)
    } catch {
      // It refers to a resource: pass 2 resolves it, or says why it cannot.
      return value
    }
  }

  #createOne(logicalId: string, type: string, properties: unknown): PhysicalResource {
    const service = this.#services.get(type)
    if (service !== undefined) return service.create(logicalId, type, properties, this.#place.stackName)
    if (identityTypes.includes(type)) return createIdentity(type, logicalId, properties, this.#place)
    if (Object.hasOwn(inertTypes, type)) return createInert(type, logicalId, properties, this.#place)
    throw new NotModelled(`${type} "${logicalId}": the resource type is not modelled`)
  }

  wire(): void {
    for (const [logicalId, resource] of this.#resources) {
      const type = this.#template.Resources[logicalId]?.Type ?? ''
      if (Object.hasOwn(inertTypes, type)) continue
      const properties = this.#resolved(logicalId, type)
      const service = this.#services.get(type)
      if (service !== undefined) service.wire(logicalId, type, properties)
      else {
        wireIdentity(type, logicalId, properties, {
          name: resource.ref,
          place: this.#place,
          permissions: this.#permissions,
        })
      }
    }
  }

  #resolved(logicalId: string, type: string): Properties {
    const where = `${type} "${logicalId}"`
    try {
      return recordOf(this.#intrinsics.resolve(this.#template.Resources[logicalId]?.Properties), where)
    } catch (cause) {
      const message = `${where}: ${messageOf(cause)}`
      throw cause instanceof NotModelled ? new NotModelled(message, { cause }) : new Error(message, { cause })
    }
  }

  outputs(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#template.Outputs ?? {}).flatMap(([name, output]) => {
        const { Condition } = output as { readonly Condition?: string }
        if (Condition !== undefined && !this.#intrinsics.holds(Condition)) return []
        return [[name, String(this.#intrinsics.resolve(output.Value))]]
      }),
    )
  }

  resource(logicalId: string): PhysicalResource | undefined {
    return this.#resources.get(logicalId)
  }

  /** Counts by ARN as counts by logical id. */
  byLogicalId(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const ids = new Map([...this.#resources].map(([id, { attributes }]) => [attributes['Arn'], id] as const))
    return new Map([...counts].map(([arn, count]) => [ids.get(arn) ?? arn, count]))
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
