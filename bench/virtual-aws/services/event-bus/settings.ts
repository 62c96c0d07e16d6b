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
import { inputOf } from './input/input.ts'
import type { RuleNames } from './input/template.ts'
import { compilePattern } from './pattern/pattern.ts'
import { type Rule, serviceFor, type Target } from './rule.ts'
import { deadLetterArnOf, requestOf } from './target-request.ts'

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
const ofTarget = new Set([
  'Arn',
  'Id',
  'DeadLetterConfig',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
  'SqsParameters',
])
const ofRetry = new Set(['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'])
/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const targetsMax = 5
const patternCharsMax = 2048

/** Refuses what is not modelled; intrinsics may be unresolved, so values are not looked at. */
export const refuseUnmodelledEvents = (type: string, properties: Properties, where: string): void => {
  refuseOthers(properties, known[type] ?? new Set(), where)
  const targets = properties['Targets']
  if (!Array.isArray(targets)) return
  for (const target of targets) if (isRecord(target)) refuseOthers(target, ofTarget, `${where}.Targets`)
}

export const ruleOf = (
  names: Pick<Rule, 'logicalId' | 'arn'>,
  properties: Properties,
  where: string,
): { readonly rule: Rule; readonly isEnabled: boolean } => {
  const state = properties['State'] ?? 'ENABLED'
  if (state !== 'ENABLED' && state !== 'DISABLED')
    throw new NotModelled(`${where}: State ${describe(state)} is not modelled`)
  const source = properties['EventPattern']
  if (source === undefined) throw new InvalidTemplate(`${where}: expected an EventPattern`)
  const chars = typeof source === 'string' ? source.length : JSON.stringify(source).length
  if (chars > patternCharsMax)
    throw new InvalidTemplate(
      `${where}: an EventPattern of at most ${patternCharsMax} characters, got ${chars}`,
    )
  const pattern = compilePattern(source)
  const targets = Array.isArray(properties['Targets']) ? properties['Targets'] : []
  if (targets.length > targetsMax)
    throw new InvalidTemplate(`${where}: at most ${targetsMax} targets, got ${targets.length}`)
  const name = names.arn.slice(names.arn.lastIndexOf('/') + 1)
  const read = targets.map((target: unknown, index) =>
    targetOf(target, { arn: names.arn, name }, `${where}.Targets[${index}]`),
  )
  return { rule: { ...names, pattern, targets: read }, isEnabled: state === 'ENABLED' }
}

/** Defaults: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const targetOf = (value: unknown, rule: RuleNames, where: string): Target => {
  const target = recordOf(value, where)
  const arn = textOf(target['Arn'], `${where}.Arn`)
  const deadLetter = recordOf(target['DeadLetterConfig'], `${where}.DeadLetterConfig`)['Arn']
  const retry = recordOf(target['RetryPolicy'], `${where}.RetryPolicy`)
  refuseOthers(retry, ofRetry, `${where}.RetryPolicy`)
  return {
    id: textOf(target['Id'], `${where}.Id`),
    arn,
    request: requestOf(target, arn, where),
    input: inputOf(target, rule, where),
    deadLetterArn:
      deadLetter === undefined ? undefined : deadLetterArnOf(deadLetter, `${where}.DeadLetterConfig.Arn`),
    principal:
      target['RoleArn'] === undefined
        ? serviceFor(rule.arn)
        : { kind: 'role', arn: textOf(target['RoleArn'], `${where}.RoleArn`) },
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
