import { type Stack, Validations } from 'aws-cdk-lib'
import { type CfnEventBus, CfnRule } from 'aws-cdk-lib/aws-events'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { alarm, signals } from './alarms.ts'
import { guardQueue, peopleQueue } from './queues.ts'
import { settings } from './settings.ts'

/** Carries the events that match to the queue; what cannot be delivered there goes to a dead-letter queue of its own. */
export const eventRule = (
  stack: Stack,
  bus: CfnEventBus,
  stem: string,
  eventPattern: Readonly<Record<string, readonly string[]>>,
  queue: CfnQueue,
): CfnRule => {
  const dlq = peopleQueue(stack, `${stem}RuleDlq`, 'deadLetters')
  Validations.of(dlq).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: "It is itself the dead-letter queue of a rule's target, where the check does not look.",
  })
  const rule = new CfnRule(stack, `${stem}Rule`, {
    // Named, since a rule's Ref on a bus of one's own is "bus|rule", which is no metric's dimension.
    name: stem,
    eventBusName: bus.ref,
    state: 'ENABLED',
    eventPattern,
    targets: [
      {
        id: queue.node.id,
        arn: queue.attrArn,
        deadLetterConfig: { arn: dlq.attrArn },
        retryPolicy: {
          maximumRetryAttempts: settings.target.attemptsMax,
          maximumEventAgeInSeconds: settings.target.ageSecondsMax,
        },
      },
    ],
  })
  guardQueue(stack, dlq, rule)
  alarm(stack, rule.node.id, signals.failedInvocations, { EventBusName: bus.ref, RuleName: stem })
  return rule
}
