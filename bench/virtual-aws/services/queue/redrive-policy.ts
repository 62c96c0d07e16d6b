import {
  describe,
  InvalidTemplate,
  integerOf,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'

/** Where a queue sends what has been received too often. */
export interface Redrive {
  readonly deadLetterArn: string
  readonly receivesMax: number
}

/** Which queues may name this one as their dead-letter queue. */
export interface RedriveAllow {
  readonly permission: 'allowAll' | 'denyAll' | 'byQueue'
  readonly sourceArns: readonly string[]
}

/** Bounds: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html (read 2026-11-25). */
const sourcesMax = 10

const redriveKeys = new Set(['deadLetterTargetArn', 'maxReceiveCount'])
const allowKeys = new Set(['redrivePermission', 'sourceQueueArns'])

/** From an object or its JSON; an empty text takes the policy away. */
export const redriveOf = (value: unknown, where: string): Redrive | undefined => {
  if (value === undefined || value === '') return undefined
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

export const redriveAllowOf = (value: unknown, where: string): RedriveAllow | undefined => {
  if (value === undefined || value === '') return undefined
  const policy = typeof value === 'string' ? parsed(value, where) : recordOf(value, where)
  refuseOthers(policy, allowKeys, where)
  const permission = policy['redrivePermission'] ?? 'allowAll'
  if (permission !== 'allowAll' && permission !== 'denyAll' && permission !== 'byQueue')
    throw new InvalidTemplate(
      `${where}.redrivePermission: expected allowAll, denyAll or byQueue, got ${describe(permission)}`,
    )
  const sources = policy['sourceQueueArns']
  if ((permission === 'byQueue') !== (sources !== undefined))
    throw new InvalidTemplate(`${where}.sourceQueueArns: expected with byQueue, and only with it`)
  if (sources === undefined) return { permission, sourceArns: [] }
  if (!Array.isArray(sources) || sources.length === 0 || sources.length > sourcesMax)
    throw new InvalidTemplate(`${where}.sourceQueueArns: expected 1 to ${sourcesMax} ARNs`)
  return {
    permission,
    sourceArns: sources.map((arn: unknown, index) => textOf(arn, `${where}.sourceQueueArns[${index}]`)),
  }
}

export const allows = (policy: RedriveAllow | undefined, sourceArn: string): boolean =>
  policy === undefined ||
  policy.permission === 'allowAll' ||
  (policy.permission === 'byQueue' && policy.sourceArns.includes(sourceArn))

const parsed = (text: string, where: string): Properties => {
  try {
    return recordOf(JSON.parse(text), where)
  } catch (cause) {
    throw new InvalidTemplate(`${where}: expected JSON, got ${describe(text)}`, { cause })
  }
}
