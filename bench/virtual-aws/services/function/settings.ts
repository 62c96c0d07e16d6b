import {
  InvalidTemplate,
  integerOf,
  isRecord,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import type { LogFormat } from './log-lines.ts'

/** What a template says of a function. */
export interface FunctionSettings {
  readonly handler: string
  readonly roleArn: string
  readonly memoryMiB: number
  readonly timeoutMs: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly reservedConcurrency: number | undefined
  readonly logFormat: LogFormat
}

/** Read here. */
const modelled = [
  'Handler',
  'Role',
  'MemorySize',
  'Timeout',
  'Environment',
  'ReservedConcurrentExecutions',
  'LoggingConfig',
]
/** Without effect on a run: the code is handed to `deploy`, runtime and architecture are priced, not simulated. */
const inert = ['Code', 'FunctionName', 'Runtime', 'Architectures', 'Description', 'Tags', 'PackageType']
const functionProperties: ReadonlySet<string> = new Set([...modelled, ...inert])

export const checkFunctionProperties = (properties: Properties, where: string): void =>
  refuseOthers(properties, functionProperties, where)

/** Defaults and bounds as in https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html (read 2026-11-22). */
export const readFunction = (properties: Properties, where: string): FunctionSettings => ({
  handler: textOf(properties['Handler'], `${where}: Handler`),
  roleArn: textOf(properties['Role'], `${where}: Role`),
  memoryMiB: integerOf(
    properties['MemorySize'],
    { from: 128, to: 10_240, default: 128 },
    `${where}: MemorySize`,
  ),
  timeoutMs: 1000 * integerOf(properties['Timeout'], { from: 1, to: 900, default: 3 }, `${where}: Timeout`),
  env: readVariables(properties['Environment'], where),
  logFormat: readLogFormat(properties['LoggingConfig'], where),
  reservedConcurrency:
    properties['ReservedConcurrentExecutions'] === undefined
      ? undefined
      : integerOf(
          properties['ReservedConcurrentExecutions'],
          { from: 0, to: 1000, default: 0 },
          `${where}: ReservedConcurrentExecutions`,
        ),
})

/** The log group itself has no effect on a run; what is written to it is metered. */
const readLogFormat = (logging: unknown, where: string): LogFormat => {
  const config = recordOf(logging, `${where}: LoggingConfig`)
  refuseOthers(config, new Set(['LogFormat', 'LogGroup']), `${where}: LoggingConfig`)
  const format = config['LogFormat'] ?? 'Text'
  if (format === 'Text' || format === 'JSON') return format
  throw new InvalidTemplate(`${where}: expected the LogFormat Text or JSON, got ${JSON.stringify(format)}`)
}

const readVariables = (environment: unknown, where: string): Readonly<Record<string, string>> => {
  if (environment === undefined) return {}
  const variables = isRecord(environment) ? (environment['Variables'] ?? {}) : undefined
  if (!isRecord(variables)) throw new InvalidTemplate(`${where}: expected Environment.Variables`)
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]))
}

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
