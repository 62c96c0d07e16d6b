import {
  InvalidTemplate,
  integerOf,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'

/** How a function is invoked asynchronously. */
export interface AsynchronousSettings {
  readonly retriesMax: number
  readonly ageMsMax: number
  /** ARNs of what is told how it ended. */
  readonly onSuccess: string | undefined
  readonly onFailure: string | undefined
  /** ARN of the queue that gets discarded events. */
  readonly deadLetterArn: string | undefined
}

/** What a template says in an `AWS::Lambda::EventInvokeConfig`. */
export interface InvokeConfig extends Omit<AsynchronousSettings, 'deadLetterArn'> {
  readonly functionName: string
}

const configProperties: ReadonlySet<string> = new Set([
  'FunctionName',
  'Qualifier',
  'MaximumEventAgeInSeconds',
  'MaximumRetryAttempts',
  'DestinationConfig',
])

export const checkInvokeConfigProperties = (properties: Properties, where: string): void =>
  refuseOthers(properties, configProperties, where)

/** Defaults and bounds as in https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html (read 2026-11-25); at least a minute, as the CDK's EventInvokeConfig says. */
const retries = { from: 0, to: 2, default: 2 } as const
const ageSeconds = { from: 60, to: 21_600, default: 21_600 } as const

/** What holds for a function without such a resource. */
export const asynchronousDefaults = {
  retriesMax: retries.default,
  ageMsMax: 1000 * ageSeconds.default,
  onSuccess: undefined,
  onFailure: undefined,
} as const

export const readInvokeConfig = (properties: Properties, where: string): InvokeConfig => {
  const qualifier = textOf(properties['Qualifier'], `${where}: Qualifier`)
  if (qualifier !== '$LATEST') {
    throw new NotModelled(`${where}: Qualifier ${qualifier} is not modelled (modelled: $LATEST)`)
  }
  const destinations = recordOf(properties['DestinationConfig'], `${where}: DestinationConfig`)
  refuseOthers(destinations, new Set(['OnSuccess', 'OnFailure']), `${where}: DestinationConfig`)
  return {
    functionName: textOf(properties['FunctionName'], `${where}: FunctionName`),
    retriesMax: integerOf(properties['MaximumRetryAttempts'], retries, `${where}: MaximumRetryAttempts`),
    ageMsMax:
      1000 *
      integerOf(properties['MaximumEventAgeInSeconds'], ageSeconds, `${where}: MaximumEventAgeInSeconds`),
    onSuccess: readDestination(destinations['OnSuccess'], `${where}: OnSuccess`),
    onFailure: readDestination(destinations['OnFailure'], `${where}: OnFailure`),
  }
}

const destinationServices = ['sqs', 'events', 'lambda']

const readDestination = (destination: unknown, where: string): string | undefined => {
  const given = recordOf(destination, where)
  refuseOthers(given, new Set(['Destination']), where)
  if (given['Destination'] === undefined) return undefined
  const arn = textOf(given['Destination'], `${where}: Destination`)
  const [prefix, , service = ''] = arn.split(':')
  if (prefix !== 'arn') throw new InvalidTemplate(`${where}: expected an ARN as Destination, got ${arn}`)
  if (destinationServices.includes(service)) return arn
  throw new NotModelled(
    `${where}: the destination ${arn} is not modelled (modelled: ${destinationServices.join(', ')})`,
  )
}

/** The queue of a `DeadLetterConfig`; a topic is not modelled. */
export const readDeadLetter = (config: unknown, where: string): string | undefined => {
  const given = recordOf(config, `${where}: DeadLetterConfig`)
  refuseOthers(given, new Set(['TargetArn']), `${where}: DeadLetterConfig`)
  if (given['TargetArn'] === undefined) return undefined
  const arn = textOf(given['TargetArn'], `${where}: TargetArn`)
  if (arn.startsWith('arn:aws:sqs:')) return arn
  throw new NotModelled(`${where}: DeadLetterConfig: ${arn} is not modelled (modelled: queues)`)
}
