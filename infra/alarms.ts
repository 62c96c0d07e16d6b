import type { Stack } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { overdueAfterMs } from '../shared/patience.ts'

/**
 * What an alarm asks of people. `page`: an order is stuck until somebody acts. `ticket`: orders are late or a cause
 * is growing, and retries are still at work. The same signal has the same severity in every stack.
 */
export type Severity = 'page' | 'ticket'

/** A signal that is worth an alarm, apart from the resource that it is read from. */
interface Signal {
  readonly id: string
  readonly severity: Severity
  readonly says: string
  readonly namespace: string
  readonly metric: string
  readonly statistic: 'Sum' | 'Maximum'
  /** Rings above this value. */
  readonly above: number
}

const sqs = { namespace: 'AWS/SQS', statistic: 'Maximum' } as const
const lambda = { namespace: 'AWS/Lambda', statistic: 'Sum', above: 0, severity: 'ticket' } as const
const states = { namespace: 'AWS/States', statistic: 'Sum', above: 0 } as const

export const signals = {
  /** The visible count, not the number sent: a message that SQS itself moves to a dead-letter queue is not counted as sent. */
  deadLetters: {
    ...sqs,
    id: 'Alarm',
    severity: 'page',
    says: 'Dead letters: nothing will retry them.',
    metric: 'ApproximateNumberOfMessagesVisible',
    above: 0,
  },
  overdueOrders: {
    ...sqs,
    id: 'Alarm',
    severity: 'page',
    says: 'Orders are past their deadline and have not ended.',
    metric: 'ApproximateNumberOfMessagesVisible',
    above: 0,
  },
  /**
   * Blind to a message received three times or more, by SQS's definition: it tells of a backlog, not of retries. The
   * bound lies above the 15 minutes that a deadline may be held back and below the 30 of the patience.
   */
  oldMessages: {
    ...sqs,
    id: 'AgeAlarm',
    severity: 'ticket',
    says: 'Messages wait: the oldest is over twenty minutes old.',
    metric: 'ApproximateAgeOfOldestMessage',
    above: 1_200,
  },
  functionErrors: { ...lambda, id: 'ErrorsAlarm', says: 'Invocations fail or time out.', metric: 'Errors' },
  functionThrottles: {
    ...lambda,
    id: 'ThrottlesAlarm',
    says: 'Invocations are throttled.',
    metric: 'Throttles',
  },
  failedInvocations: {
    id: 'FailedAlarm',
    severity: 'page',
    says: 'Events matched and never reached their queue.',
    namespace: 'AWS/Events',
    metric: 'FailedInvocations',
    statistic: 'Sum',
    above: 0,
  },
  failedExecutions: {
    ...states,
    id: 'FailedAlarm',
    severity: 'page',
    says: 'Orders ended neither fulfilled nor rejected.',
    metric: 'ExecutionsFailed',
  },
  timedOutExecutions: {
    ...states,
    id: 'TimedOutAlarm',
    severity: 'page',
    says: 'Orders were given up half-way.',
    metric: 'ExecutionsTimedOut',
  },
  /** AWS tells the time of an execution when it ends and no age of one that runs: this rings late, and once. */
  lateExecutions: {
    ...states,
    id: 'LateAlarm',
    severity: 'ticket',
    says: 'Orders ended past their deadline.',
    metric: 'ExecutionTime',
    statistic: 'Maximum',
    above: overdueAfterMs,
  },
  throttledExecutions: {
    ...states,
    id: 'ThrottledAlarm',
    severity: 'ticket',
    says: 'State transitions are delayed by their quota.',
    metric: 'ExecutionThrottled',
  },
} as const satisfies Readonly<Record<string, Signal>>

const periodSeconds = 60

/**
 * One alarm on one resource, named after it. It does nothing when it rings: whom to call is the account's own affair,
 * and every alarm can be given an action by its name.
 */
export const alarm = (
  stack: Stack,
  resourceId: string,
  signal: Signal,
  dimensions: Readonly<Record<string, string>>,
): CfnAlarm =>
  new CfnAlarm(stack, `${resourceId}${signal.id}`, {
    alarmDescription: `[${signal.severity}] ${signal.says}`,
    namespace: signal.namespace,
    metricName: signal.metric,
    dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
    statistic: signal.statistic,
    period: periodSeconds,
    evaluationPeriods: 1,
    threshold: signal.above,
    comparisonOperator: 'GreaterThanThreshold',
    // A quiet queue or function sends no data at all: that is well.
    treatMissingData: 'notBreaching',
  })
