import {
  describe,
  InvalidTemplate,
  integerOf,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'

/** What a template says of a queue, with AWS's defaults. */
export interface QueueSettings {
  readonly visibilityTimeoutMs: number
  readonly retentionMs: number
  readonly delayMs: number
  readonly receiveWaitMs: number
  readonly redrive: { readonly deadLetterArn: string; readonly receivesMax: number } | undefined
}

const known = new Set([
  'DelaySeconds',
  'MessageRetentionPeriod',
  'QueueName',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'Tags',
  'VisibilityTimeout',
])
const ofFifo = new Set([
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
])

/** Refuses what is not modelled; intrinsics may be unresolved, so values are not looked at. */
export const refuseUnmodelledQueue = (properties: Properties, where: string): void => {
  for (const name of Object.keys(properties))
    if (ofFifo.has(name)) throw new NotModelled(`${where}: ${name} is not modelled; queues are standard ones`)
  refuseOthers(properties, known, where)
}

/** Bounds and defaults: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const queueSettings = (properties: Properties, where: string): QueueSettings => {
  const seconds = (name: string, from: number, to: number, byDefault: number): number =>
    1000 * integerOf(properties[name], { from, to, default: byDefault }, `${where}.${name}`)
  return {
    visibilityTimeoutMs: seconds('VisibilityTimeout', 0, 43_200, 30),
    retentionMs: seconds('MessageRetentionPeriod', 60, 1_209_600, 345_600),
    delayMs: seconds('DelaySeconds', 0, 900, 0),
    receiveWaitMs: seconds('ReceiveMessageWaitTimeSeconds', 0, 20, 0),
    redrive: redriveOf(properties['RedrivePolicy'], `${where}.RedrivePolicy`),
  }
}

const redriveKeys = new Set(['deadLetterTargetArn', 'maxReceiveCount'])

const redriveOf = (value: unknown, where: string): QueueSettings['redrive'] => {
  if (value === undefined) return undefined
  const policy = typeof value === 'string' ? parsed(value, where) : recordOf(value, where)
  refuseOthers(policy, redriveKeys, where)
  return {
    deadLetterArn: textOf(policy['deadLetterTargetArn'], `${where}.deadLetterTargetArn`),
    receivesMax: integerOf(
      policy['maxReceiveCount'],
      { from: 1, to: 1000, default: 10 },
      `${where}.maxReceiveCount`,
    ),
  }
}

const parsed = (text: string, where: string): Properties => {
  try {
    return recordOf(JSON.parse(text), where)
  } catch (cause) {
    throw new InvalidTemplate(`${where}: expected JSON, got ${describe(text)}`, { cause })
  }
}
