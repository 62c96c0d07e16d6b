import type { FaultHooks } from './faults.ts'
import type { Kernel } from './kernel.ts'
import type { Meter, Observer, ServiceId } from './observer.ts'

/** What a modelled service may use, and how it reaches the others. Internal to the virtual AWS. */
export interface World {
  readonly kernel: Kernel
  readonly region: string
  readonly accountId: string
  readonly observer: Required<Observer>
  readonly faults: FaultHooks
  /** A stream of its own for each name: adding a draw in one place shifts nothing elsewhere. */
  random(name: string): Random
  /** Draws the latency of one hop in ms; some hops grow with the payload. */
  latencyMs(hop: string, payloadBytes?: number): number
  /** One service calls another (or a function does): permission, quota, effect, meter and observation. */
  call(request: ServiceCall, done: Answered): void
  /**
   * Takes tokens of a regional quota that no API call of `call` takes, as state transitions and invocations are;
   * tells the observer when it is exhausted. A name without a quota is unlimited. `of` names the one of many that
   * has the quota to itself, as each FIFO queue has; `resource` tells the observer what is held up.
   */
  throttle(quota: string, units?: number, of?: string, resource?: string): Throttling
  /** Whether a policy allows this; what `call` asks for API calls. Answers are remembered. */
  permits(principal: Principal, iamAction: string, arn: string): boolean
  /** Which kind of policy denies what is not permitted; undefined when none does, and none allows it. */
  deniedIn(principal: Principal, iamAction: string, arn: string): PolicyKind | undefined
  /** A resource's own policy document (of a queue, a function, a bus), intrinsics resolved. */
  attachPolicy(resourceArn: string, policyDocument: unknown, origin: string): void
  /** The other services' doors beside their API; to be read when used, not when a service is made. */
  readonly queues: QueueAccess
  readonly functions: FunctionAccess
  readonly tables: TableAccess
}

/** Who hears of an answer; an object hears it without a closure of its own for each call. */
export type Answered = ((answer: Answer) => void) | { answered(answer: Answer): void }

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
}

export interface ServiceCall {
  /** Who calls: its logical id for the observation, its role or service principal for the permission. */
  readonly by: string
  readonly principal: Principal
  readonly service: ServiceId
  readonly action: string
  /** In the shape of the SDK command's input. */
  readonly input: Readonly<Record<string, unknown>>
}

export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string; readonly sourceArn: string }
  | { readonly kind: 'outside' }

export type PolicyKind = 'identity-based' | 'resource-based'

export type Answer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: Error }

/** What a quota did to a request: nothing, hold it up for `delayMs`, or refuse it. */
export interface Throttling {
  readonly effect: 'none' | 'delayed' | 'rejected'
  readonly delayMs: number
}

/** One modelled AWS service. `deploy` gives it the resources of its types in two passes: create all, then wire. */
export interface ServiceModel {
  readonly id: ServiceId
  /** CloudFormation types that it models, as `AWS::SQS::Queue`. */
  readonly resourceTypes: readonly string[]
  /**
   * Pass 1: physical ids and attributes, so that Ref and GetAtt resolve. Refuses unmodelled properties by name.
   * `properties` may hold unresolved intrinsics; `stackName` goes into generated physical names.
   */
  create(logicalId: string, type: string, properties: unknown, stackName: string): PhysicalResource
  /** Pass 2: all intrinsics resolved. In the order of the template; other services may be unwired yet. */
  wire(logicalId: string, type: string, properties: Readonly<Record<string, unknown>>): void
  /**
   * After the last `wire`, and after each update: checks that need the other services, as a mapping's visibility
   * timeout. What has been started is left as it is.
   */
  start?(): void
  /** Of one that was wired: its properties are these from now on. What cannot be changed is refused by name. */
  change?(logicalId: string, type: string, properties: Readonly<Record<string, unknown>>): void
  /**
   * An API action on it: calls `done` synchronously with the effect at this virtual instant; permission, quota
   * and timing are done. An action whose `hop` is undefined calls `done` whenever its answer is there.
   */
  act(request: ServiceCall, done: Answered): void
  /**
   * The IAM action and resource ARN that a request needs, and the logical id of the resource that it names.
   * Unknown actions are refused by name; a resource that does not exist has an ARN and its name as logical id.
   */
  target(request: ServiceCall): CallTarget
  /** The billing meter of the call and its units; undefined when the call itself costs nothing. */
  bill(request: ServiceCall, answer: Answer): { readonly meter: Meter | undefined; readonly units: number }
  /** The hop that times the API call. Undefined: the service times the action itself (a synchronous Invoke). */
  hop(action: string): string | undefined
  /** The error of a call over quota; without it, the one of its client: see `throttling.ts`. */
  throttled?(request: ServiceCall): Error
}

export interface CallTarget {
  readonly iamAction: string
  readonly arn: string
  readonly logicalId: string
  /** What else the request needs, as a transaction needs an action for each item in it. */
  readonly further?: readonly { readonly iamAction: string; readonly arn: string }[]
  /** The quota that the request takes from, where it is not the one of its action. */
  readonly quota?: string
}

/** What Ref and Fn::GetAtt give for a resource. */
export interface PhysicalResource {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

/** A message as ReceiveMessage gives it; attribute values are strings, as SQS sends them. */
export interface ReceivedMessage {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  /** In the shape of the SDK: name → `{ StringValue, DataType }`. */
  readonly messageAttributes: Readonly<Record<string, unknown>>
}

/** Queues as event source mappings and the bench use them. */
export interface QueueAccess {
  /** A FIFO queue gives messages of a group in order, and none while any of the group is in flight. */
  kind(queueArn: string): 'standard' | 'fifo'
  /** Calls the listener in the event in which messages become visible: sent, delayed until now, or returned. */
  onVisible(queueArn: string, listener: () => void): void
  /** Messages that `receive` could give now. */
  visibleCount(queueArn: string, sinceMs?: number): number
  /**
   * Takes up to `max` visible messages, with `sinceMs` only of those that became visible at that time; an empty array
   * when there are none. A take that finds any is metered as
   * ReceiveMessage of `by` (one request for each started ten); an empty one is not: idle polls are accounted apart.
   */
  receive(queueArn: string, max: number, by: string, sinceMs?: number): readonly ReceivedMessage[]
  /** Deletes, metered as DeleteMessageBatch of `by`, one request for each started ten. Stale handles do nothing. */
  remove(queueArn: string, receiptHandles: readonly string[], by: string): void
  visibilityTimeoutMs(queueArn: string): number
  /** For targets that are named by ARN: the QueueUrl that SendMessage takes. Undefined when there is none. */
  urlOf(queueArn: string): string | undefined
  /** Logical id → messages in the queue now, visible, delayed and in flight. */
  depths(): ReadonlyMap<string, number>
  /** Throws when the stack has no queue of that logical id. */
  watched(logicalId: string): WatchedQueue
}

/** A queue as one may look at it without any effect on it. */
export interface WatchedQueue {
  /** As of just before `atMs`, which is now or later: what will become of it by then if nothing else happens. */
  readingAt(atMs: number): QueueReading
  /** What lies in it of all that came after the one that `newest` named; of everything with 0. */
  bodiesAfter(newest: number): readonly string[]
}

export interface QueueReading {
  readonly visible: number
  /** As SQS tells the age of the oldest message; undefined when there is none that counts. */
  readonly oldestAgeMs: number | undefined
  /** Names the message that came last; it rises. */
  readonly newest: number
}

/** How a synchronous invocation ended: with its payload, or with the error that Lambda reports of it. */
export type InvocationAnswer =
  | { readonly ok: true; readonly payload: unknown }
  | {
      readonly ok: false
      /** The error's name, or `Sandbox.Timedout`, `Runtime.ExitError`, `TooManyRequestsException`. */
      readonly errorType: string
      readonly errorMessage: string
      /** True when the service refused it (throttled): no code ran. False when the function itself failed. */
      readonly refused: boolean
      /** Which limit a throttled invocation met, as `ConcurrentInvocationLimitExceeded`. */
      readonly reason?: string
    }

/** Functions as other services use them. */
export interface FunctionAccess {
  /**
   * RequestResponse, timed by the hop `lambda.invoke`: answers when the function has ended. Asks for no permission:
   * a caller with a role uses `world.call` with `lambda`, `Invoke`, `{ FunctionName, Payload }`, where Payload is
   * the plain JSON value and the output `{ StatusCode, Payload, FunctionError? }`; with `InvocationType: 'Event'` the
   * event is queued, and the output is `{ StatusCode: 202 }`.
   */
  invoke(functionArn: string, payload: unknown, done: (answer: InvocationAnswer) => void): void
}

/** Tables as the bench uses them, by physical name: not metered, no permission asked, no time passes. */
export interface TableAccess {
  put(tableName: string, item: Readonly<Record<string, unknown>>): void
  items(tableName: string): Iterable<Readonly<Record<string, unknown>>>
  keys(tableName: string): Iterable<string>
  /** At least what the projection names of the item. */
  item(tableName: string, key: string, projection: Projection): Readonly<Record<string, unknown>> | undefined
}

/** What to read of an item: all, or the attributes of these names; of a list, of each of its elements. */
export type Projection = 'all' | { readonly [name: string]: Projection }
