import type { ArrivedCall, FaultHooks } from './faults.ts'
import type { Kernel } from './kernel.ts'
import type { Latency } from './latency.ts'
import type { Observer, ServiceId } from './observer.ts'
import { accessDenied, type Permissions } from './permissions.ts'
import type { Quotas } from './quotas.ts'
import type { RandomFork } from './random.ts'
import { tell } from './tell.ts'
import { overQuota } from './throttling.ts'
import type {
  Answer,
  Answered,
  CallTarget,
  FunctionAccess,
  QueueAccess,
  ServiceCall,
  ServiceModel,
  TableAccess,
  Throttling,
  World,
} from './world.ts'

export interface WorldParts {
  readonly kernel: Kernel
  readonly region: string
  readonly accountId: string
  readonly observer: Observer
  readonly faults: FaultHooks
  readonly random: RandomFork
  readonly latency: Latency
  readonly quotas: Pick<Quotas, 'take'>
  readonly permissions: Permissions
}

/** The doors of the services beside their API; each is opened when its service is made. */
export interface Doors {
  queues?: QueueAccess
  functions?: FunctionAccess
  tables?: TableAccess
}

export interface RunningWorld extends World {
  readonly services: Map<ServiceId, ServiceModel>
  readonly doors: Doors
}

export const createWorld = (parts: WorldParts): RunningWorld => worldOver(parts, new Map(), {})

/**
 * The same services as one who runs the stack calls them: with chance of its own, so that none of its calls shifts a
 * latency of the work that goes on.
 */
export const operatorsWorld = (parts: WorldParts, { services, doors }: RunningWorld): World =>
  worldOver({ ...parts, random: (name) => parts.random(`operator/${name}`) }, services, doors)

const worldOver = (parts: WorldParts, services: RunningWorld['services'], doors: Doors): RunningWorld => {
  const { kernel, region, accountId, faults, random, permissions } = parts
  const observer = { ...silence, ...bound(parts.observer) }
  const latencyMs = latencies(parts)

  const throttle = (quota: string, units?: number, of?: string, resource?: string): Throttling => {
    const verdict = parts.quotas.take(quota, kernel.nowMs, units, of)
    if (verdict.effect !== 'none') {
      const { effect, delayMs } = verdict
      observer.throttled({ quota, resource, effect, delayMs, atMs: kernel.nowMs })
    }
    return verdict
  }

  const world: RunningWorld = {
    kernel,
    region,
    accountId,
    observer,
    faults,
    services,
    doors,
    random,
    latencyMs,
    throttle,
    permits: permissions.permits.bind(permissions),
    deniedIn: permissions.deniedIn.bind(permissions),
    attachPolicy: permissions.attachToResource.bind(permissions),
    get queues() {
      return opened(doors.queues, 'queue')
    },
    get functions() {
      return opened(doors.functions, 'function')
    },
    get tables() {
      return opened(doors.tables, 'table')
    },
    call: (request, done) => {
      const service = services.get(request.service)
      if (service === undefined) throw new Error(`Service ${request.service} is not modelled`)
      new Call(world, service, request, done).start()
    },
  }
  return world
}

const opened = <Door>(door: Door | undefined, name: string): Door => {
  if (door === undefined) throw new Error(`The ${name} service was used before it was made`)
  return door
}

const ignore = (): void => undefined
const silence: Required<Observer> = {
  call: ignore,
  invocation: ignore,
  transition: ignore,
  execution: ignore,
  metered: ignore,
  lost: ignore,
  throttled: ignore,
  duplicate: ignore,
}

/** An observer may be an object with state: its methods keep their `this`. */
const bound = (observer: Observer): Observer =>
  Object.fromEntries(
    Object.keys(silence).flatMap((name) => {
      const method = observer[name as keyof Observer] as ((...heard: never[]) => void) | undefined
      return method === undefined ? [] : [[name, method.bind(observer)]]
    }),
  )

/** One stream a hop, so that a further call of one kind shifts no other latency. */
const latencies = ({ latency, random }: WorldParts): World['latencyMs'] => {
  const streams = new Map<string, { next(): number }>()
  return (hop, payloadBytes) => {
    let stream = streams.get(hop)
    if (stream === undefined) {
      stream = random(`latency/${hop}`)
      streams.set(hop, stream)
    }
    return latency(hop, stream.next(), payloadBytes)
  }
}

/** Names of quotas, made once: `states.StartExecution`. */
const quotaNames = new Map<ServiceId, Map<string, string>>()

const quotaOf = ({ service, action }: ServiceCall): string => {
  const known = quotaNames.get(service)?.get(action)
  if (known !== undefined) return known
  const name = `${service}.${action}`
  quotaNames.set(service, (quotaNames.get(service) ?? new Map<string, string>()).set(action, name))
  return name
}

/** Who runs the stack, as the one who calls; what it does to the stack is in no bill of the stack's work. */
export const operator = 'operator'
const unbilled = { meter: undefined, units: 0 }

type Need = Pick<CallTarget, 'iamAction' | 'arn'>

/**
 * One API call on its way:
 *
 *     started ── half the latency ──▶ permission, quota, effect ── the other half ──▶ answer
 *
 * The observer hears of it when it takes effect, with the time at which the caller will have its answer.
 */
class Call {
  readonly #world: World
  readonly #service: ServiceModel
  readonly #request: ServiceCall
  readonly #done: Answered
  readonly #target: CallTarget
  readonly #startedMs: number
  #halfMs = 0
  #answer: Answer | undefined

  constructor(world: World, service: ServiceModel, request: ServiceCall, done: Answered) {
    this.#world = world
    this.#service = service
    this.#request = request
    this.#done = done
    this.#target = service.target(request)
    this.#startedMs = world.kernel.nowMs
  }

  start(): void {
    const hop = this.#service.hop(this.#request.action)
    if (hop === undefined) {
      this.#arrive()
      return
    }
    this.#halfMs = this.#world.latencyMs(hop) / 2
    this.#world.kernel.after(this.#halfMs, this)
  }

  /** The kernel's turn: first the call arrives, then its answer does. */
  run(): void {
    if (this.#answer === undefined) this.#arrive()
    else tell(this.#done, this.#answer)
  }

  #arrive(): void {
    const { refusal } = this.#world.faults
    const struck = refusal === undefined ? undefined : refusal(this.#arrived())
    if (struck !== undefined) {
      this.#refuse(struck)
      return
    }
    const refused = this.#refusedNeed()
    if (refused !== undefined) {
      const { accountId } = this.#world
      const deniedIn = this.#world.deniedIn(this.#request.principal, refused.iamAction, refused.arn)
      this.#refuse(accessDenied(this.#request, refused, accountId, deniedIn))
      return
    }
    const { effect, delayMs } = this.#world.throttle(this.#target.quota ?? quotaOf(this.#request))
    if (effect === 'rejected') this.#refuse(this.#overQuota())
    else this.#actAfter(delayMs)
  }

  #actAfter(delayMs: number): void {
    const { slowed } = this.#world.faults
    const ms = slowed === undefined ? delayMs : delayMs + slowed(this.#arrived())
    if (ms > 0) this.#world.kernel.after(ms, () => this.#act())
    else this.#act()
  }

  #arrived(): ArrivedCall {
    const { by, service, action, input } = this.#request
    return { by, service, action, input, resource: this.#target.logicalId, atMs: this.#world.kernel.nowMs }
  }

  #refusedNeed(): Need | undefined {
    if (this.#isRefused(this.#target)) return this.#target
    return this.#target.further === undefined ? undefined : this.#refusedOf(this.#target.further)
  }

  #refusedOf(needs: readonly Need[]): Need | undefined {
    return needs.find((need) => this.#isRefused(need))
  }

  #isRefused({ iamAction, arn }: Need): boolean {
    return !this.#world.permits(this.#request.principal, iamAction, arn)
  }

  #act(): void {
    this.#service.act(this.#request, this)
  }

  #refuse(error: Error): void {
    this.answered({ ok: false, error })
  }

  #overQuota(): Error {
    return this.#service.throttled?.(this.#request) ?? overQuota(this.#request.service)
  }

  /** By its service, or with a refusal. */
  answered(answer: Answer): void {
    if (this.#answer !== undefined) throw new Error(`${this.#request.action} was answered twice`)
    this.#answer = answer
    this.#observe(answer)
    if (this.#halfMs === 0) tell(this.#done, answer)
    else this.#world.kernel.after(this.#halfMs, this)
  }

  #observe(answer: Answer): void {
    const isOperator = this.#request.by === operator
    const { meter, units } = isOperator ? unbilled : this.#service.bill(this.#request, answer)
    this.#world.observer.call({
      service: this.#request.service,
      action: this.#request.action,
      by: this.#request.by,
      resource: this.#target.logicalId,
      input: this.#request.input,
      output: answer.ok ? answer.output : answer.error,
      startedMs: this.#startedMs,
      endedMs: this.#world.kernel.nowMs + this.#halfMs,
      error: answer.ok ? undefined : answer.error.name,
      meter,
      units,
    })
  }
}
