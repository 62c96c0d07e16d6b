import { describe, expect, it } from 'vitest'
import type { FaultHooks } from '../../faults.ts'
import { tell } from '../../tell.ts'
import type { Answer, ServiceCall, ServiceModel } from '../../world.ts'
import { queueArn, type Resources, type SmallWorld, smallAccount, smallWorld } from '../small-world.ts'

type Input = Readonly<Record<string, unknown>>
const ruleArn = `arn:aws:events:us-east-1:${smallAccount}:rule/R`
const functionArn = `arn:aws:lambda:us-east-1:${smallAccount}:function:F`
const machineArn = `arn:aws:states:us-east-1:${smallAccount}:stateMachine:M`
const roleArn = `arn:aws:iam::${smallAccount}:role/Starter`
const deadLetters = { Arn: queueArn('D') }

/** A service of its own making in place of Lambda or Step Functions, which have their own tests. */
const standIn = (id: 'lambda' | 'states', iamAction: string, arn: string, answers: readonly Answer[]) => {
  const calls: ServiceCall[] = []
  const service: ServiceModel = {
    id,
    resourceTypes: [],
    create: () => ({ ref: '', attributes: {} }),
    wire: () => undefined,
    target: () => ({ iamAction, arn, logicalId: id }),
    bill: () => ({ meter: undefined, units: 0 }),
    hop: () => undefined,
    act: (request, done) => {
      calls.push(request)
      tell(done, answers[Math.min(calls.length, answers.length) - 1] ?? { ok: true, output: {} })
    },
  }
  return { service, calls }
}

const worldWith = (targets: readonly Input[], more: Resources = {}, faults: FaultHooks = {}): SmallWorld =>
  smallWorld(
    {
      D: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'D' } },
      DPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [`https://sqs.us-east-1.amazonaws.com/${smallAccount}/D`],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: '*',
              },
            ],
          },
        },
      },
      R: {
        Type: 'AWS::Events::Rule',
        Properties: { Name: 'R', EventPattern: { source: ['shop'] }, Targets: targets },
      },
      ...more,
    },
    { faults },
  )
const put = async (world: SmallWorld): Promise<void> => {
  const entry = { Source: 'shop', DetailType: 'Made', Detail: '{"n":1}' }
  await world.call('events', 'PutEvents', { Entries: [entry] })
  await world.pass(60_000)
}
const failure = (name: string): Answer => ({ ok: false, error: Object.assign(new Error(name), { name }) })
const dead = (world: SmallWorld) => world.queues.receive(queueArn('D'), 10, 'test')

describe('a function as target', () => {
  const target = { Id: 't', Arn: functionArn, DeadLetterConfig: deadLetters }
  const letIn = (world: SmallWorld, sourceArn = ruleArn): void =>
    world.world.attachPolicy(
      functionArn,
      {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'lambda:InvokeFunction',
            Condition: { ArnLike: { 'aws:SourceArn': sourceArn } },
          },
        ],
      },
      'test',
    )
  const accepted: Answer = { ok: true, output: { StatusCode: 202 } }

  it('is invoked asynchronously with the event, under its own policy', async () => {
    const world = worldWith([target])
    const { service, calls } = standIn('lambda', 'lambda:InvokeFunction', functionArn, [accepted])
    world.world.services.set('lambda', service)
    letIn(world)
    await put(world)
    expect(calls).toMatchObject([
      {
        by: 'R',
        principal: { kind: 'service', name: 'events.amazonaws.com', sourceArn: ruleArn },
        action: 'Invoke',
        input: {
          FunctionName: functionArn,
          InvocationType: 'Event',
          Payload: { source: 'shop', 'detail-type': 'Made', detail: { n: 1 } },
        },
      },
    ])
    expect(world.lost).toEqual([])
  })

  it('is not invoked for a rule that its policy does not name', async () => {
    const world = worldWith([target])
    const { service, calls } = standIn('lambda', 'lambda:InvokeFunction', functionArn, [accepted])
    world.world.services.set('lambda', service)
    letIn(world, `${ruleArn}2`)
    await put(world)
    expect(calls).toEqual([])
    expect(dead(world)[0]?.messageAttributes['ERROR_CODE']).toMatchObject({ StringValue: 'NO_PERMISSIONS' })
  })

  it.each([
    { name: 'TooManyRequestsException', code: 'THROTTLING', calls: 3 },
    { name: 'ServiceException', code: 'ERROR_FROM_TARGET', calls: 3 },
    { name: 'ResourceNotFoundException', code: 'NO_RESOURCE', calls: 1 },
    { name: 'InvalidRequestContentException', code: 'INVALID_JSON', calls: 1 },
  ])('that says $name is called $calls times', async ({ name, code, calls }) => {
    const world = worldWith([{ ...target, RetryPolicy: { MaximumRetryAttempts: 2 } }])
    const lambda = standIn('lambda', 'lambda:InvokeFunction', functionArn, [failure(name)])
    world.world.services.set('lambda', lambda.service)
    letIn(world)
    await put(world)
    expect(lambda.calls).toHaveLength(calls)
    expect(dead(world)[0]?.messageAttributes['ERROR_CODE']).toMatchObject({ StringValue: code })
  })

  it('gets no text that is no JSON, which is dead-lettered as the event that it was', async () => {
    const InputTransformer = { InputPathsMap: { x: '$.detail.x' }, InputTemplate: '{"x": <x>}' }
    const world = worldWith([{ ...target, InputTransformer }])
    const { service, calls } = standIn('lambda', 'lambda:InvokeFunction', functionArn, [accepted])
    world.world.services.set('lambda', service)
    letIn(world)
    await put(world)
    expect(calls).toEqual([])
    const [message] = dead(world)
    expect(message?.messageAttributes['ERROR_CODE']).toMatchObject({ StringValue: 'INVALID_JSON' })
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ source: 'shop', detail: { n: 1 } })
  })
})

describe('a state machine as target', () => {
  const target = { Id: 't', Arn: machineArn, RoleArn: roleArn, DeadLetterConfig: deadLetters }
  const run = async (answers: readonly Answer[], permitted: boolean, Target: Input = target) => {
    const world = worldWith([Target])
    const states = standIn('states', 'states:StartExecution', machineArn, answers)
    world.world.services.set('states', states.service)
    world.world.permits = (principal, action) =>
      action !== 'states:StartExecution' ||
      (permitted && principal.kind === 'role' && principal.arn === roleArn)
    await put(world)
    return { world, calls: states.calls }
  }

  it('is started with what the target is to get, as the role of the target', async () => {
    const { world, calls } = await run([], true, { ...target, InputPath: '$.detail' })
    expect(calls).toMatchObject([
      { action: 'StartExecution', input: { stateMachineArn: machineArn, input: '{"n":1}' } },
    ])
    expect(world.lost).toEqual([])
  })

  it('that the role may not start leaves the event to the dead-letter queue, which no role is asked for', async () => {
    const { world, calls } = await run([], false)
    expect(calls).toEqual([])
    expect(dead(world)[0]?.messageAttributes['ERROR_CODE']).toMatchObject({ StringValue: 'NO_PERMISSIONS' })
  })

  it('is tried again while it has too many executions', async () => {
    const { world, calls } = await run([failure('ExecutionLimitExceeded'), { ok: true, output: {} }], true)
    expect(calls).toHaveLength(2)
    expect(world.lost).toEqual([])
  })
})

describe('a FIFO queue as target', () => {
  const arn = queueArn('Q.fifo')
  const fifo = (more: Input): Resources => ({
    Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Q.fifo', FifoQueue: true, ...more } },
  })
  const target = { Id: 't', Arn: arn, SqsParameters: { MessageGroupId: 'orders' } }
  const run = async (more: Input, copies: readonly number[] = []) => {
    const world = worldWith([{ ...target, DeadLetterConfig: deadLetters }], fifo(more), {
      copies: ({ resource }) => (resource === 'R' ? copies : []),
    })
    world.world.permits = () => true
    await put(world)
    return world
  }

  it('is sent to with the message group of the target, and takes a copy of an event for the same', async () => {
    const world = await run({ ContentBasedDeduplication: true }, [1000])
    const messages = world.queues.receive(arn, 10, 'test')
    expect(messages).toMatchObject([{ attributes: { MessageGroupId: 'orders' } }])
    expect(JSON.parse(messages[0]?.body ?? '')).toMatchObject({ source: 'shop' })
    expect(world.lost).toEqual([])
  })

  it('that does not tell messages apart by their content takes none', async () => {
    const world = await run({})
    expect(world.queues.receive(arn, 10, 'test')).toEqual([])
    expect(dead(world)[0]?.messageAttributes['ERROR_CODE']).toMatchObject({
      StringValue: 'INVALID_PARAMETER',
    })
  })
})

describe('five targets of one rule', () => {
  const queue = (name: string): Resources[string] => ({
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: name },
  })
  const names = ['A', 'B', 'C', 'E', 'F']
  const targets = names.map((name) => ({ Id: name, Arn: queueArn(name), RoleArn: roleArn }))

  it('each get the event', async () => {
    const world = worldWith(targets, Object.fromEntries(names.map((name) => [name, queue(name)])))
    world.world.permits = () => true
    await put(world)
    for (const name of names) expect(world.queues.receive(queueArn(name), 10, 'test')).toHaveLength(1)
  })

  it('are the most that there can be', () => {
    expect(() => worldWith([...targets, { Id: 'G', Arn: queueArn('G') }])).toThrow('at most 5 targets, got 6')
  })
})

describe('a target is refused', () => {
  it.each([
    {
      name: 'that is a topic',
      target: { Arn: 'arn:aws:sns:us-east-1:123456789012:T' },
      says: 'targets other than',
    },
    {
      name: 'that is a bus',
      target: { Arn: 'arn:aws:events:us-east-1:123456789012:event-bus/B' },
      says: 'targets other than',
    },
    {
      name: 'that is a state machine without a role',
      target: { Arn: machineArn },
      says: 'RoleArn is required for target',
    },
    {
      name: 'that is a FIFO queue without a group',
      target: { Arn: queueArn('Q.fifo') },
      says: 'MessageGroupId must be specified',
    },
    {
      name: 'whose parameters are for a queue',
      target: { Arn: functionArn, SqsParameters: { MessageGroupId: 'g' } },
      says: 'SqsParameters are for a queue',
    },
    {
      name: 'with a FIFO queue for dead letters',
      target: { Arn: queueArn('Q'), DeadLetterConfig: { Arn: queueArn('D.fifo') } },
      says: 'expected the ARN of a standard queue',
    },
    {
      name: 'with parameters of another service',
      target: { Arn: queueArn('Q'), EcsParameters: {} },
      says: 'EcsParameters is not modelled',
    },
    ...[-1, 186].map((MaximumRetryAttempts) => ({
      name: `with ${MaximumRetryAttempts} retries`,
      target: { Arn: queueArn('Q'), RetryPolicy: { MaximumRetryAttempts } },
      says: 'from 0 to 185',
    })),
    ...[59, 86_401].map((MaximumEventAgeInSeconds) => ({
      name: `with an age of ${MaximumEventAgeInSeconds} seconds`,
      target: { Arn: queueArn('Q'), RetryPolicy: { MaximumEventAgeInSeconds } },
      says: 'from 60 to 86400',
    })),
  ])('$name', ({ target, says }) => {
    expect(() => worldWith([{ Id: 't', ...target }])).toThrow(says)
  })
})
