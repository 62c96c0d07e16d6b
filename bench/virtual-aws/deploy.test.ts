import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { deploy, type FunctionCode, type Template } from './deploy.ts'
import type { Invocation } from './observer.ts'

const startMs = Date.UTC(2026, 0, 5)

const workerTemplate: Template = {
  Resources: {
    JobQueue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
    JobRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies: [
          {
            PolicyName: 'Poll',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
                  Resource: { 'Fn::GetAtt': ['JobQueue', 'Arn'] },
                },
              ],
            },
          },
        ],
      },
    },
    JobFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'jobs.work',
        Role: { 'Fn::GetAtt': ['JobRole', 'Arn'] },
        Code: {},
        Timeout: 10,
        MemorySize: 512,
      },
    },
    JobMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['JobQueue', 'Arn'] },
        FunctionName: { Ref: 'JobFunction' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 50 },
      },
    },
  },
  Outputs: { JobQueueUrl: { Value: { Ref: 'JobQueue' } } },
}

describe('a deployed template', () => {
  it('carries a message from a queue to its function', async () => {
    const heard: unknown[] = []
    const invocations: Invocation[] = []
    const work: FunctionCode = (runtime) => async (event) => {
      heard.push(event)
      await runtime.clock.sleep(20)
      return { batchItemFailures: [] }
    }
    const stack = deploy(workerTemplate, {
      region: 'eu-west-1',
      seed: 1,
      startMs,
      code: { 'jobs.work': work },
      observer: { invocation: (invocation) => invocations.push(invocation) },
    })
    stack.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: stack.outputs['JobQueueUrl'], MessageBody: 'hello' }),
    )
    await stack.kernel.run(startMs + 60_000)
    expect(heard).toHaveLength(1)
  })
})
