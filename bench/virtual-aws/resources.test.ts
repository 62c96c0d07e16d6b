import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { deploy, type Template } from './deploy.ts'
import type { ApiCall } from './observer.ts'
import { deployWorker, pollerActions, startMs, workerTemplate } from './stack.testing.ts'

const managed = (name: string): string => `arn:aws:iam::aws:policy/service-role/${name}`

/** The worker with these properties of its role instead of its policies. */
const withRole = (role: object, more: Template['Resources'] = {}): Template => {
  const template = workerTemplate()
  const { JobRole } = template.Resources
  const Properties = { AssumeRolePolicyDocument: {}, ...role }
  return {
    ...template,
    Resources: { ...template.Resources, JobRole: { Type: '', ...JobRole, Properties }, ...more },
  }
}

const mayPoll = { Effect: 'Allow', Action: pollerActions, Resource: '*' }

/** What a run told of a worker that puts one item for its message. */
const callsOf = async (template: Template): Promise<readonly ApiCall[]> => {
  const watched = deployWorker(template, ({ clients, env }) => async () => {
    await clients.dynamo.send(new PutCommand({ TableName: env['TABLE_NAME'], Item: { pk: 'a' } }))
  })
  watched.send('go')
  await watched.stack.kernel.run(startMs + 30_000)
  return watched.calls.filter(({ by }) => by !== 'caller')
}
const errorOf = (calls: readonly ApiCall[], action: string) =>
  calls.find((call) => call.action === action)?.error ?? 'none'

describe('a role', () => {
  it('has what AWSLambdaSQSQueueExecutionRole allows, and no more', async () => {
    const calls = await callsOf(withRole({ ManagedPolicyArns: [managed('AWSLambdaSQSQueueExecutionRole')] }))
    expect(errorOf(calls, 'PutItem')).toBe('AccessDeniedException')
  })

  it('that has AWSLambdaBasicExecutionRole alone may not even poll', () => {
    const template = withRole({ ManagedPolicyArns: [managed('AWSLambdaBasicExecutionRole')] })
    expect(() => deployWorker(template, () => async () => undefined)).toThrow(
      'does not have permissions to call ReceiveMessage',
    )
  })

  it('has what an AWS::IAM::Policy beside it allows', async () => {
    const mayWrite = { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' }
    const policy = {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'Beside',
        PolicyDocument: { Statement: [mayPoll, mayWrite] },
        Roles: [{ Ref: 'JobRole' }],
      },
    }
    expect(errorOf(await callsOf(withRole({}, { Beside: policy })), 'PutItem')).toBe('none')
  })
})

describe('an AWS::Lambda::Permission', () => {
  const machineRole = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } }
  const machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
      DefinitionSubstitutions: { FunctionArn: { 'Fn::GetAtt': ['JobFunction', 'Arn'] } },
      Definition: {
        StartAt: 'Invoke',
        States: {
          Invoke: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: `\${FunctionArn}` },
            End: true,
          },
        },
      },
    },
  }
  const permission = {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'JobFunction' },
      Principal: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
    },
  }

  it.each([
    { name: 'without it', more: {}, status: 'FAILED' },
    { name: 'with it', more: { Permission: permission }, status: 'SUCCEEDED' },
  ])(
    'lets a role invoke the function that its own policies do not: $name $status',
    async ({ more, status }) => {
      const template = workerTemplate()
      const ends: string[] = []
      const stack = deploy(
        {
          Resources: { ...template.Resources, MachineRole: machineRole, Machine: machine, ...more },
          Outputs: { MachineArn: { Value: { Ref: 'Machine' } } },
        },
        {
          region: 'eu-west-1',
          seed: 1,
          startMs,
          code: { 'jobs.work': () => async () => 'done' },
          observer: { execution: (end) => ends.push(end.status) },
        },
      )
      void stack.clients.sfn.send(new StartExecutionCommand({ stateMachineArn: stack.outputs['MachineArn'] }))
      await stack.kernel.run(startMs + 60_000)
      expect(ends).toEqual([status])
    },
  )
})
