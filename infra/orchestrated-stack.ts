import type { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { type CommandRoute, commandRoutes } from '../orchestrated/commands.ts'
import { serviceNames } from '../shared/messages/names.ts'
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
  return stack
}

/** The same conductor, that invokes each function itself and has no queues between. */
export const orchestratedDirectStack = (scope: Construct, codeFolder: string): Stack => {
  const shared: SharedResources = sharedResources(scope, 'OrchestratedDirect', codeFolder, serviceNames)
  const lanes = commandRoutes.map((route) => ({
    route,
    lambda: serviceFunction(shared, { ...worker(route), file: 'orchestrated-direct' }),
  }))
  stateMachine(shared.stack, {
    definition: new URL('../orchestrated/order-flow-direct.asl.json', import.meta.url),
    substitutions: Object.fromEntries(
      lanes.map(({ route, lambda }) => [`${stemOf(route.handler)}FunctionArn`, lambda.attrArn]),
    ),
    calls: allow(['lambda:InvokeFunction'], ...lanes.map(({ lambda }) => lambda.attrArn)),
  })
  return shared.stack
}

const worker = ({ handler, service, announces }: CommandRoute) => ({
  handler,
  owner: service,
  publishes: announces,
})
