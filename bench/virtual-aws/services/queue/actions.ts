import type { ReceivedMessage } from '../../world.ts'
import type { Properties } from '../properties.ts'
import {
  invalidParameter,
  messageNotInflight,
  missingParameter,
  noLongerThere,
  outOfRange,
  receiptHandleIsInvalid,
} from './errors.ts'
import { isWholeBetween, messageBytesMax } from './send.ts'
import type { StandardQueue } from './standard-queue.ts'

/** What the actions on one queue take and give, in the shapes of the SDK. */

export const deleteMessage = (queue: StandardQueue, input: Properties): Properties => {
  const handle = input['ReceiptHandle']
  if (handle === undefined) throw missingParameter('ReceiptHandle')
  if (!queue.remove(handle)) throw receiptHandleIsInvalid(String(handle))
  return {}
}

export const changeVisibility = (queue: StandardQueue, input: Properties): Properties => {
  const handle = input['ReceiptHandle']
  if (handle === undefined) throw missingParameter('ReceiptHandle')
  const seconds = input['VisibilityTimeout']
  if (seconds === undefined) throw missingParameter('VisibilityTimeout')
  if (!isWholeBetween(seconds, 0, 43_200)) throw outOfRange('VisibilityTimeout', seconds, 0, 43_200)
  switch (queue.changeVisibility(handle, seconds * 1000)) {
    case 'not a handle':
      throw receiptHandleIsInvalid(String(handle))
    case 'not there':
      throw noLongerThere(String(handle))
    case 'not in flight':
      throw messageNotInflight()
    case 'beyond the limit':
      throw invalidParameter(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
      )
    case undefined:
      return {}
  }
}

export const queueAttributes = (queue: StandardQueue, input: Properties): Properties => {
  const { identity, settings } = queue
  const counts = queue.counts()
  const all: Record<string, string> = {
    QueueArn: identity.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(settings.visibilityTimeoutMs / 1000),
    MessageRetentionPeriod: String(settings.retentionMs / 1000),
    DelaySeconds: String(settings.delayMs / 1000),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitMs / 1000),
    MaximumMessageSize: String(messageBytesMax),
  }
  return { Attributes: chosen(all, input['AttributeNames']) }
}

export const inSdkShape = (message: ReceivedMessage, input: Properties): Properties => {
  const attributes = chosen(
    message.attributes,
    input['MessageSystemAttributeNames'] ?? input['AttributeNames'],
  )
  const messageAttributes = chosen(message.messageAttributes, input['MessageAttributeNames'])
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(Object.keys(messageAttributes).length > 0 && { MessageAttributes: messageAttributes }),
  }
}

/** Only what is asked for by name; `All` and `.*` ask for everything. */
const chosen = (all: Properties, names: unknown): Properties => {
  if (!Array.isArray(names)) return {}
  if (names.includes('All') || names.includes('.*')) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}
