import {
  describe,
  InvalidTemplate,
  integerOf,
  isRecord,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import { compilePattern } from './pattern/pattern.ts'
import type { Rule, Target } from './rule.ts'

const known: Readonly<Record<string, ReadonlySet<string>>> = {
  'AWS::Events::EventBus': new Set(['Name', 'Description', 'Tags']),
  'AWS::Events::Rule': new Set([
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'State',
    'Targets',
    'Tags',
  ]),
  'AWS::Events::Archive': new Set([
    'ArchiveName',
    'Description',
    'EventPattern',
    'RetentionDays',
    'SourceArn',
  ]),
}
const ofTarget = new Set(['Arn', 'Id', 'DeadLetterConfig', 'RetryPolicy', 'RoleArn'])
const ofRetry = new Set(['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'])
/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const targetsMax = 5

/** Refuses what is not modelled; intrinsics may be unresolved, so values are not looked at. */
export const refuseUnmodelledEvents = (type: string, properties: Properties, where: string): void => {
  refuseOthers(properties, known[type] ?? new Set(), where)
  const targets = properties['Targets']
  if (!Array.isArray(targets)) return
  for (const target of targets) if (isRecord(target)) refuseOthers(target, ofTarget, `${where}.Targets`)
}

/** Undefined when the rule is disabled. */
export const ruleOf = (
  names: Pick<Rule, 'logicalId' | 'arn'>,
  properties: Properties,
  where: string,
): Rule | undefined => {
  const state = properties['State'] ?? 'ENABLED'
  if (state !== 'ENABLED' && state !== 'DISABLED')
    throw new NotModelled(`${where}: State ${describe(state)} is not modelled`)
  const source = properties['EventPattern']
  if (source === undefined) throw new InvalidTemplate(`${where}: expected an EventPattern`)
  const pattern = compilePattern(source)
  const targets = Array.isArray(properties['Targets']) ? properties['Targets'] : []
  if (targets.length > targetsMax)
    throw new InvalidTemplate(`${where}: at most ${targetsMax} targets, got ${targets.length}`)
  const read = targets.map((target: unknown, index) => targetOf(target, `${where}.Targets[${index}]`))
  return state === 'ENABLED' ? { ...names, pattern, targets: read } : undefined
}

/** Defaults: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const targetOf = (value: unknown, where: string): Target => {
  const target = recordOf(value, where)
  const arn = textOf(target['Arn'], `${where}.Arn`)
  if (!arn.startsWith('arn:aws:sqs:'))
    throw new NotModelled(`${where}: targets other than queues are not modelled: ${arn}`)
  const deadLetter = recordOf(target['DeadLetterConfig'], `${where}.DeadLetterConfig`)['Arn']
  const retry = recordOf(target['RetryPolicy'], `${where}.RetryPolicy`)
  refuseOthers(retry, ofRetry, `${where}.RetryPolicy`)
  return {
    id: textOf(target['Id'], `${where}.Id`),
    arn,
    deadLetterArn: deadLetter === undefined ? undefined : textOf(deadLetter, `${where}.DeadLetterConfig.Arn`),
    roleArn: target['RoleArn'] === undefined ? undefined : textOf(target['RoleArn'], `${where}.RoleArn`),
    retriesMax: integerOf(
      retry['MaximumRetryAttempts'],
      { from: 0, to: 185, default: 185 },
      `${where}.RetryPolicy.MaximumRetryAttempts`,
    ),
    ageMsMax:
      1000 *
      integerOf(
        retry['MaximumEventAgeInSeconds'],
        { from: 60, to: 86_400, default: 86_400 },
        `${where}.RetryPolicy.MaximumEventAgeInSeconds`,
      ),
  }
}
