import type { FaultHooks } from './faults.ts'
import type { Kernel } from './kernel.ts'
import type { Observer, ServiceId } from './observer.ts'

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
  call(request: ServiceCall, done: (answer: Answer) => void): void
}

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

export type Answer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: Error }
