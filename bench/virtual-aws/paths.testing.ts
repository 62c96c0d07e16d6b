import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { type Deployment, deploy, type FunctionCode, type Template } from './deploy.ts'
import type { Observer } from './observer.ts'
import { pollerActions, recordsOf, startMs } from './stack.testing.ts'

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })

/** A role, a function, and a queue that feeds it. */
const fed = (name: string) => ({
  [`${name}Queue`]: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
  [`${name}Function`]: functionOf(name),
  [`${name}Mapping`]: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arnOf(`${name}Queue`),
      FunctionName: { Ref: `${name}Function` },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 50 },
    },
  },
})

const functionOf = (name: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Handler: `paths.${name}`, Role: arnOf('Role'), Code: {}, Timeout: 10, MemorySize: 512 },
})

const machine = (states: object, startAt: string) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    RoleArn: arnOf('Role'),
    Definition: { QueryLanguage: 'JSONata', StartAt: startAt, States: states },
  },
})

const invoke = (name: string, after: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: arnOf(`${name}Function`), Payload: '{% $states.input %}' },
  Output: '{% $states.context.Execution.Input %}',
  ...after,
})

const ask = (name: string, after: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { QueueUrl: { Ref: `${name}Queue` }, MessageBody: '{% $states.context.Task.Token %}' },
  ...after,
})

/** Every path that a contestant takes, at its shortest. */
const template: Template = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies: [
          {
            PolicyName: 'All',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: [...pollerActions, 'sqs:SendMessage', 'lambda:InvokeFunction', 'states:*'],
                  Resource: '*',
                },
              ],
            },
          },
        ],
      },
    },
    FirstFunction: functionOf('First'),
    SecondFunction: functionOf('Second'),
    Direct: machine({ A: invoke('First', { Next: 'B' }), B: invoke('Second', { End: true }) }, 'A'),
    ...fed('Asked'),
    ...fed('AskedNext'),
    Asking: machine({ A: ask('Asked', { Next: 'B' }), B: ask('AskedNext', { End: true }) }, 'A'),
    ...fed('Sent'),
    ...fed('Routed'),
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['paths'] },
        Targets: [{ Id: 'Routed', Arn: arnOf('RoutedQueue') }],
      },
    },
    RoutedPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'RoutedQueue' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arnOf('RoutedQueue'),
            },
          ],
        },
      },
    },
  },
  Outputs: {
    Direct: { Value: { Ref: 'Direct' } },
    Asking: { Value: { Ref: 'Asking' } },
    Sent: { Value: { Ref: 'SentQueue' } },
    Bus: { Value: { Ref: 'Bus' } },
  },
}

/** When a handler started, in the order of the starts; handlers of these paths take no time. */
export type Starts = ReadonlyMap<string, readonly number[]>

export interface Travels {
  readonly count: number
  readonly everyMs: number
  readonly send: (stack: Deployment) => void
  readonly seed?: number
  readonly observer?: Observer
}

/** Runs journeys through the stack, each sent off `everyMs` after the one before. */
export const travel = async ({
  count,
  everyMs,
  send,
  seed = 11,
  observer = {},
}: Travels): Promise<{ readonly sent: readonly number[]; readonly starts: Starts }> => {
  const starts = new Map<string, number[]>()
  const sent: number[] = []
  const note = (name: string, nowMs: number): void => {
    const known = starts.get(name)
    if (known === undefined) starts.set(name, [nowMs])
    else known.push(nowMs)
  }
  const stops = (name: string): FunctionCode => {
    const code: FunctionCode = (runtime) => async () => note(name, runtime.clock.nowMs())
    return code
  }
  const answers = (name: string): FunctionCode => {
    const code: FunctionCode = (runtime) => async (event) => {
      note(name, runtime.clock.nowMs())
      for (const { body } of recordsOf(event)) {
        await runtime.clients.sfn.send(new SendTaskSuccessCommand({ taskToken: body, output: '{}' }))
      }
    }
    return code
  }
  const stack = deploy(template, {
    region: 'eu-west-1',
    seed,
    startMs,
    observer,
    code: {
      'paths.First': stops('First'),
      'paths.Second': stops('Second'),
      'paths.Sent': stops('Sent'),
      'paths.Routed': stops('Routed'),
      'paths.Asked': answers('Asked'),
      'paths.AskedNext': answers('AskedNext'),
    },
  })
  for (let journey = 0; journey < count; journey += 1) {
    stack.kernel.at(startMs + journey * everyMs, () => {
      sent.push(stack.kernel.nowMs)
      send(stack)
    })
  }
  await stack.kernel.run(Number.POSITIVE_INFINITY)
  return { sent, starts }
}

export const start = (machineName: 'Direct' | 'Asking') => (stack: Deployment) =>
  void stack.clients.sfn.send(new StartExecutionCommand({ stateMachineArn: stack.outputs[machineName] }))
export const sendMessage = (stack: Deployment) =>
  void stack.clients.sqs.send(new SendMessageCommand({ QueueUrl: stack.outputs['Sent'], MessageBody: 'go' }))
export const putEvent = (stack: Deployment) =>
  void stack.clients.eventBridge.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: stack.outputs['Bus'], Source: 'paths', DetailType: 'Go', Detail: '{}' }],
    }),
  )
