import type { Pattern } from './pattern/pattern.ts'

/** A rule that is enabled. */
export interface Rule {
  readonly logicalId: string
  readonly arn: string
  readonly pattern: Pattern
  readonly targets: readonly Target[]
}

/** A queue that a rule sends to. */
export interface Target {
  readonly id: string
  readonly arn: string
  readonly deadLetterArn: string | undefined
  readonly roleArn: string | undefined
  readonly retriesMax: number
  readonly ageMsMax: number
}
