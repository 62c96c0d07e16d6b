import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { type Deployment, type DeployOptions, deploy, type FunctionCode, type Template } from './deploy.ts'
import type { ApiCall, Invocation, Meter, Throttle } from './observer.ts'

export const startMs = Date.UTC(2026, 0, 5)

interface WorkerTemplate {
  readonly function?: Readonly<Record<string, unknown>>
  readonly mapping?: Readonly<Record<string, unknown>>
  readonly queue?: Readonly<Record<string, unknown>>
  /** What the role may do; polling and the table by default. */
  readonly actions?: readonly string[]
}

export const pollerActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

/** A queue, a function fed from it, and a table that it may write. */
export const workerTemplate = (given: WorkerTemplate = {}): Template => ({
  Resources: {
    JobQueue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60, ...given.queue } },
    JobTable: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    JobRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies: [
          {
            PolicyName: 'Work',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: given.actions ?? [...pollerActions, 'dynamodb:*'],
                  Resource: [{ 'Fn::GetAtt': ['JobQueue', 'Arn'] }, { 'Fn::GetAtt': ['JobTable', 'Arn'] }],
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
        Environment: { Variables: { TABLE_NAME: { Ref: 'JobTable' } } },
        ...given.function,
      },
    },
    JobMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['JobQueue', 'Arn'] },
        FunctionName: { Ref: 'JobFunction' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 50 },
        ...given.mapping,
      },
    },
  },
  Outputs: { QueueUrl: { Value: { Ref: 'JobQueue' } }, TableName: { Value: { Ref: 'JobTable' } } },
})

/** Everything that a run told, for a test to read. */
export interface Watched {
  readonly stack: Deployment
  readonly calls: ApiCall[]
  readonly invocations: Invocation[]
  readonly throttles: Throttle[]
  readonly metered: Map<Meter, number>
  /** Sends one message to the queue of `workerTemplate`. */
  send(body: string): void
}

export const deployWorker = (
  template: Template,
  work: FunctionCode,
  more: Partial<DeployOptions> = {},
): Watched => {
  const calls: ApiCall[] = []
  const invocations: Invocation[] = []
  const throttles: Throttle[] = []
  const metered = new Map<Meter, number>()
  const stack = deploy(template, {
    region: 'eu-west-1',
    seed: 1,
    startMs,
    code: { 'jobs.work': work },
    observer: {
      call: (call) => calls.push(call),
      invocation: (invocation) => invocations.push(invocation),
      throttled: (throttle) => throttles.push(throttle),
      metered: (meter, _, units) => metered.set(meter, (metered.get(meter) ?? 0) + units),
    },
    ...more,
  })
  const sqs = stack.clients.sqs as unknown as Pick<SQSClient, 'send'>
  const send = (body: string): void => {
    void sqs.send(new SendMessageCommand({ QueueUrl: stack.outputs['QueueUrl'], MessageBody: body }))
  }
  return { stack, calls, invocations, throttles, metered, send }
}

/** The records of an SQS event. */
export const recordsOf = (
  event: unknown,
): readonly {
  messageId: string
  receiptHandle: string
  body: string
  attributes: Record<string, string>
}[] => (event as { Records: [] }).Records
