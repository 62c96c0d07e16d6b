import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { type Deployment, deploy, type FunctionCode, type Template } from '../deploy.ts'
import { pollerActions, recordsOf } from '../stack.testing.ts'
import { compositeTable, type Quantiles, quantilesOf } from './composites.ts'

const startMs = Date.UTC(2026, 0, 5)
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
type Starts = Map<string, number[]>

/** Runs as many journeys as asked for, each alone on its way, `everyMs` apart. */
const travel = async (
  count: number,
  everyMs: number,
  send: (stack: Deployment) => void,
): Promise<{ readonly sent: readonly number[]; readonly starts: Starts }> => {
  const starts: Starts = new Map()
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
    seed: 11,
    startMs,
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

const start = (machineName: 'Direct' | 'Asking') => (stack: Deployment) =>
  void stack.clients.sfn.send(new StartExecutionCommand({ stateMachineArn: stack.outputs[machineName] }))
const sendMessage = (stack: Deployment) =>
  void stack.clients.sqs.send(new SendMessageCommand({ QueueUrl: stack.outputs['Sent'], MessageBody: 'go' }))
const putEvent = (stack: Deployment) =>
  void stack.clients.eventBridge.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: stack.outputs['Bus'], Source: 'paths', DetailType: 'Go', Detail: '{}' }],
    }),
  )

/** Quantiles of the time from each `from` to its `to`, the first few journeys, which start cold, left out. */
const between = (from: readonly number[] = [], to: readonly number[] = [], skipped = 2): Quantiles => {
  expect(to).toHaveLength(from.length)
  const times = Float64Array.from(to, (endMs, index) => endMs - (from[index] ?? Number.NaN))
    .subarray(skipped)
    .sort()
  const quantile = (probability: number) => times[Math.ceil(probability * times.length) - 1] ?? Number.NaN
  return { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) }
}

const within = (simulated: Quantiles, expected: Quantiles, tolerance: number): void => {
  for (const name of ['p50', 'p90', 'p99'] as const) {
    expect(Math.abs(simulated[name] / expected[name] - 1), name).toBeLessThan(tolerance)
  }
}

const published = (path: string): Quantiles => {
  const row = compositeTable().find((candidate) => candidate.path === path)
  if (row === undefined) throw new Error(`No published path "${path}"`)
  return row.published
}

const journeys = 8000
const everyMs = 2000

describe('a published path holds within 15% in a deployed stack', () => {
  it('SendMessage → handler, through a queue', async () => {
    const { sent, starts } = await travel(journeys, everyMs, sendMessage)
    within(between(sent, starts.get('Sent')), published('SQS Standard → Lambda'), 0.15)
  })

  it('StartExecution → handler of the first task; its end → handler of the next', async () => {
    const { sent, starts } = await travel(journeys, everyMs, start('Direct'))
    within(
      between(sent, starts.get('First')),
      published('Step Functions Standard, StartExecution → Lambda, synchronous task'),
      0.15,
    )
    within(
      between(starts.get('First'), starts.get('Second')),
      published('Step Functions Standard, handler end → next handler start, warm'),
      0.15,
    )
  })

  it('handler end → handler of the next task, when its function is cold', async () => {
    const { starts } = await travel(journeys, 20 * 60_000, start('Direct'))
    within(
      between(starts.get('First'), starts.get('Second')),
      published('Step Functions Standard, handler end → next handler start, next function cold'),
      0.15,
    )
  })
})

describe('a path that nobody has published takes the sum of its hops in a deployed stack, and nothing twice', () => {
  it('PutEvents → rule → queue → handler: the rule calls the queue as a state machine does', async () => {
    const { sent, starts } = await travel(journeys, everyMs, putEvent)
    const sum = quantilesOf('routed', [
      ['events.put', 0.5],
      ['events.route', 1],
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ])
    within(between(sent, starts.get('Routed')), sum, 0.04)
  })

  it('SendTaskSuccess → next task → queue → handler', async () => {
    const { starts } = await travel(journeys, everyMs, start('Asking'))
    const sum = quantilesOf('asked', [
      ['states.answer', 0.5],
      ['states.transition', 1],
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ])
    within(between(starts.get('Asked'), starts.get('AskedNext')), sum, 0.04)
  })

  it('StartExecution → first task → queue → handler', async () => {
    const { sent, starts } = await travel(journeys, everyMs, start('Asking'))
    const sum = quantilesOf('started', [
      ['states.startExecution', 0.5],
      ['states.start', 1],
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ])
    within(between(sent, starts.get('Asked')), sum, 0.04)
  })
})
