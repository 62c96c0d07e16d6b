import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import type { FunctionRuntime } from './deploy.ts'
import type { FaultHooks } from './faults.ts'
import { deployWorker, pollerActions, startMs, workerTemplate } from './stack.testing.ts'

const minuteMs = 60_000

const put = ({ clients, env }: FunctionRuntime, pk: string): Promise<unknown> =>
  clients.dynamo.send(new PutCommand({ TableName: env['TABLE_NAME'], Item: { pk } }))
const get = ({ clients, env }: FunctionRuntime, pk: string): Promise<{ Item?: unknown }> =>
  clients.dynamo.send(new GetCommand({ TableName: env['TABLE_NAME'], Key: { pk } }))

const itemsOf = (watched: ReturnType<typeof deployWorker>): string[] =>
  [...watched.stack.table(watched.stack.outputs['TableName'] ?? '').items()].map(({ pk }) => String(pk))

describe("the SDK's send", () => {
  it('answers in virtual time, after the latency of the call', async () => {
    const times: number[] = []
    const watched = deployWorker(workerTemplate(), (runtime) => async () => {
      times.push(runtime.clock.nowMs())
      await put(runtime, 'a')
      times.push(runtime.clock.nowMs())
    })
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs)
    const call = watched.calls.find(({ action }) => action === 'PutItem')
    expect(times).toEqual([call?.startedMs, call?.endedMs])
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1)
    expect(call).toMatchObject({
      by: 'JobFunction',
      resource: 'JobTable',
      error: undefined,
      meter: 'dynamodb.wru',
    })
  })

  it('lets calls run beside each other under Promise.all, and each answer reach its caller', async () => {
    let spentMs = 0
    const found: unknown[] = []
    const watched = deployWorker(workerTemplate(), (runtime) => async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `${index}`)
      const before = runtime.clock.nowMs()
      await Promise.all(ids.map((id) => put(runtime, id)))
      spentMs = runtime.clock.nowMs() - before
      found.push(...(await Promise.all(ids.map(async (id) => (await get(runtime, id)).Item))))
    })
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs)
    const durations = watched.calls
      .filter(({ action }) => action === 'PutItem')
      .map(({ startedMs, endedMs }) => endedMs - startedMs)
    expect(spentMs).toBeCloseTo(Math.max(...durations), 3)
    expect(found).toEqual(Array.from({ length: 20 }, (_, index) => ({ pk: `${index}` })))
  })

  it('is what the real clients offer: a handler written for them runs unchanged', async () => {
    const watched = deployWorker(workerTemplate(), ({ clients, env }) => {
      const dynamo = clients.dynamo as unknown as Pick<DynamoDBDocumentClient, 'send'>
      return async () => {
        const { Item, $metadata } = await dynamo.send(
          new GetCommand({ TableName: env['TABLE_NAME'], Key: { pk: 'x' } }),
        )
        return { Item, $metadata }
      }
    })
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(watched.invocations[0]?.result).toEqual({ Item: undefined, $metadata: {} })
    expect(DynamoDBDocumentClient).toBeDefined()
  })

  it('refuses a command that is not modelled by name, and ends the run whatever the handler does', async () => {
    const watched = deployWorker(workerTemplate(), ({ clients }) => async () => {
      await (clients.sqs.send(new ListQueuesCommand({})) as Promise<unknown>).catch(() => undefined)
    })
    watched.send('go')
    await expect(watched.stack.kernel.run(startMs + minuteMs)).rejects.toThrow(
      'sqs: command ListQueuesCommand is not modelled (modelled: SendMessage,',
    )
  })

  it('ends the run for a part of a request that is not modelled, too', async () => {
    const watched = deployWorker(workerTemplate(), ({ clients, env }) => async () => {
      const command = new GetCommand({
        TableName: env['TABLE_NAME'],
        Key: { pk: 'a' },
        ProjectionExpression: 'pk',
      })
      await (clients.dynamo.send(command) as Promise<unknown>).catch(() => undefined)
    })
    watched.send('go')
    await expect(watched.stack.kernel.run(startMs + minuteMs)).rejects.toThrow(
      'ProjectionExpression is not modelled',
    )
  })

  it('refuses what the role does not allow with the error of AWS', async () => {
    const errors: unknown[] = []
    const watched = deployWorker(workerTemplate({ actions: pollerActions }), (runtime) => async () => {
      await put(runtime, 'a').catch((error: Error) => errors.push([error.name, error.message]))
    })
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(errors).toEqual([
      [
        'AccessDeniedException',
        'User: arn:aws:sts::111122223333:assumed-role/Stack-JobRole/JobFunction is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/Stack-JobTable because no identity-based policy allows the dynamodb:PutItem action',
      ],
    ])
    expect(itemsOf(watched)).toEqual([])
    expect(watched.calls.find(({ action }) => action === 'PutItem')?.error).toBe('AccessDeniedException')
  })

  it('refuses what a policy denies although another allows it, and says which kind of policy denies', async () => {
    const errors: string[] = []
    const template = workerTemplate()
    const Deny = { Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: '*' }
    const Properties = {
      PolicyName: 'Deny',
      PolicyDocument: { Statement: [Deny] },
      Roles: [{ Ref: 'JobRole' }],
    }
    const Resources = { ...template.Resources, Denial: { Type: 'AWS::IAM::Policy', Properties } }
    const watched = deployWorker({ ...template, Resources }, (runtime) => async () => {
      await put(runtime, 'a').catch((error: Error) => errors.push(error.message))
    })
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(errors).toEqual([expect.stringMatching(/ with an explicit deny in an identity-based policy$/)])
    expect(itemsOf(watched)).toEqual([])
  })
})

describe('the outside caller', () => {
  it('gets an error of its own as the SDK throws it', async () => {
    const { stack } = deployWorker(workerTemplate(), () => async () => undefined)
    const answer: Promise<unknown> = stack.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/nobody',
        MessageBody: 'x',
      }),
    )
    const refused = expect(answer).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
    await stack.kernel.run(startMs + minuteMs)
    await refused
  })
})

describe('whoever runs the stack', () => {
  it('may do everything, and is observed as operator and not billed', async () => {
    const watched = deployWorker(workerTemplate(), () => async () => undefined)
    const { operator, outputs, kernel } = watched.stack
    const answer: Promise<unknown> = operator.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: outputs['QueueUrl'],
        Attributes: { VisibilityTimeout: '1' },
      }),
    )
    await kernel.run(startMs + minuteMs)
    await answer
    expect(watched.calls).toMatchObject([
      { action: 'SetQueueAttributes', by: 'operator', resource: 'JobQueue', meter: undefined, units: 0 },
    ])
  })

  it('changes nothing that others see by reading, and by calls that they make too', async () => {
    const seenByOthers = async (operatorActs: boolean) => {
      const watched = deployWorker(workerTemplate(), (runtime) => async () => void (await put(runtime, 'a')))
      const { operator, outputs, kernel } = watched.stack
      const QueueUrl = outputs['QueueUrl']
      if (operatorActs) {
        void operator.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
        // Of the hop by which the message is sent below.
        void operator.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '0' } }))
      }
      watched.send('one')
      await kernel.run(startMs + minuteMs / 2)
      watched.send('two')
      await kernel.run(startMs + minuteMs)
      return [watched.calls.filter(({ by }) => by !== 'operator'), watched.invocations]
    }
    expect(await seenByOthers(true)).toEqual(await seenByOthers(false))
  })
})

describe('a fault', () => {
  const runWith = async (faults: FaultHooks) => {
    const after: string[] = []
    const watched = deployWorker(
      workerTemplate(),
      (runtime) => async () => {
        await put(runtime, 'first')
        after.push('first')
        await put(runtime, 'second')
        after.push('second')
      },
      { faults },
    )
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    return { watched, after, items: itemsOf(watched) }
  }
  const item = (input: unknown): unknown => (input as { Item: { pk: unknown } }).Item.pk

  it('before a call: the environment dies and nothing is sent', async () => {
    const { watched, after, items } = await runWith({
      beforeCall: ({ input }) => (item(input) === 'second' ? 'crash' : undefined),
    })
    expect(after).toEqual(['first'])
    expect(items).toEqual(['first'])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['crashed'])
    expect(watched.calls.filter(({ action }) => action === 'PutItem')).toHaveLength(1)
  })

  it('that hangs a call: nothing is sent and no answer comes, until the invocation times out', async () => {
    const { watched, after, items } = await runWith({
      beforeCall: ({ input }) => (item(input) === 'second' ? 'hang' : undefined),
    })
    expect(after).toEqual(['first'])
    expect(items).toEqual(['first'])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['timed out'])
    expect(watched.calls.filter(({ action }) => action === 'PutItem')).toHaveLength(1)
  })

  it('that refuses a call on its arrival: the caller hears of it, and so does the observer', async () => {
    const { watched, items } = await runWith({
      refusal: ({ action, resource, by, atMs }) =>
        action === 'PutItem' && resource === 'JobTable' && by === 'JobFunction' && atMs > startMs
          ? Object.assign(new Error('injected'), { name: 'Injected' })
          : undefined,
    })
    expect(items).toEqual([])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['failed'])
    const refused = watched.calls.filter(({ action }) => action === 'PutItem')
    expect(refused.map(({ error }) => error)).toEqual(['Injected'])
  })

  it('that slows a call: it takes effect so much later, and the caller waits for its answer', async () => {
    const slow: FaultHooks = {
      slowed: ({ action, resource, by }) =>
        action === 'PutItem' && resource === 'JobTable' && by === 'JobFunction' ? 2_000 : 0,
    }
    const spans = async (faults: FaultHooks) => {
      const { watched, after } = await runWith(faults)
      expect(after).toEqual(['first', 'second'])
      const { calls, invocations } = watched
      const puts = calls.filter(({ action }) => action === 'PutItem')
      return [...puts, ...invocations].map(({ startedMs, endedMs }) => endedMs - startedMs)
    }
    const [first = 0, second = 0, whole = 0] = await spans({})
    const slower = await spans(slow)
    for (const [index, ms] of [first + 2_000, second + 2_000, whole + 4_000].entries())
      expect(slower[index]).toBeCloseTo(ms, 3)
  })

  it('after a call: it took effect and its answer reaches nobody', async () => {
    const { watched, after, items } = await runWith({
      afterCall: ({ input }) => (item(input) === 'second' ? 'crash' : undefined),
    })
    expect(after).toEqual(['first'])
    expect(items).toEqual(['first', 'second'])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['crashed'])
  })

  it('before the return: the work is done and the answer is lost, so the message comes back', async () => {
    const { watched, after } = await runWith({ beforeReturn: () => 'crash' })
    expect(after).toEqual(['first', 'second'])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['crashed'])
    expect(watched.stack.depths().get('JobQueue')).toBe(1)
  })

  it('that is an error reaches the handler in place of an answer', async () => {
    const { watched, items } = await runWith({
      beforeCall: ({ input }) => (item(input) === 'second' ? new Error('injected') : undefined),
    })
    expect(items).toEqual(['first'])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['failed'])
  })
})

describe('an environment that timed out', () => {
  it('has no further effect: what it still sends is not sent, and what it awaits never settles', async () => {
    const after: string[] = []
    const watched = deployWorker(workerTemplate({ function: { Timeout: 1 } }), (runtime) => async () => {
      void put(runtime, 'in time')
      await runtime.clock.sleep(999)
      after.push('in time')
      await runtime.clock.sleep(2)
      after.push('too late')
      await put(runtime, 'too late')
    })
    watched.send('go')
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(after).toEqual(['in time'])
    expect(itemsOf(watched)).toEqual(['in time'])
    expect(watched.invocations.map(({ end }) => end)).toEqual(['timed out'])
  })
})

describe('a quota', () => {
  const machine = {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
        },
      },
    },
    Outputs: { MachineArn: { Value: { Ref: 'Machine' } } },
  }

  it.each([
    { name: 'within it: none', starts: 1300, isThrottled: false },
    { name: 'beyond it: some, which the SDK sends again', starts: 1320, isThrottled: true },
  ])('of 1,300 executions at once rejects, $name', async ({ starts, isThrottled }) => {
    const { stack, throttles, calls } = deployWorker(machine, () => async () => undefined)
    const command = new StartExecutionCommand({ stateMachineArn: stack.outputs['MachineArn'] })
    const sent = Array.from({ length: starts }, () => stack.clients.sfn.send(command))
    await stack.kernel.run(startMs + minuteMs)
    await Promise.all(sent)
    const refused = calls.filter(({ error }) => error === 'ThrottlingException')
    expect(refused.length > 0).toBe(isThrottled)
    expect(throttles.map(({ quota, effect }) => [quota, effect])).toEqual(
      refused.map(() => ['states.StartExecution', 'rejected']),
    )
  })
})

describe('an error that AWS calls throttling', () => {
  const throttling = () => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })

  it.each([
    { failures: 0, attempts: 1, end: 'returned' },
    { failures: 3, attempts: 4, end: 'returned' },
    { failures: 4, attempts: 4, end: 'failed' },
  ])(
    '$failures times makes the DynamoDB client try $attempts times: $end',
    async ({ failures, attempts, end }) => {
      let tried = 0
      const watched = deployWorker(
        workerTemplate(),
        (runtime) => async () => {
          await put(runtime, 'a')
        },
        {
          faults: {
            beforeCall: () => {
              tried += 1
              return tried <= failures ? throttling() : undefined
            },
          },
        },
      )
      watched.send('go')
      await watched.stack.kernel.run(startMs + minuteMs / 2)
      expect(tried).toBe(attempts)
      expect(watched.invocations.map((invocation) => invocation.end)).toEqual([end])
    },
  )
})
