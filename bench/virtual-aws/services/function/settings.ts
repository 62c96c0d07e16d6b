import {
  InvalidTemplate,
  integerOf,
  isRecord,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import { readDeadLetter } from './invoke-settings.ts'
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
  /** ARN of the queue that gets events of asynchronous invocations that were given up. */
  readonly deadLetterArn: string | undefined
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
  'DeadLetterConfig',
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
  deadLetterArn: readDeadLetter(properties['DeadLetterConfig'], where),
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
