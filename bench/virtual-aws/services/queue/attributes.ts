import { InvalidTemplate, isRecord, NotModelled, type Properties } from '../properties.ts'
import { invalidAttribute, missingParameter, unknownAttribute } from './errors.ts'
import type { Queue } from './queue.ts'
import type { Redrive, RedriveAllow } from './redrive-policy.ts'
import { changeable, changedSettings, type QueueSettings } from './settings.ts'

/** When a queue was made and last changed, in ms. */
export interface QueueTimes {
  readonly createdMs: number
  readonly changedMs: number
}

const notModelled = new Set(['Policy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'])

/** Names: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html (read 2026-11-25). */
export const queueAttributes = (queue: Queue, input: Properties, times: QueueTimes): object => {
  const names = Array.isArray(input['AttributeNames']) ? input['AttributeNames'].map(String) : []
  const all = allAttributes(queue, times)
  for (const name of names) {
    if (notModelled.has(name)) throw new NotModelled(`sqs GetQueueAttributes: ${name} is not modelled`)
    if (name !== 'All' && !(name in all) && !changeable.has(name) && name !== 'FifoQueue')
      throw unknownAttribute(name)
  }
  const asked = names.includes('All') ? Object.keys(all) : names
  const Attributes = Object.fromEntries(
    asked.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  )
  return Object.keys(Attributes).length === 0 ? {} : { Attributes }
}

const allAttributes = (
  queue: Queue,
  { createdMs, changedMs }: QueueTimes,
): Readonly<Record<string, string>> => {
  const { identity, settings } = queue
  const counts = queue.counts()
  return {
    QueueArn: identity.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(createdMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(changedMs / 1000)),
    VisibilityTimeout: String(settings.visibilityTimeoutMs / 1000),
    MaximumMessageSize: String(settings.messageBytesMax),
    MessageRetentionPeriod: String(settings.retentionMs / 1000),
    DelaySeconds: String(settings.delayMs / 1000),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitMs / 1000),
    SqsManagedSseEnabled: 'true',
    ...(settings.redrive !== undefined && { RedrivePolicy: redriveText(settings.redrive) }),
    ...(settings.redriveAllow !== undefined && { RedriveAllowPolicy: allowText(settings.redriveAllow) }),
    ...(settings.fifo !== undefined && {
      FifoQueue: 'true',
      ContentBasedDeduplication: String(settings.fifo.contentBasedDeduplication),
      DeduplicationScope: settings.fifo.deduplicationScope,
      FifoThroughputLimit: settings.fifo.throughputLimit,
    }),
  }
}

const redriveText = ({ deadLetterArn, receivesMax }: Redrive): string =>
  JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: receivesMax })

const allowText = ({ permission, sourceArns }: RedriveAllow): string =>
  JSON.stringify({
    redrivePermission: permission,
    ...(sourceArns.length > 0 && { sourceQueueArns: sourceArns }),
  })

const forFifo = new Set(['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'])

/** The settings that a SetQueueAttributes asks for; throws what SQS answers. */
export const settingsAsked = (queue: Queue, input: Properties): QueueSettings => {
  const given = input['Attributes']
  if (!isRecord(given) || Object.keys(given).length === 0) throw missingParameter('Attributes')
  for (const name of Object.keys(given)) {
    if (notModelled.has(name)) throw new NotModelled(`sqs SetQueueAttributes: ${name} is not modelled`)
    if (!changeable.has(name) || (forFifo.has(name) && queue.kind === 'standard'))
      throw unknownAttribute(name)
  }
  try {
    return changedSettings(queue.settings, given, 'Attributes')
  } catch (error) {
    if (!(error instanceof InvalidTemplate || error instanceof NotModelled)) throw error
    throw invalidAttribute(/^Attributes\.(\w+)/.exec(error.message)?.[1] ?? 'Attributes')
  }
}
