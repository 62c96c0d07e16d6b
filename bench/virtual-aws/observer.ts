/**
 * What the virtual AWS tells whoever watches. Nothing is dropped in silence: what a real account would bill,
 * log, delay, dead-letter or lose is a call on one of these methods, in virtual-time order.
 */
export interface Observer {
  /** An API call took effect or was refused: by a function, by the outside caller, or by one service on another. */
  call?(call: ApiCall): void
  /** A function invocation ended: returned, failed, timed out or crashed. */
  invocation?(invocation: Invocation): void
  /** A state machine entered a state, or retried one: in a Standard machine one billed transition. */
  transition?(transition: Transition): void
  /** An execution reached its end. */
  execution?(end: ExecutionEnd): void
  /** Billed units that are no API call (GB-ms, GB ingested, archive bytes …). */
  metered?(meter: Meter, resource: string, units: number): void
  /** A message or event gave up its way: dead-lettered, expired, dropped, or matched by no rule. */
  lost?(loss: Loss): void
  /** A quota held something up: `rejected` with an error, or `delayed` by `delayMs`. */
  throttled?(throttle: Throttle): void
  /** A message or event was delivered again although it had been delivered. */
  duplicate?(resource: string, body: unknown): void
}

export type ServiceId = 'states' | 'events' | 'sqs' | 'lambda' | 'dynamodb'

/** Billing meters; each is one line of the price list. */
export type Meter =
  | 'states.transition'
  | 'states.express.request'
  | 'states.express.gbMs' // memory in chunks of 64 MB × duration in steps of 100 ms
  | 'events.put' // one per started 64 KB of an entry
  | 'events.archive.bytes'
  | 'events.replay' // one per started 64 KB of an event that an archive gives back
  | 'sqs.request' // one per started 64 KB of a request
  | 'sqs.fifoRequest' // the same, on a FIFO queue
  | 'lambda.request'
  | 'lambda.gbMs' // memory in GB × billed ms, INIT included
  | 'dynamodb.wru'
  | 'dynamodb.rru'
  | 'logs.bytes'

export interface ApiCall {
  readonly service: ServiceId
  /** The API's own name: SendMessage, PutEvents, StartExecution, TransactWriteItems … */
  readonly action: string
  /** Logical id of the function, rule, state machine or event source mapping that called, or `caller`. */
  readonly by: string
  /** Logical id of the resource called. */
  readonly resource: string
  /** The command's input, as given to the SDK; not to be changed. */
  readonly input: unknown
  /** What the caller got: the answer, or the error that it was refused with. */
  readonly output: unknown
  readonly startedMs: number
  /** When the caller had its answer. */
  readonly endedMs: number
  /** Undefined when it succeeded; else the error's AWS name. */
  readonly error: string | undefined
  readonly meter: Meter | undefined
  readonly units: number
}

export interface Invocation {
  readonly functionId: string
  readonly event: unknown
  readonly startedMs: number
  readonly endedMs: number
  readonly billedMs: number
  /** 0 when warm. */
  readonly initMs: number
  readonly memoryMiB: number
  readonly end: 'returned' | 'failed' | 'timed out' | 'crashed'
  readonly result: unknown
}

export interface Transition {
  readonly machineId: string
  readonly executionName: string
  readonly state: string
  readonly atMs: number
  /** 0 on the first attempt. */
  readonly retry: number
  /** An Express machine is billed by its requests and their duration instead. */
  readonly isExpress?: boolean
}

export interface ExecutionEnd {
  readonly machineId: string
  readonly executionName: string
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  readonly startedMs: number
  readonly endedMs: number
  readonly error?: string | undefined
  readonly cause?: string | undefined
}

export interface Loss {
  readonly how: 'dead-lettered' | 'expired' | 'dropped' | 'unmatched'
  readonly resource: string
  readonly body: unknown
  readonly atMs: number
  readonly reason: string
}

export interface Throttle {
  readonly quota: string
  /** Logical id of what was held up, where its service knows it: a function, a state machine. */
  readonly resource?: string | undefined
  readonly effect: 'rejected' | 'delayed'
  readonly delayMs: number
  readonly atMs: number
}
