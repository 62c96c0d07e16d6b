import { Aws, type Stack } from 'aws-cdk-lib'
import { CfnAlarm, CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'

/**
 * One line of a graph: namespace, metric, dimensions by name and value, how it is drawn; or an expression over others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * (read 2026-11-25).
 */
export type Line = readonly (string | Readonly<Record<string, string | boolean>>)[]

/** What a style tells in its own metrics. */
export interface Signs {
  readonly orders: readonly Line[]
  readonly pace: { readonly title: string; readonly lines: readonly Line[] }
  readonly overdue: readonly Line[]
  /** Queues that people read, and in which nothing lies dead. */
  readonly inboxes?: readonly CfnQueue[]
}

/**
 * What a team looks at first, the same in every style as far as its services allow: what rings; orders in and out;
 * how the conductor or the bus gets on; overdue orders; then queues, dead letters and functions. Everything that the
 * stack has by now is on it.
 */
export const dashboard = (stack: Stack, { orders, pace, overdue, inboxes = [] }: Signs): CfnDashboard => {
  const queues = childrenOf(stack, CfnQueue)
  const work = queues.filter(({ redrivePolicy }) => redrivePolicy !== undefined)
  const dead = queues.filter((queue) => !work.includes(queue) && !inboxes.includes(queue))
  const functions = childrenOf(stack, CfnFunction)
  const graphs: readonly Graph[] = [
    { title: 'Orders in, out and under way', lines: orders },
    pace,
    { title: 'Overdue orders', lines: overdue },
    ...[
      ['Messages waiting', 'ApproximateNumberOfMessagesVisible', work] as const,
      ['Age of the oldest message, s', 'ApproximateAgeOfOldestMessage', work] as const,
      ['Dead letters', 'ApproximateNumberOfMessagesVisible', dead] as const,
    ].map(([title, metric, these]) => ({ title, lines: these.map((queue) => queueLine(queue, metric)) })),
    ...[
      ['Function errors', 'Errors', 'Sum'] as const,
      ['Function throttles', 'Throttles', 'Sum'] as const,
      ['Function duration p99, ms', 'Duration', 'p99'] as const,
    ].map(([title, metric, stat]) => ({
      title,
      lines: functions.map((each) => functionLine(each, metric, stat)),
    })),
  ]
  const { length: alarmCount } = childrenOf(stack, CfnAlarm)
  if (alarmCount > alarmsMax)
    throw new Error(`Stack ${stack.stackName} has ${alarmCount} alarms; a dashboard shows ${alarmsMax}.`)
  return new CfnDashboard(stack, 'Dashboard', {
    dashboardName: stack.stackName,
    dashboardBody: stack.toJsonString({
      start: '-PT3H',
      widgets: [
        {
          type: 'alarm',
          ...{ x: 0, y: 0, width: gridWidth, height: 4 },
          properties: {
            title: 'Alarms',
            alarms: childrenOf(stack, CfnAlarm).map(({ attrArn }) => attrArn),
            // Those that ring, and nothing of the many that are quiet.
            states: ['ALARM'],
          },
        },
        ...graphs.filter(({ lines }) => lines.length > 0).map(placed),
      ],
    }),
  })
}

type Drawn = Readonly<Record<string, string>>

export const queueLine = (queue: CfnQueue, metric: string, drawn: Drawn = {}): Line => [
  ...['AWS/SQS', metric, 'QueueName', queue.attrQueueName],
  { label: queue.node.id, stat: 'Maximum', ...drawn },
]

/** How often a rule sent an event on. */
export const ruleLine = (rule: CfnRule, busName: string, drawn: Drawn = {}): Line => [
  ...['AWS/Events', 'TriggeredRules', 'EventBusName', busName, 'RuleName', rule.name ?? rule.ref],
  { label: rule.node.id, stat: 'Sum', ...drawn },
]

/** Orders that are in and not out yet, counted from where the graph begins. */
export const underWay = (entry: string, ...exits: readonly string[]): Line => [
  {
    expression: `RUNNING_SUM(${[entry, ...exits].map((id) => `FILL(${id}, 0)`).join(' - ')})`,
    label: 'under way',
    yAxis: 'right',
  },
]

export const rulesOf = (stack: Stack): readonly CfnRule[] => childrenOf(stack, CfnRule)

const functionLine = (lambda: CfnFunction, metric: string, stat: string): Line => [
  ...['AWS/Lambda', metric, 'FunctionName', lambda.ref],
  { label: lambda.node.id, stat },
]

interface Graph {
  readonly title: string
  readonly lines: readonly Line[]
}

const gridWidth = 24
const columns = 3
const graphHeight = 7
const alarmsMax = 100

const placed = ({ title, lines }: Graph, index: number): object => ({
  type: 'metric',
  x: (index % columns) * (gridWidth / columns),
  y: 4 + Math.floor(index / columns) * graphHeight,
  width: gridWidth / columns,
  height: graphHeight,
  properties: { title, region: Aws.REGION, period: 60, metrics: lines },
})

const childrenOf = <Child>(stack: Stack, kind: abstract new (...given: never[]) => Child): readonly Child[] =>
  stack.node.children.filter((child): child is typeof child & Child => child instanceof kind)
