import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** Where the stacks are deployed: an AWS account, or an endpoint that answers as AWS does. */
export type Target =
  | { readonly kind: 'aws'; readonly region: string; readonly profile?: string }
  | { readonly kind: 'endpoint'; readonly url: string; readonly region: string }

export const isOnThisMachine = (target: Target): boolean =>
  target.kind === 'endpoint' && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(target.url).hostname)

/** The real clients of one target. */
export interface LiveClients {
  readonly sfn: SFNClient
  readonly eventBridge: EventBridgeClient
  readonly sqs: SQSClient
  readonly dynamo: DynamoDBDocumentClient
  readonly lambda: LambdaClient
  readonly cloudFormation: CloudFormationClient
  readonly logs: CloudWatchLogsClient
  readonly s3: S3Client
}

/** As many requests under way as a burst of orders asks for: one that waits for a socket would be late. */
const socketsMax = 500
const connectionTimeoutMs = 5_000
const requestTimeoutMs = 60_000

/** Connects to nothing yet: a client finds out with its first request. */
export const connect = (target: Target): LiveClients => {
  const config = {
    region: target.region,
    ...(target.kind === 'endpoint'
      ? { endpoint: target.url, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
      : ofAccount(target)),
    requestHandler: {
      httpAgent: { maxSockets: socketsMax },
      httpsAgent: { maxSockets: socketsMax },
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
    },
  }
  return {
    sfn: new SFNClient(config),
    eventBridge: new EventBridgeClient(config),
    sqs: new SQSClient(config),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(config), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    lambda: new LambdaClient(config),
    cloudFormation: new CloudFormationClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: target.kind === 'endpoint' }),
  }
}

/** What is labelled as measured on AWS must have gone there, whatever `AWS_ENDPOINT_URL` or a profile may say. */
const ofAccount = ({ profile }: { readonly profile?: string }) => ({
  ignoreConfiguredEndpointUrls: true,
  ...(profile === undefined ? {} : { profile }),
})

/** Closes the sockets; what is under way fails. */
export const disconnect = (clients: LiveClients): void => {
  for (const client of Object.values(clients)) client.destroy()
}
