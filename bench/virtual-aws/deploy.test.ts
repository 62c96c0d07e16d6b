import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendTaskSuccessCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { type DeployOptions, deploy, type FunctionCode, type Template } from './deploy.ts'
import type { ApiCall, Observer } from './observer.ts'
import { pollerActions, recordsOf, startMs } from './stack.testing.ts'

const hourMs = 3_600_000

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })
const allow = (Action: string | readonly string[], Resource: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
})
const role = (...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {},
    Policies: [{ PolicyName: 'Work', PolicyDocument: { Statement: statements } }],
  },
})
const worker = (stem: string, handler: string, variables: object) => ({
  [`${stem}Function`]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: handler,
      Role: arnOf(`${stem}Role`),
      Code: {},
      Timeout: 10,
      MemorySize: 512,
      Environment: { Variables: variables },
    },
  },
  [`${stem}Mapping`]: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arnOf(`${stem}Queue`),
      FunctionName: { Ref: `${stem}Function` },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
  [`${stem}Queue`]: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
})

const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Brew',
  States: {
    Brew: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: {
        QueueUrl: `\${QueueUrl}`,
        MessageBody: { taskToken: '{% $states.context.Task.Token %}', cups: '{% $states.input.cups %}' },
      },
      Output: '{% $states.result.brewed %}',
      End: true,
    },
  },
}

/**
 *     BrewMachine ──▶ BrewQueue ──▶ BrewFunction ──▶ CafeBus ──▶ ServedRule ──▶ ServeQueue ──▶ ServeFunction
 *          ▲                             │
 *          └────── SendTaskSuccess ──────┘
 */
const cafe: Template = {
  Resources: {
    ...worker('Brew', 'cafe.brew', { BUS_NAME: { Ref: 'CafeBus' } }),
    ...worker('Serve', 'cafe.serve', {}),
    BrewRole: role(
      allow(pollerActions, arnOf('BrewQueue')),
      allow('states:SendTask*', { Ref: 'BrewMachine' }),
      allow('events:PutEvents', arnOf('CafeBus')),
    ),
    ServeRole: role(allow(pollerActions, arnOf('ServeQueue'))),
    BrewMachineRole: role(allow('sqs:SendMessage', arnOf('BrewQueue'))),
    BrewMachine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineType: 'STANDARD',
        RoleArn: arnOf('BrewMachineRole'),
        DefinitionString: JSON.stringify(definition),
        DefinitionSubstitutions: { QueueUrl: { Ref: 'BrewQueue' } },
      },
    },
    CafeBus: {
      Type: 'AWS::Events::EventBus',
      Properties: { Name: { 'Fn::Sub': `\${AWS::StackName}-Cafe` } },
    },
    ServedRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'CafeBus' },
        EventPattern: { source: ['barista'], 'detail-type': ['Brewed'] },
        State: 'ENABLED',
        Targets: [{ Id: 'queue', Arn: arnOf('ServeQueue') }],
      },
    },
    ServeQueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'ServeQueue' }],
        PolicyDocument: {
          Statement: [
            {
              ...allow('sqs:SendMessage', arnOf('ServeQueue')),
              Principal: { Service: 'events.amazonaws.com' },
              Condition: { ArnEquals: { 'aws:SourceArn': arnOf('ServedRule') } },
            },
          ],
        },
      },
    },
    CafeAlarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 1 } },
  },
  Outputs: { MachineArn: { Value: { Ref: 'BrewMachine' } } },
}

const brew: FunctionCode = ({ clients, env, clock }) => {
  const eventBridge = clients.eventBridge as unknown as Pick<EventBridgeClient, 'send'>
  const sfn = clients.sfn as unknown as Pick<SFNClient, 'send'>
  return async (event) => {
    await Promise.all(
      recordsOf(event).map(async ({ body }) => {
        const { taskToken, cups } = JSON.parse(body) as { taskToken: string; cups: number }
        await clock.sleep(25)
        const Detail = JSON.stringify({ cups })
        await eventBridge.send(
          new PutEventsCommand({
            Entries: [{ EventBusName: env['BUS_NAME'], Source: 'barista', DetailType: 'Brewed', Detail }],
          }),
        )
        await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ brewed: cups }) }))
      }),
    )
    return { batchItemFailures: [] }
  }
}

/** Runs 30 executions, one every 100 ms, and tells everything that was observed. */
const runCafe = async (template: Template, more: Partial<DeployOptions> = {}) => {
  const told: (readonly [string, ...unknown[]])[] = []
  const calls: ApiCall[] = []
  const tell =
    (name: keyof Observer) =>
    (...heard: unknown[]) =>
      told.push([name, ...heard])
  const served: unknown[] = []
  const serve: FunctionCode = () => async (event) => {
    for (const { body } of recordsOf(event)) served.push((JSON.parse(body) as { detail: unknown }).detail)
  }
  const stack = deploy(template, {
    region: 'eu-west-1',
    seed: 1,
    startMs,
    code: { 'cafe.brew': brew, 'cafe.serve': serve },
    observer: {
      call: (call) => {
        calls.push(call)
        told.push(['call', call])
      },
      invocation: tell('invocation'),
      transition: tell('transition'),
      execution: tell('execution'),
      metered: tell('metered'),
      lost: tell('lost'),
    },
    ...more,
  })
  const sfn = stack.clients.sfn as unknown as Pick<SFNClient, 'send'>
  for (let index = 0; index < 30; index += 1) {
    stack.kernel.at(startMs + index * 100, () => {
      void sfn.send(
        new StartExecutionCommand({
          stateMachineArn: stack.outputs['MachineArn'],
          name: `order-${index}`,
          input: JSON.stringify({ cups: index }),
        }),
      )
    })
  }
  const end = await stack.kernel.run(startMs + hourMs)
  const ends = told.filter(([name]) => name === 'execution').map(([, execution]) => execution)
  return { stack, told, calls, served, ends, end }
}

describe('a deployed template', () => {
  it('carries a command to its worker and the answer back, and the event on to its listener', async () => {
    const { ends, served, stack } = await runCafe(cafe)
    expect(ends).toHaveLength(30)
    for (const execution of ends)
      expect(execution).toMatchObject({ machineId: 'BrewMachine', status: 'SUCCEEDED' })
    const cups = served.map((detail) => (detail as { cups: number }).cups)
    expect(cups.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index))
    expect(stack.depths()).toEqual(
      new Map([
        ['BrewQueue', 0],
        ['ServeQueue', 0],
      ]),
    )
  })

  it('names the physical resources as AWS does', async () => {
    const { stack, calls } = await runCafe(cafe, { stackName: 'Cafe' })
    expect(stack.outputs).toEqual({
      MachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Cafe-BrewMachine',
    })
    const put = calls.find(({ action }) => action === 'PutEvents')
    expect(put?.input).toMatchObject({ Entries: [{ EventBusName: 'Cafe-Cafe' }] })
    const sent = calls.find(({ action, by }) => action === 'SendMessage' && by === 'BrewMachine')
    expect(sent?.input).toMatchObject({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/Cafe-BrewQueue',
    })
  })

  it('tells the same story for the same seed, and another for another', async () => {
    const [first, second, other] = await Promise.all([
      runCafe(cafe),
      runCafe(cafe),
      runCafe(cafe, { seed: 2 }),
    ])
    expect(JSON.stringify(second.told)).toBe(JSON.stringify(first.told))
    expect(JSON.stringify(other.told)).not.toBe(JSON.stringify(first.told))
  })

  it('tells everything in the order of virtual time', async () => {
    const { calls } = await runCafe(cafe)
    for (const call of calls) expect(call.endedMs).toBeGreaterThanOrEqual(call.startedMs)
    expect(new Set(calls.map(({ by }) => by))).toEqual(
      new Set(['caller', 'BrewMachine', 'BrewFunction', 'BrewMapping', 'ServedRule', 'ServeMapping']),
    )
  })

  it.each([
    { missing: 'BrewMachineRole', statement: 0, by: 'BrewMachine', error: 'AccessDenied' },
    { missing: 'BrewRole', statement: 1, by: 'BrewFunction', error: 'AccessDeniedException' },
    { missing: 'BrewRole', statement: 2, by: 'BrewFunction', error: 'AccessDeniedException' },
    { missing: 'ServeQueuePolicy', statement: 0, by: 'ServedRule', error: 'AccessDenied' },
  ])('without statement $statement of $missing refuses $by', async ({ missing, statement, by, error }) => {
    const { calls } = await runCafe(without(cafe, missing, statement))
    expect(calls.filter((call) => call.by === by).map((call) => call.error)).toContain(error)
  })
})

/** The template with one statement of a policy taken out. */
const without = (template: Template, logicalId: string, statement: number): Template => {
  const copy = JSON.parse(JSON.stringify(template)) as Template
  const properties = copy.Resources[logicalId]?.Properties as {
    Policies?: { PolicyDocument: { Statement: unknown[] } }[]
    PolicyDocument?: { Statement: unknown[] }
  }
  const document = properties.PolicyDocument ?? properties.Policies?.[0]?.PolicyDocument
  document?.Statement.splice(statement, 1)
  return copy
}

describe('a template is refused by name', () => {
  const code: DeployOptions['code'] = {}
  const deployed = (template: object) => () =>
    deploy(template as Template, { region: 'eu-west-1', seed: 1, startMs, code })

  it.each([
    {
      name: 'for a resource type that is not modelled',
      template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
      says: 'AWS::SNS::Topic "Topic": the resource type is not modelled',
    },
    {
      name: 'for a section that is not modelled',
      template: { Transform: 'AWS::Serverless-2016-10-31', Resources: {} },
      says: 'Template section Transform is not modelled',
    },
    {
      name: 'for an attribute of a resource that is not modelled',
      template: { Resources: { Queue: { Type: 'AWS::SQS::Queue', CreationPolicy: {} } } },
      says: 'AWS::SQS::Queue "Queue": attribute CreationPolicy is not modelled',
    },
    {
      name: 'for a property of a role that is not modelled',
      template: { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: 'x' } } } },
      says: 'AWS::IAM::Role "Role": PermissionsBoundary is not modelled',
    },
    {
      name: 'for a managed policy that is not modelled',
      template: {
        Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['arn:x'] } } },
      },
      says: 'AWS::IAM::Role "Role": managed policy arn:x is not modelled',
    },
    {
      name: 'for a reference to nobody, with the resource that makes it',
      template: {
        Resources: {
          Policy: {
            Type: 'AWS::SQS::QueuePolicy',
            Properties: { PolicyDocument: {}, Queues: [{ Ref: 'Nobody' }] },
          },
        },
      },
      says: 'AWS::SQS::QueuePolicy "Policy": Ref "Nobody": the template has no such resource or parameter',
    },
  ])('$name', ({ template, says }) => {
    expect(deployed(template)).toThrow(says)
  })

  it('but not for a resource whose condition does not hold', () => {
    const template = {
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Condition: 'Never' } },
    }
    expect(deployed(template)).not.toThrow()
  })

  it('and so is a region whose quotas are not known', () => {
    expect(() => deploy({ Resources: {} }, { region: 'mars-1', seed: 1, startMs, code })).toThrow('mars-1')
  })
})
