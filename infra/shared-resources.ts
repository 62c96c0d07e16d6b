import { CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { CfnArchive, CfnEventBus } from 'aws-cdk-lib/aws-events'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import type { Construct } from 'constructs'
import { type Owner, tableIdOf } from './names.ts'
import { settings } from './settings.ts'

/** What every contestant has: a stack of its own with a table for each service, the bus, and the functions' code. */
export interface SharedResources {
  readonly stack: Stack
  readonly tables: ReadonlyMap<Owner, CfnTable>
  readonly bus: CfnEventBus
  readonly code: CfnFunction.CodeProperty
}

/**
 * Everything lies directly under its stack, so that each logical id is the id that it was given. A tree of constructs
 * would add a hash to each, and the ids are what observations, reports and reviews call a resource by.
 */
export const sharedResources = (
  scope: Construct,
  stackName: string,
  codeFolder: string,
  owners: readonly Owner[],
): SharedResources => {
  // Without the rule on the bootstrap version a template is its resources and outputs, and any endpoint takes it.
  const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false })
  // CDK declares one getter less strictly than its own interface under exactOptionalPropertyTypes.
  const stack = new Stack(scope, stackName, { synthesizer: synthesizer as IStackSynthesizer })
  const code = new Asset(stack, 'Code', { path: codeFolder })
  return {
    stack,
    tables: new Map(owners.map((owner) => [owner, table(stack, owner)])),
    bus: eventBus(stack),
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
  }
}

export const output = (stack: Stack, id: string, value: string): CfnOutput =>
  new CfnOutput(stack, id, { value })

const table = (stack: Stack, owner: Owner): CfnTable => {
  const id = tableIdOf(owner)
  const table = new CfnTable(stack, id, {
    attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' }],
    keySchema: [{ attributeName: 'pk', keyType: 'HASH' }],
    billingMode: 'PAY_PER_REQUEST',
    sseSpecification: { sseEnabled: true },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  })
  // A bench is taken down whole after its run; orders that matter would be retained.
  table.applyRemovalPolicy(RemovalPolicy.DESTROY)
  output(stack, `${id}Name`, table.ref)
  return table
}

const eventBus = (stack: Stack): CfnEventBus => {
  const bus = new CfnEventBus(stack, 'OrderBus', { name: `${stack.stackName}-OrderBus` })
  new CfnArchive(stack, 'OrderArchive', {
    sourceArn: bus.attrArn,
    retentionDays: settings.archive.retentionDays,
  })
  output(stack, 'OrderBusName', bus.ref)
  return bus
}
