import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { SFNClient } from '@aws-sdk/client-sfn'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from './clock.ts'
import type { Providers } from './providers.ts'

export type { Clock }

/** The waist: AWS as a handler sees it. A real client is one implementation, the virtual AWS another. */
export interface Clients {
  readonly sfn: Pick<SFNClient, 'send'>
  readonly eventBridge: Pick<EventBridgeClient, 'send'>
  readonly sqs: Pick<SQSClient, 'send'>
  readonly dynamo: Pick<DynamoDBDocumentClient, 'send'>
}

/** The function's environment variables, as the template sets them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What Lambda calls. */
export type Handler = (event: unknown) => Promise<unknown>

/** An entry of `entry.ts`: called once per cold start, in the virtual AWS and in Lambda alike. */
export type FunctionEntry = (
  clients: Clients,
  env: Environment,
  providers: Providers,
  clock: Clock,
) => Handler
