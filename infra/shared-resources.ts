import { CfnOutput, RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { CfnArchive, CfnEventBus } from 'aws-cdk-lib/aws-events'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import type { Construct } from 'constructs'
import { busNameOf, type Owner, tableIdOf } from './names.ts'
import { projectStack } from './project-stack.ts'
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
  const stack = projectStack(scope, stackName, stackName)
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
  })
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/pointintimerecovery_beforeyoubegin.html
    reason:
      'With it, a table that is deleted leaves a backup for 35 days, and nothing may be left of a bench.',
  })
  // A bench is taken down whole after its run; orders that matter would be retained.
  table.applyRemovalPolicy(RemovalPolicy.DESTROY)
  output(stack, `${id}Name`, table.ref)
  return table
}

const eventBus = (stack: Stack): CfnEventBus => {
  const bus = new CfnEventBus(stack, 'OrderBus', { name: busNameOf(stack.stackName) })
  new CfnArchive(stack, 'OrderArchive', {
    sourceArn: bus.attrArn,
    retentionDays: settings.archive.retentionDays,
  })
  output(stack, 'OrderBusName', bus.ref)
  return bus
}
