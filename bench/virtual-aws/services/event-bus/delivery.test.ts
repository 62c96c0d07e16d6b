import {
  DescribeReplayCommand,
  type EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { deploy, type Template } from '../../deploy.ts'
import type { ApiCall, Throttle } from '../../observer.ts'

const startMs = Date.UTC(2026, 0, 5)
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })
const allowing = (Action: string, Resource: unknown) => ({
  PolicyName: 'P',
  PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] },
})
const role = (...Policies: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: {}, Policies },
})
const byEvents = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: '*',
  Condition: { ArnEquals: { 'aws:SourceArn': arnOf('Rule') } },
}

/** One rule with a queue, a function and a state machine as targets. */
const template: Template = {
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'Bus' } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: { Statement: [byEvents] } },
    },
    FunctionRole: role(),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { Handler: 'a.work', Role: arnOf('FunctionRole'), Code: {}, Timeout: 10 },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'Function' },
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('Rule'),
      },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: arnOf('FunctionRole'),
        Definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
      },
    },
    StarterRole: role(allowing('states:StartExecution', { Ref: 'Machine' })),
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['shop'] },
        Targets: [
          { Id: 'queue', Arn: arnOf('Queue') },
          {
            Id: 'function',
            Arn: arnOf('Function'),
            InputTransformer: {
              InputPathsMap: { n: '$.detail.n' },
              InputTemplate: '{"n": <n>, "rule": <aws.events.rule-name>}',
            },
          },
          {
            Id: 'machine',
            Arn: { Ref: 'Machine' },
            RoleArn: arnOf('StarterRole'),
            InputPath: '$.detail',
          },
        ],
      },
    },
  },
}

const run = async (events: number, region = 'eu-west-1', everyMs = 10) => {
  const invoked: unknown[] = []
  const calls: ApiCall[] = []
  const ended: string[] = []
  const throttles: Throttle[] = []
  const { clients, kernel } = deploy(template, {
    region,
    seed: 1,
    startMs,
    code: { 'a.work': () => async (event) => void invoked.push(event) },
    observer: {
      call: (call) => void calls.push(call),
      execution: ({ status }) => void ended.push(status),
      throttled: (throttle) => void throttles.push(throttle),
    },
  })
  for (let n = 0; n < events; n += 1)
    kernel.at(startMs + everyMs * n, () => {
      const entry = { EventBusName: 'Bus', Source: 'shop', DetailType: 'Made', Detail: JSON.stringify({ n }) }
      void clients.eventBridge.send(new PutEventsCommand({ Entries: [entry] }))
    })
  await kernel.run(startMs + 60_000)
  const inputs = (action: string) =>
    calls.filter((call) => call.action === action).map(({ input }) => input as Record<string, unknown>)
  return { invoked, ended, throttles, inputs }
}

describe('a rule of a deployed template', () => {
  it('takes an event to its queue, its function and its state machine, to each what it is to get', async () => {
    const { invoked, ended, inputs } = await run(1)
    expect(JSON.parse(String(inputs('SendMessage')[0]?.['MessageBody']))).toMatchObject({ detail: { n: 0 } })
    expect(invoked).toEqual([{ n: 0, rule: 'Stack-Rule' }])
    expect(inputs('StartExecution')[0]).toMatchObject({ input: '{"n":0}' })
    expect(ended).toEqual(['SUCCEEDED'])
  })

  it('keeps no order: each delivery takes its own time', async () => {
    const { inputs } = await run(50)
    const arrived = inputs('SendMessage').map(({ MessageBody }) => JSON.parse(String(MessageBody)).detail.n)
    const published = Array.from({ length: 50 }, (_, n) => n)
    expect(arrived.toSorted((a, b) => a - b)).toEqual(published)
    expect(arrived).not.toEqual(published)
  })

  it('is held up when it calls more targets than the region allows, and loses nothing', async () => {
    // 450 events for three targets in 450 ms, where 750 targets are called a second.
    const { inputs, throttles } = await run(450, 'ca-west-1', 1)
    const heldUp = throttles.filter(({ quota }) => quota === 'events.Invocations')
    expect(new Set(heldUp.map(({ effect }) => effect))).toEqual(new Set(['delayed']))
    expect(inputs('SendMessage')).toHaveLength(450)
    expect(inputs('StartExecution').length).toBeGreaterThan(0)
    expect((await run(200, 'ca-west-1', 1)).throttles.map(({ quota }) => quota)).not.toContain(
      'events.Invocations',
    )
  })

  it('is the same run with the same seed', async () => {
    const [one, other] = [await run(20), await run(20)]
    expect(one.inputs('SendMessage')).toEqual(other.inputs('SendMessage'))
  })
})

describe('the archive of a deployed bus', () => {
  const archived: Template = {
    Resources: {
      ...template.Resources,
      Archive: { Type: 'AWS::Events::Archive', Properties: { ArchiveName: 'A', SourceArn: arnOf('Bus') } },
    },
    Outputs: { BusArn: { Value: arnOf('Bus') }, ArchiveArn: { Value: arnOf('Archive') } },
  }

  it('gives its events back to a client that asks for them', async () => {
    const invoked: unknown[] = []
    const { clients, kernel, outputs } = deploy(archived, {
      region: 'eu-west-1',
      seed: 1,
      startMs,
      keepArchives: true,
      code: { 'a.work': () => async (event) => void invoked.push(event) },
    })
    const client = clients.eventBridge as unknown as Pick<EventBridgeClient, 'send'>
    const entry = { EventBusName: 'Bus', Source: 'shop', DetailType: 'Made', Detail: '{"n":7}' }
    const replay = {
      ReplayName: 'again',
      EventSourceArn: outputs['ArchiveArn'],
      EventStartTime: new Date(startMs),
      EventEndTime: new Date(startMs + 60_000),
      Destination: { Arn: outputs['BusArn'] },
    }
    const states: unknown[] = []
    kernel.after(0, async () => {
      await client.send(new PutEventsCommand({ Entries: [entry] }))
      states.push((await client.send(new StartReplayCommand(replay))).State)
    })
    kernel.after(60_000, async () => {
      states.push((await client.send(new DescribeReplayCommand({ ReplayName: 'again' }))).State)
    })
    await kernel.run(startMs + 120_000)
    expect(states).toEqual(['STARTING', 'COMPLETED'])
    expect(invoked).toEqual([
      { n: 7, rule: 'Stack-Rule' },
      { n: 7, rule: 'Stack-Rule' },
    ])
  })
})
