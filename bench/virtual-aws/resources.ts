import type { Permissions } from './permissions.ts'
import {
  isRecord,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from './services/properties.ts'
import type { PhysicalResource } from './world.ts'

/** Where a stack stands: what physical names are made of. */
export interface Place {
  readonly region: string
  readonly accountId: string
  readonly stackName: string
}

/** Resource types that change nothing in a run, each with the reason. They have names, so that others may refer to them. */
export const inertTypes: Readonly<
  Record<string, { readonly reason: string; readonly arn: (place: Place, name: string) => string }>
> = {
  'AWS::CDK::Metadata': {
    reason: 'describes the toolkit',
    arn: (place, name) => `arn:aws:cloudformation:${place.region}:${place.accountId}:metadata/${name}`,
  },
  'AWS::CloudWatch::Alarm': {
    reason: 'watches, and nothing in a run asks it',
    arn: (place, name) => `arn:aws:cloudwatch:${place.region}:${place.accountId}:alarm:${name}`,
  },
  'AWS::CloudWatch::Dashboard': {
    reason: 'shows, and nobody in a run looks',
    arn: (place, name) => `arn:aws:cloudwatch::${place.accountId}:dashboard/${name}`,
  },
  'AWS::Logs::LogGroup': {
    reason: 'what is written to it is metered, not kept',
    arn: (place, name) => `arn:aws:logs:${place.region}:${place.accountId}:log-group:${name}:*`,
  },
  'AWS::Logs::ResourcePolicy': {
    reason: 'writing logs asks for no permission here',
    arn: (place, name) => `arn:aws:logs:${place.region}:${place.accountId}:policy:${name}`,
  },
}

export const createInert = (
  type: string,
  logicalId: string,
  properties: unknown,
  place: Place,
): PhysicalResource => {
  const { LogGroupName } = recordOf(properties, `${type} "${logicalId}"`)
  const name = typeof LogGroupName === 'string' ? LogGroupName : `${place.stackName}-${logicalId}`
  return { ref: name, attributes: { Arn: inertTypes[type]?.arn(place, name) ?? name } }
}

const roleType = 'AWS::IAM::Role'
const policyType = 'AWS::IAM::Policy'

/** Resource types that the permissions handle. */
export const identityTypes: readonly string[] = [roleType, policyType]

const known: Readonly<Record<string, ReadonlySet<string>>> = {
  [roleType]: new Set([
    'AssumeRolePolicyDocument',
    'Policies',
    'ManagedPolicyArns',
    'RoleName',
    'Description',
    'Path',
    'MaxSessionDuration',
    'Tags',
  ]),
  [policyType]: new Set(['PolicyName', 'PolicyDocument', 'Roles']),
}

export const createIdentity = (
  type: string,
  logicalId: string,
  properties: unknown,
  place: Place,
): PhysicalResource => {
  const where = `${type} "${logicalId}"`
  const given = recordOf(properties, where)
  refuseOthers(given, known[type] ?? new Set(), where)
  if (type === policyType) return { ref: logicalId, attributes: {} }
  const name =
    given['RoleName'] === undefined
      ? `${place.stackName}-${logicalId}`
      : textOf(given['RoleName'], `${where}: RoleName`)
  return { ref: name, attributes: { Arn: roleArn(name, place), RoleId: name } }
}

export const wireIdentity = (
  type: string,
  logicalId: string,
  properties: Properties,
  identity: { readonly name: string; readonly place: Place; readonly permissions: Permissions },
): void => {
  const where = `${type} "${logicalId}"`
  const { permissions, place } = identity
  if (type === policyType) {
    for (const role of listOf(properties['Roles'])) {
      permissions.attachToRole(roleArn(String(role), place), properties['PolicyDocument'], where)
    }
    return
  }
  const arn = roleArn(identity.name, place)
  for (const policy of listOf(properties['Policies'])) {
    if (isRecord(policy)) permissions.attachToRole(arn, policy['PolicyDocument'], where)
  }
  for (const managed of listOf(properties['ManagedPolicyArns'])) {
    const document = managedPolicies[String(managed)]
    if (document === undefined) {
      throw new NotModelled(
        `${where}: managed policy ${String(managed)} is not modelled (modelled: ${Object.keys(managedPolicies).join(', ')})`,
      )
    }
    permissions.attachToRole(arn, document, where)
  }
}

const roleArn = (name: string, place: Place): string => `arn:aws:iam::${place.accountId}:role/${name}`

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const allow = (...actions: string[]) => ({ Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })

/** As https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ lists them (read 2026-11-22). */
const managedPolicies: Readonly<Record<string, unknown>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': allow(
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole': allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
}
