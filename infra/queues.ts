import type { Stack } from 'aws-cdk-lib'
import type { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs'
import { alarm, signals } from './alarms.ts'
import { policyDocument, type Statement } from './policy.ts'
import { settings } from './settings.ts'

/** A queue that a function reads, with the queue for what the function has failed too often. Guard it yourself. */
export const workQueue = (stack: Stack, stem: string): CfnQueue => {
  const dlq = peopleQueue(stack, `${stem}Dlq`, 'deadLetters')
  guardQueue(stack, dlq)
  const queue = new CfnQueue(stack, `${stem}Queue`, {
    visibilityTimeout: settings.queue.visibilitySeconds,
    messageRetentionPeriod: settings.queue.retentionSeconds,
    sqsManagedSseEnabled: true,
    redrivePolicy: { deadLetterTargetArn: dlq.attrArn, maxReceiveCount: settings.queue.receivesMax },
  })
  alarm(stack, queue.node.id, signals.oldMessages, { QueueName: queue.attrQueueName })
  return queue
}

/** A queue that people read: whatever comes here waits for two weeks and rings a bell. Guard it yourself. */
export const peopleQueue = (stack: Stack, id: string, rings: 'deadLetters' | 'overdueOrders'): CfnQueue => {
  const queue = new CfnQueue(stack, id, {
    visibilityTimeout: settings.queue.visibilitySeconds,
    messageRetentionPeriod: settings.deadLetters.retentionSeconds,
    sqsManagedSseEnabled: true,
  })
  alarm(stack, id, signals[rings], { QueueName: queue.attrQueueName })
  return queue
}

/** Refuses plain HTTP to everybody, and lets EventBridge send on behalf of one rule when that is given. */
export const guardQueue = (stack: Stack, queue: CfnQueue, rule?: CfnRule): void => {
  const statements: Statement[] = [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: queue.attrArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]
  if (rule !== undefined)
    statements.push({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue.attrArn,
      Condition: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    })
  new CfnQueuePolicy(stack, `${queue.node.id}Policy`, {
    queues: [queue.ref],
    policyDocument: policyDocument(statements),
  })
}
