import { InvalidTemplate, integerOf, isRecord, type Properties, refuseOthers, textOf } from '../properties.ts'
import { readFilterCriteria } from './filter.ts'

/** What a template says of an event source mapping. */
export interface MappingSettings {
  readonly queueArn: string
  readonly isFifo: boolean
  /** A function's name or ARN. */
  readonly functionName: string
  readonly batchSize: number
  readonly windowMs: number
  readonly reportsFailures: boolean
  readonly concurrencyMax: number | undefined
  /** Patterns as JSON; none when every message is wanted. */
  readonly filters: readonly string[]
  readonly enabled: boolean
}

const mappingProperties: ReadonlySet<string> = new Set([
  'EventSourceArn',
  'FunctionName',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'ScalingConfig',
  'FilterCriteria',
  'Enabled',
  'Tags',
])

export const checkMappingProperties = (properties: Properties, where: string): void =>
  refuseOthers(properties, mappingProperties, where)

const batchSizeMax = { standard: 10_000, fifo: 10 } as const
/** A batch of more than so many messages needs a window. */
const batchSizeMaxWithoutWindow = 10

/**
 * Defaults and bounds as in https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (read 2026-11-22)
 * and https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html (read 2026-11-25).
 */
export const readMapping = (properties: Properties, where: string): MappingSettings => {
  const queueArn = textOf(properties['EventSourceArn'], `${where}: EventSourceArn`)
  if (!queueArn.startsWith('arn:aws:sqs:')) {
    throw new InvalidTemplate(`${where}: expected the ARN of a queue as EventSourceArn, got ${queueArn}`)
  }
  // The name of a FIFO queue ends with this, and that of no other queue may.
  const isFifo = queueArn.endsWith('.fifo')
  const batchSize = integerOf(
    properties['BatchSize'],
    { from: 1, to: batchSizeMax[isFifo ? 'fifo' : 'standard'], default: 10 },
    `${where}: BatchSize`,
  )
  return {
    queueArn,
    isFifo,
    functionName: textOf(properties['FunctionName'], `${where}: FunctionName`),
    batchSize,
    windowMs: 1000 * readWindow(properties['MaximumBatchingWindowInSeconds'], { isFifo, batchSize }, where),
    reportsFailures: readResponseTypes(properties['FunctionResponseTypes'], where),
    concurrencyMax: readScaling(properties['ScalingConfig'], where),
    filters: readFilterCriteria(properties['FilterCriteria'], where),
    enabled: String(properties['Enabled'] ?? true) === 'true',
  }
}

const readWindow = (
  window: unknown,
  { isFifo, batchSize }: Pick<MappingSettings, 'isFifo' | 'batchSize'>,
  where: string,
): number => {
  const seconds = integerOf(
    window,
    { from: 0, to: 300, default: 0 },
    `${where}: MaximumBatchingWindowInSeconds`,
  )
  if (isFifo && seconds > 0) {
    throw new InvalidTemplate(`${where}: Batching window is not supported for FIFO queues`)
  }
  if (seconds === 0 && batchSize > batchSizeMaxWithoutWindow) {
    throw new InvalidTemplate(
      `${where}: Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${batchSizeMaxWithoutWindow}`,
    )
  }
  return seconds
}

const readResponseTypes = (types: unknown, where: string): boolean => {
  if (types === undefined || (Array.isArray(types) && types.length === 0)) return false
  const [type, ...others] = Array.isArray(types) ? types : [types]
  if (type !== 'ReportBatchItemFailures' || others.length > 0) {
    throw new InvalidTemplate(
      `${where}: expected the FunctionResponseTypes ["ReportBatchItemFailures"], got ${JSON.stringify(types)}`,
    )
  }
  return true
}

/** An empty configuration is none. */
const readScaling = (scaling: unknown, where: string): number | undefined => {
  if (scaling === undefined) return undefined
  if (!isRecord(scaling)) throw new InvalidTemplate(`${where}: expected an object as ScalingConfig`)
  refuseOthers(scaling, new Set(['MaximumConcurrency']), `${where}: ScalingConfig`)
  if (scaling['MaximumConcurrency'] === undefined) return undefined
  return integerOf(
    scaling['MaximumConcurrency'],
    { from: 2, to: 1000, default: 1000 },
    `${where}: MaximumConcurrency`,
  )
}
