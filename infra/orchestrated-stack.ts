import type { Stack } from 'aws-cdk-lib'
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { type CommandRoute, commandRoutes } from '../orchestrated/commands.ts'
import { serviceNames } from '../shared/messages/names.ts'
import { dashboard, type Line, type Signs, underWay } from './dashboard.ts'
import { stemOf } from './names.ts'
import { allow } from './policy.ts'
import { guardQueue, workQueue } from './queues.ts'
import { serviceFunction } from './service-function.ts'
import { type SharedResources, sharedResources } from './shared-resources.ts'
import { stateMachine } from './state-machine.ts'

/** One conductor, Standard, that sends each command to its queue with a task token and waits for the answer. */
export const orchestratedStack = (scope: Construct, codeFolder: string): Stack => {
  const shared = sharedResources(scope, 'Orchestrated', codeFolder, serviceNames)
  const { stack } = shared
  const lanes = commandRoutes.map((route) => ({ route, queue: workQueue(stack, stemOf(route.handler)) }))
  const machine = stateMachine(stack, {
    definition: new URL('../orchestrated/order-flow.asl.json', import.meta.url),
    substitutions: Object.fromEntries(
      lanes.map(({ route, queue }) => [`${stemOf(route.handler)}QueueUrl`, queue.ref]),
    ),
    calls: allow(['sqs:SendMessage'], ...lanes.map(({ queue }) => queue.attrArn)),
  })
  // The service authorization reference lists no resource for these actions, yet AWS checks them on the state
  // machine that the token belongs to: its refusals name that ARN, and CDK's own grantTaskResponse allows just it.
  const answers = allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], machine.ref)
  for (const { route, queue } of lanes) {
    guardQueue(stack, queue)
    serviceFunction(shared, { ...worker(route), file: 'orchestrated', queue, statements: [answers] })
  }
  dashboard(stack, signsOf(machine))
  return stack
}

/** The same conductor, that invokes each function itself and has no queues between. */
export const orchestratedDirectStack = (scope: Construct, codeFolder: string): Stack => {
  const shared: SharedResources = sharedResources(scope, 'OrchestratedDirect', codeFolder, serviceNames)
  const lanes = commandRoutes.map((route) => ({
    route,
    lambda: serviceFunction(shared, { ...worker(route), file: 'orchestrated-direct' }),
  }))
  const machine = stateMachine(shared.stack, {
    definition: new URL('../orchestrated/order-flow-direct.asl.json', import.meta.url),
    substitutions: Object.fromEntries(
      lanes.map(({ route, lambda }) => [`${stemOf(route.handler)}FunctionArn`, lambda.attrArn]),
    ),
    calls: allow(['lambda:InvokeFunction'], ...lanes.map(({ lambda }) => lambda.attrArn)),
  })
  dashboard(shared.stack, signsOf(machine))
  return shared.stack
}

/** What the conductor tells: an order is an execution. */
const signsOf = (machine: CfnStateMachine): Signs => {
  const line = (metric: string, drawn: Readonly<Record<string, string>>): Line => [
    ...['AWS/States', metric, 'StateMachineArn', machine.ref],
    { stat: 'Sum', ...drawn },
  ]
  return {
    orders: [
      line('ExecutionsStarted', { id: 'entered', label: 'in' }),
      line('ExecutionsSucceeded', { id: 'ended', label: 'out' }),
      line('ExecutionsFailed', { id: 'failed', label: 'failed' }),
      line('ExecutionsTimedOut', { id: 'timedOut', label: 'timed out' }),
      line('ExecutionsAborted', { id: 'aborted', label: 'aborted' }),
      underWay('entered', 'ended', 'failed', 'timedOut', 'aborted'),
    ],
    pace: {
      title: 'Executions: time, ms, and throttling',
      lines: [
        line('ExecutionTime', { stat: 'p50', label: 'p50' }),
        line('ExecutionTime', { stat: 'p99', label: 'p99' }),
        line('ExecutionThrottled', { label: 'throttled', yAxis: 'right' }),
      ],
    },
    // The conductor knows no deadline but its own: what is late shows when it ends.
    overdue: [
      line('ExecutionsTimedOut', { label: 'given up' }),
      line('ExecutionTime', { stat: 'Maximum', label: 'slowest that ended, ms', yAxis: 'right' }),
    ],
  }
}

const worker = ({ handler, service, announces }: CommandRoute) => ({
  handler,
  owner: service,
  publishes: announces,
})
