import type { Principal, ServiceCall, World } from '../../world.ts'
import type { Event } from './event.ts'
import type { Pattern } from './pattern/pattern.ts'

/** A rule of a bus. */
export interface Rule {
  readonly logicalId: string
  readonly arn: string
  readonly pattern: Pattern
  readonly targets: readonly Target[]
}

/** What a rule calls. */
export interface Target {
  readonly id: string
  readonly arn: string
  readonly request: TargetRequest
  /** What the target gets; undefined: the event as it is. */
  readonly input: TargetInput | undefined
  readonly deadLetterArn: string | undefined
  /** On whose behalf it is called: a role of its own, or EventBridge for the rule. */
  readonly principal: Principal
  readonly retriesMax: number
  readonly ageMsMax: number
}

/** The text that goes to a target instead of the event. */
export type TargetInput = (event: Event, ingestedMs: number) => string

/** The call on a target that takes the text to it, or why there can be none. */
export type TargetRequest = (world: World, text: string) => TargetCall | Failure

export type TargetCall = Pick<ServiceCall, 'service' | 'action' | 'input'>

/** Why a target did not get an event. Codes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly isRetriable: boolean
}

/** EventBridge itself, which a resource's own policy lets in for a rule. */
export const serviceFor = (ruleArn: string): Principal => ({
  kind: 'service',
  name: 'events.amazonaws.com',
  sourceArn: ruleArn,
})
