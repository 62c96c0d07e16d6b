import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { type SFNClient, StartExecutionCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn'
import { GetQueueAttributesCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import type { Deployment, Template } from './deploy.ts'
import { deployWorker, recordsOf, startMs, workerTemplate } from './stack.testing.ts'

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html (read 2026-11-26)

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })

/** A rule that hands events of one type to the queue of the worker, and a machine that ends with a word. */
const whole = ({ type = 'Asked', word = 'first', mayRule = true } = {}): Template => {
  const { Resources } = workerTemplate()
  return {
    ...workerTemplate(),
    Resources: {
      ...Resources,
      JobRule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { 'detail-type': [type] },
          State: 'ENABLED',
          Targets: [{ Id: 'queue', Arn: arnOf('JobQueue') }],
        },
      },
      JobQueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'JobQueue' }],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: mayRule ? 'sqs:SendMessage' : 'sqs:PurgeQueue',
                Resource: arnOf('JobQueue'),
                Principal: { Service: 'events.amazonaws.com' },
              },
            ],
          },
        },
      },
      WordRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      WordMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: arnOf('WordRole'),
          DefinitionString: JSON.stringify({
            QueryLanguage: 'JSONata',
            StartAt: 'Say',
            States: { Say: { Type: 'Fail', Error: word } },
          }),
        },
      },
    },
  }
}

const without = (template: Template, ...logicalIds: readonly string[]): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).filter(([logicalId]) => !logicalIds.includes(logicalId)),
  ),
})

const started = (template: Template) => {
  const done: string[] = []
  const ends: unknown[] = []
  const { stack, send } = deployWorker(
    template,
    () => async (event) => {
      for (const { body } of recordsOf(event)) done.push(body)
      return { batchItemFailures: [] }
    },
    { observer: { execution: ({ error }) => ends.push(error) } },
  )
  return {
    stack,
    send,
    done,
    ends,
    tell: () => publish(stack),
    execute: (name: string) => start(stack, name),
  }
}

/** Lets virtual time pass in which whatever was sent arrives. */
const settle = async ({ kernel }: Deployment): Promise<void> => {
  await kernel.run(kernel.nowMs + 60_000)
}

const publish = ({ clients }: Deployment): void => {
  const events = clients.eventBridge as unknown as Pick<EventBridgeClient, 'send'>
  const entry = { Source: 'test', DetailType: 'Asked', Detail: '{}' }
  void events.send(new PutEventsCommand({ Entries: [entry] }))
}

const start = ({ clients, resource }: Deployment, name: string): void => {
  const sfn = clients.sfn as unknown as Pick<SFNClient, 'send'>
  const stateMachineArn = resource('WordMachine')?.ref
  void sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }))
}

describe('another template over a stack that runs', () => {
  it('creates what is new: a function and a mapping that reads what lay in its queue before', async () => {
    const { stack, send, done } = started(without(whole(), 'JobFunction', 'JobMapping'))
    send('early')
    await settle(stack)
    expect(done).toEqual([])
    expect(stack.changeSet(whole())).toEqual(['JobFunction', 'JobMapping'])
    stack.update(whole())
    await settle(stack)
    send('late')
    await settle(stack)
    expect(done).toEqual(['early', 'late'])
    expect(stack.changeSet(whole())).toEqual([])
  })

  it('creates a rule, which hears what comes after', async () => {
    const { stack, tell, done } = started(without(whole(), 'JobRule'))
    tell()
    await settle(stack)
    stack.update(whole())
    tell()
    await settle(stack)
    expect(done).toHaveLength(1)
  })

  it.each([
    { what: 'the pattern of a rule', before: { type: 'Other' } },
    { what: 'a policy', before: { mayRule: false } },
  ])('changes $what, and changes it back', async ({ before }) => {
    const { stack, tell, done } = started(whole(before))
    const heard: number[] = []
    for (const template of [whole(before), whole(), whole(before)]) {
      stack.update(template)
      tell()
      await settle(stack)
      heard.push(done.length)
    }
    expect(heard).toEqual([0, 1, 1])
  })

  it('changes a machine for those that are started after', async () => {
    const { stack, execute, ends } = started(whole())
    execute('one')
    await settle(stack)
    stack.update(whole({ word: 'second' }))
    execute('two')
    await settle(stack)
    expect(ends).toEqual(['first', 'second'])
  })

  it('leaves what drifted as it is, unless it is to be put back', async () => {
    const { stack, execute, ends } = started(whole())
    const { operator, outputs, resource } = stack
    const sfn = operator.sfn as unknown as Pick<SFNClient, 'send'>
    const sqs = operator.sqs as unknown as Pick<SQSClient, 'send'>
    const QueueUrl = outputs['QueueUrl']
    void sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '11' } }))
    const definition = JSON.stringify({ StartAt: 'Say', States: { Say: { Type: 'Fail', Error: 'drifted' } } })
    void sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: resource('WordMachine')?.ref, definition }),
    )
    await settle(stack)
    const timeouts: unknown[] = []
    const look = async (name: string) => {
      execute(name)
      void sqs
        .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }))
        .then(({ Attributes }) => timeouts.push(Attributes?.['VisibilityTimeout']))
      await settle(stack)
    }
    stack.update(whole())
    await look('one')
    expect(stack.changeSet(whole(), ['WordMachine', 'JobQueue'])).toEqual(['JobQueue', 'WordMachine'])
    stack.update(whole(), ['WordMachine', 'JobQueue'])
    await look('two')
    expect(ends).toEqual(['drifted', 'first'])
    expect(timeouts).toEqual(['11', '60'])
  })

  it.each([
    { name: 'taking a resource out', next: without(whole(), 'JobRule'), says: /"JobRule"/ },
    {
      name: 'changing a function',
      next: {
        ...whole(),
        Resources: { ...whole().Resources, ...workerTemplate({ function: { Timeout: 5 } }).Resources },
      },
      says: /JobFunction.*not modelled/,
    },
    {
      name: 'replacing a queue',
      next: {
        ...whole(),
        Resources: { ...whole().Resources, ...workerTemplate({ queue: { FifoQueue: true } }).Resources },
      },
      says: /JobQueue.*not modelled/,
    },
  ])('is refused $name, by name', ({ next, says }) => {
    const { stack } = started(whole())
    expect(stack.kernel.nowMs).toBe(startMs)
    expect(() => stack.update(next)).toThrow(says)
  })
})
