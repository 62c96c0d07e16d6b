import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { SFNClient } from '@aws-sdk/client-sfn'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Template } from '../../virtual-aws/deploy.ts'

/** A deployed stack as whoever checks a statement sees it; a virtual deployment and real clients alike. */
export interface Aws {
  readonly sfn: Pick<SFNClient, 'send'>
  readonly eventBridge: Pick<EventBridgeClient, 'send'>
  readonly sqs: Pick<SQSClient, 'send'>
  readonly dynamo: Pick<DynamoDBDocumentClient, 'send'>
  readonly lambda: Pick<LambdaClient, 'send'>
  /** What `Ref` gives for the resource of that logical id, or an output of that name; one that is missing throws. */
  named(name: string): string
  /** Milliseconds since the Unix epoch: virtual in the virtual AWS, real on the wire. */
  now(): number
  sleep(ms: number): Promise<void>
}

export type Service = 'SQS' | 'Step Functions' | 'EventBridge' | 'Lambda' | 'DynamoDB'

/** One sentence of the specification, and how to see over the wire whether it holds. */
export interface Statement {
  /** Unique: the name of its group, then what it is about, as `sqs.visibility.hides`. */
  readonly id: string
  readonly service: Service
  readonly statement: string
  /** The page of AWS's documentation that says so. */
  readonly documentation: string
  /** Names the stack that `template` makes; statements of one stack share the template. */
  readonly stack: string
  readonly template: Template
  /** Throws when the statement does not hold. */
  check(aws: Aws): Promise<void>
}

export type Resources = Readonly<Record<string, Resource>>

export interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}

/** A statement with the resources that it needs for itself, or shares with others under the same logical id. */
export interface Told extends Pick<Statement, 'id' | 'statement' | 'documentation' | 'check'> {
  readonly resources?: Resources
  /** Outputs beside the `Ref` of each resource. */
  readonly outputs?: Readonly<Record<string, unknown>>
}

/** Statements that are deployed as one stack: its template has what all of them need, and outputs each `Ref`. */
export const group = (
  { stack, service, shared = {} }: { stack: string; service: Service; shared?: Resources },
  told: readonly Told[],
): readonly Statement[] => {
  const resources: Record<string, Resource> = { ...shared }
  for (const [logicalId, resource] of told.flatMap((one) => Object.entries(one.resources ?? {}))) {
    const there = resources[logicalId]
    if (there !== undefined && there !== resource)
      throw new Error(`Stack ${stack}: two different resources are called ${logicalId}`)
    resources[logicalId] = resource
  }
  const refs = Object.keys(resources).map((logicalId) => [logicalId, { Ref: logicalId }] as const)
  const outputs = [...refs, ...told.flatMap((one) => Object.entries(one.outputs ?? {}))]
  const template: Template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: resources,
    Outputs: Object.fromEntries(outputs.map(([name, Value]) => [name, { Value }])),
  }
  return told.map(({ id, statement, documentation, check }) => ({
    id: `${stack}.${id}`,
    service,
    statement,
    documentation,
    stack,
    template,
    check,
  }))
}
