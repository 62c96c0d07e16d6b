import { InvalidTemplate, integerOf, isRecord, type Properties, refuseOthers, textOf } from '../properties.ts'

/** What a template says of an event source mapping. */
export interface MappingSettings {
  readonly queueArn: string
  /** A function's name or ARN. */
  readonly functionName: string
  readonly batchSize: number
  readonly reportsFailures: boolean
  readonly concurrencyMax: number | undefined
  readonly enabled: boolean
}

const mappingProperties: ReadonlySet<string> = new Set([
  'EventSourceArn',
  'FunctionName',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'ScalingConfig',
  'Enabled',
  'Tags',
])

export const checkMappingProperties = (properties: Properties, where: string): void =>
  refuseOthers(properties, mappingProperties, where)

/** Defaults and bounds as in https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (read 2026-11-22). */
export const readMapping = (properties: Properties, where: string): MappingSettings => {
  integerOf(
    properties['MaximumBatchingWindowInSeconds'],
    { from: 0, to: 0, default: 0 },
    `${where}: MaximumBatchingWindowInSeconds (a window is not modelled)`,
  )
  const queueArn = textOf(properties['EventSourceArn'], `${where}: EventSourceArn`)
  if (!queueArn.startsWith('arn:aws:sqs:')) {
    throw new InvalidTemplate(`${where}: expected the ARN of a queue as EventSourceArn, got ${queueArn}`)
  }
  return {
    queueArn,
    functionName: textOf(properties['FunctionName'], `${where}: FunctionName`),
    batchSize: integerOf(properties['BatchSize'], { from: 1, to: 10, default: 10 }, `${where}: BatchSize`),
    reportsFailures: readResponseTypes(properties['FunctionResponseTypes'], where),
    concurrencyMax: readScaling(properties['ScalingConfig'], where),
    enabled: String(properties['Enabled'] ?? true) === 'true',
  }
}

const readResponseTypes = (types: unknown, where: string): boolean => {
  if (types === undefined) return false
  const [type, ...others] = Array.isArray(types) ? types : [types]
  if (type !== 'ReportBatchItemFailures' || others.length > 0) {
    throw new InvalidTemplate(
      `${where}: expected the FunctionResponseTypes ["ReportBatchItemFailures"], got ${JSON.stringify(types)}`,
    )
  }
  return true
}

const readScaling = (scaling: unknown, where: string): number | undefined => {
  if (scaling === undefined) return undefined
  if (!isRecord(scaling)) throw new InvalidTemplate(`${where}: expected an object as ScalingConfig`)
  refuseOthers(scaling, new Set(['MaximumConcurrency']), `${where}: ScalingConfig`)
  return integerOf(
    scaling['MaximumConcurrency'],
    { from: 2, to: 1000, default: 1000 },
    `${where}: MaximumConcurrency`,
  )
}
