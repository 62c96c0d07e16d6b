import type { FaultHooks } from './faults.ts'
import type { Kernel } from './kernel.ts'
import type { Observer } from './observer.ts'

/** A CloudFormation template, as synthesised. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
  readonly [section: string]: unknown
}

/** Anything with the SDK's `send`. */
export interface Sender {
  send(command: object): Promise<never>
}

/** What a handler gets: clients bound to its role, its environment, and a clock of its own environment. */
export interface FunctionRuntime {
  readonly clients: {
    readonly sfn: Sender
    readonly eventBridge: Sender
    readonly sqs: Sender
    readonly dynamo: Sender
  }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: { nowMs(): number; sleep(ms: number): Promise<void> }
}

/** The code behind a template's `Handler`: called once per cold start. */
export type FunctionCode = (runtime: FunctionRuntime) => (event: unknown) => Promise<unknown>

export interface DeployOptions {
  readonly region: string
  readonly seed: number
  readonly startMs: number
  /** By the template's `Handler` (`file.export`); one that is missing is refused at deploy. */
  readonly code: Readonly<Record<string, FunctionCode>>
  readonly observer?: Observer
  readonly faults?: FaultHooks
  readonly eventsMax?: number
}

/** A running stack on the virtual clock. */
export interface Deployment {
  readonly kernel: Kernel
  /** Clients of the outside caller, allowed everything: the front door of the bench. */
  readonly clients: FunctionRuntime['clients']
  readonly outputs: Readonly<Record<string, string>>
  /** The items of a table by its physical name, for seeding before and for the laws after a run. Not metered. */
  table(name: string): {
    put(item: Readonly<Record<string, unknown>>): void
    items(): Iterable<Readonly<Record<string, unknown>>>
  }
  /** Empty receives that the idle pollers of the event source mappings made between two times, by queue. */
  idlePolls(fromMs: number, toMs: number): ReadonlyMap<string, number>
  /** Logical id of a queue → messages that lie in it now (visible and in flight). */
  depths(): ReadonlyMap<string, number>
}
