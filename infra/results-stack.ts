import { type Stack, Validations } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { sourceOf } from '../shared/messages/names.ts'
import { busNameOf, resultsStackOf, terminalFacts } from './names.ts'
import { projectStack } from './project-stack.ts'
import { guardQueue } from './queues.ts'
import { settings } from './settings.ts'
import { output } from './shared-resources.ts'

/**
 * What a live run hears the ends of orders by: an instrument, in a stack of its own, so that the contestant's stack
 * stays what a team would run. The bus is found by its name, and must be there before this stack and go after it: AWS
 * deletes no bus that has rules.
 */
export const resultsStack = (scope: Construct, contestant: Stack): Stack => {
  const { stackName } = contestant
  const stack = projectStack(scope, resultsStackOf(stackName), stackName)
  stack.addStackDependency(contestant, 'its rule lies on the bus of the contestant')
  const queue = new CfnQueue(stack, 'ResultsQueue', {
    visibilityTimeout: settings.queue.visibilitySeconds,
    messageRetentionPeriod: settings.queue.retentionSeconds,
    sqsManagedSseEnabled: true,
  })
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'Whoever measures reads it once and deletes what was read: no receive fails too often.',
  })
  const rule = new CfnRule(stack, 'ResultsRule', {
    name: stack.stackName,
    eventBusName: busNameOf(stackName),
    state: 'ENABLED',
    eventPattern: { source: [sourceOf('order')], 'detail-type': terminalFacts },
    targets: [{ id: queue.node.id, arn: queue.attrArn }],
  })
  guardQueue(stack, queue, rule)
  output(stack, 'ResultsQueueUrl', queue.ref)
  return stack
}
