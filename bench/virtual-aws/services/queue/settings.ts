import { describe, InvalidTemplate, integerOf, type Properties, refuseOthers } from '../properties.ts'
import { type Redrive, type RedriveAllow, redriveAllowOf, redriveOf } from './redrive-policy.ts'

/** What a template or SetQueueAttributes says of a queue, with AWS's defaults. */
export interface QueueSettings {
  readonly visibilityTimeoutMs: number
  readonly retentionMs: number
  readonly delayMs: number
  readonly receiveWaitMs: number
  readonly messageBytesMax: number
  readonly redrive: Redrive | undefined
  readonly redriveAllow: RedriveAllow | undefined
  /** Undefined in a standard queue. */
  readonly fifo: FifoSettings | undefined
}

interface FifoSettings {
  readonly contentBasedDeduplication: boolean
  readonly deduplicationScope: 'queue' | 'messageGroup'
  readonly throughputLimit: 'perQueue' | 'perMessageGroupId'
}

/**
 * The largest message, and the largest batch of them, attributes included. AWS raised it from 256 KiB in August
 * 2025. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, MessageBody
 * (read 2026-11-25).
 */
export const messageBytesMax = 1_048_576

const defaults: QueueSettings = {
  visibilityTimeoutMs: 30_000,
  retentionMs: 345_600_000,
  delayMs: 0,
  receiveWaitMs: 0,
  messageBytesMax,
  redrive: undefined,
  redriveAllow: undefined,
  fifo: undefined,
}
const fifoDefaults: QueueSettings = {
  ...defaults,
  fifo: { contentBasedDeduplication: false, deduplicationScope: 'queue', throughputLimit: 'perQueue' },
}

const ofFifo = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']
/** What SetQueueAttributes can change, of those that are modelled. */
export const changeable: ReadonlySet<string> = new Set([
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
  ...ofFifo,
])
const known = new Set([...changeable, 'FifoQueue', 'QueueName', 'Tags'])

/** Refuses what is not modelled; intrinsics may be unresolved, so values are not looked at. */
export const refuseUnmodelledQueue = (properties: Properties, where: string): void =>
  refuseOthers(properties, known, where)

/** Whether a template makes a FIFO queue; the settings of one are refused elsewhere, as AWS does. */
export const isFifo = (properties: Properties, where: string): boolean => {
  if (properties['FifoQueue'] !== undefined && flag(properties['FifoQueue'], `${where}.FifoQueue`))
    return true
  for (const name of ofFifo)
    if (properties[name] !== undefined)
      throw new InvalidTemplate(`${where}: Unknown Attribute ${name}: it is for FIFO queues only`)
  return false
}

export const queueSettings = (properties: Properties, where: string): QueueSettings =>
  changedSettings(isFifo(properties, where) ? fifoDefaults : defaults, properties, where)

/** Bounds: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html (read 2026-11-25). */
export const changedSettings = (now: QueueSettings, properties: Properties, where: string): QueueSettings => {
  const whole = (name: string, from: number, to: number, byDefault: number): number =>
    integerOf(properties[name], { from, to, default: byDefault }, `${where}.${name}`)
  const seconds = (name: string, from: number, to: number, byDefaultMs: number): number =>
    1000 * whole(name, from, to, byDefaultMs / 1000)
  const policy = <Policy>(
    name: string,
    read: (value: unknown, where: string) => Policy,
    byDefault: Policy,
  ): Policy => (name in properties ? read(properties[name], `${where}.${name}`) : byDefault)
  return {
    visibilityTimeoutMs: seconds('VisibilityTimeout', 0, 43_200, now.visibilityTimeoutMs),
    retentionMs: seconds('MessageRetentionPeriod', 60, 1_209_600, now.retentionMs),
    delayMs: seconds('DelaySeconds', 0, 900, now.delayMs),
    receiveWaitMs: seconds('ReceiveMessageWaitTimeSeconds', 0, 20, now.receiveWaitMs),
    messageBytesMax: whole('MaximumMessageSize', 1024, messageBytesMax, now.messageBytesMax),
    redrive: policy('RedrivePolicy', redriveOf, now.redrive),
    redriveAllow: policy('RedriveAllowPolicy', redriveAllowOf, now.redriveAllow),
    fifo: now.fifo === undefined ? undefined : fifoSettings(now.fifo, properties, where),
  }
}

const fifoSettings = (now: FifoSettings, properties: Properties, where: string): FifoSettings => {
  const given = properties['ContentBasedDeduplication']
  const deduplicationScope =
    oneOf(properties, 'DeduplicationScope', ['queue', 'messageGroup'], where) ?? now.deduplicationScope
  const throughputLimit =
    oneOf(properties, 'FifoThroughputLimit', ['perQueue', 'perMessageGroupId'], where) ?? now.throughputLimit
  if (throughputLimit === 'perMessageGroupId' && deduplicationScope !== 'messageGroup')
    throw new InvalidTemplate(
      `${where}.FifoThroughputLimit: perMessageGroupId is allowed only with the DeduplicationScope messageGroup`,
    )
  return {
    contentBasedDeduplication:
      given === undefined ? now.contentBasedDeduplication : flag(given, `${where}.ContentBasedDeduplication`),
    deduplicationScope,
    throughputLimit,
  }
}

const oneOf = <Choice extends string>(
  properties: Properties,
  name: string,
  choices: readonly Choice[],
  where: string,
): Choice | undefined => {
  const value = properties[name]
  if (value === undefined) return undefined
  const choice = choices.find((each) => each === value)
  if (choice === undefined)
    throw new InvalidTemplate(`${where}.${name}: expected ${choices.join(' or ')}, got ${describe(value)}`)
  return choice
}

/** CloudFormation and SQS take flags as such and as text. */
const flag = (value: unknown, where: string): boolean => {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new InvalidTemplate(`${where}: expected true or false, got ${describe(value)}`)
}
