import type { Template } from '../virtual-aws/deploy.ts'
import {
  describe,
  InvalidTemplate,
  integerOf,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../virtual-aws/services/properties.ts'
import { metricOf, resourceOf } from './dimensions.ts'

/** What an alarm asks of people, as its description says at its beginning. */
export type Severity = 'page' | 'ticket'

/** An alarm of a template. */
export interface AlarmDefinition {
  readonly id: string
  readonly severity: Severity
  /** Its description without the severity. */
  readonly says: string
  /** The metric, of one resource; see `seriesName`. */
  readonly series: string
  readonly statistic: Statistic
  readonly periodMinutes: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm: number
  readonly threshold: number
  readonly comparison: Comparison
  readonly missingData: MissingData
}

const statistics = ['Sum', 'Maximum', 'Minimum', 'Average', 'SampleCount'] as const
export type Statistic = (typeof statistics)[number]

const comparisons = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const
type Comparison = keyof typeof comparisons

const missingDataForms = ['missing', 'ignore', 'breaching', 'notBreaching'] as const
export type MissingData = (typeof missingDataForms)[number]

export const isBreaching = (
  { comparison, threshold }: Pick<AlarmDefinition, 'comparison' | 'threshold'>,
  value: number,
): boolean => comparisons[comparison](value, threshold)

const alarmType = 'AWS::CloudWatch::Alarm'

/**
 * The alarms of a template, in its order. One that is not on the static threshold of one metric that is folded here is
 * refused by name. Source:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html (read 2026-11-26).
 */
export const alarmDefinitions = (template: Template): readonly AlarmDefinition[] =>
  Object.entries(template.Resources).flatMap(([id, resource]) => {
    if (resource.Type === 'AWS::CloudWatch::CompositeAlarm')
      throw new NotModelled(`${resource.Type} "${id}" is not modelled`)
    if (resource.Type !== alarmType) return []
    const where = `${alarmType} "${id}"`
    if ('Condition' in resource) throw new NotModelled(`${where}: Condition is not modelled`)
    return [definitionOf(template, id, recordOf(resource.Properties, where), where)]
  })

const definitionOf = (
  template: Template,
  id: string,
  properties: Properties,
  where: string,
): AlarmDefinition => {
  refuseOthers(properties, known, where)
  const namespace = textOf(properties['Namespace'], `${where}.Namespace`)
  const metric = metricOf(namespace, textOf(properties['MetricName'], `${where}.MetricName`), where)
  const resource = resourceOf(template, namespace, properties['Dimensions'], where)
  const evaluationPeriods = countOf(properties, 'EvaluationPeriods', undefined, where)
  const datapointsToAlarm = countOf(properties, 'DatapointsToAlarm', evaluationPeriods, where)
  if (datapointsToAlarm > evaluationPeriods)
    throw new InvalidTemplate(
      `${where}.DatapointsToAlarm: expected at most the ${evaluationPeriods} of EvaluationPeriods, got ${datapointsToAlarm}`,
    )
  return {
    id,
    ...spokenOf(properties['AlarmDescription'], where),
    series: seriesName(namespace, metric, resource),
    statistic: oneOf(statistics, properties['Statistic'], `${where}.Statistic`),
    periodMinutes: periodOf(properties['Period'], `${where}.Period`),
    evaluationPeriods,
    datapointsToAlarm,
    threshold: numberOf(properties['Threshold'], `${where}.Threshold`),
    comparison: oneOf(
      Object.keys(comparisons) as Comparison[],
      properties['ComparisonOperator'],
      `${where}.ComparisonOperator`,
    ),
    missingData: oneOf(
      missingDataForms,
      properties['TreatMissingData'] ?? 'missing',
      `${where}.TreatMissingData`,
    ),
  }
}

/** A metric of one resource, by its logical id. */
export const seriesName = (namespace: string, metric: string, logicalId: string): string =>
  `${namespace} ${metric} ${logicalId}`

const known: ReadonlySet<string> = new Set([
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluationPeriods',
  'MetricName',
  'Namespace',
  'Period',
  'Statistic',
  'Threshold',
  'TreatMissingData',
  // A name, and whom to call, change nothing of when it rings.
  'AlarmName',
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'Tags',
])

const spoken = /^\[(page|ticket)\] (.+)$/

const spokenOf = (
  description: unknown,
  where: string,
): { readonly severity: Severity; readonly says: string } => {
  const [, severity, says] = spoken.exec(String(description)) ?? []
  if ((severity !== 'page' && severity !== 'ticket') || says === undefined)
    throw new NotModelled(
      `${where}.AlarmDescription: expected [page] or [ticket] and what it says, got ${describe(description)}`,
    )
  return { severity, says }
}

const periodMinutesMax = 60

/** Periods below a minute are for metrics of high resolution, of which AWS's own services have none. */
const periodOf = (value: unknown, where: string): number => {
  const seconds = integerOf(value, { from: 1, to: 604_800, default: 0 }, where)
  const minutes = seconds / 60
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > periodMinutesMax)
    throw new NotModelled(`${where}: ${seconds} s is not modelled (modelled: whole minutes up to an hour)`)
  return minutes
}

const countOf = (
  properties: Properties,
  name: 'EvaluationPeriods' | 'DatapointsToAlarm',
  otherwise: number | undefined,
  where: string,
): number => {
  const count = integerOf(
    properties[name],
    { from: 1, to: 1440, default: otherwise ?? 0 },
    `${where}.${name}`,
  )
  if (count === 0) throw new InvalidTemplate(`${where}: ${name} is missing`)
  return count
}

const numberOf = (value: unknown, where: string): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new InvalidTemplate(`${where}: expected a number, got ${describe(value)}`)
}

const oneOf = <Word extends string>(words: readonly Word[], value: unknown, where: string): Word => {
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw new NotModelled(`${where}: ${describe(value)} is not modelled (modelled: ${words.join(', ')})`)
}
