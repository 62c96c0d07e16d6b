import {
  describe,
  InvalidTemplate,
  isRecord,
  NotModelled,
  type Properties,
  refuseOthers,
  textOf,
} from '../properties.ts'

const ofBoth = [
  'AttributeDefinitions',
  'BillingMode',
  'KeySchema',
  'SSESpecification',
  'TableName',
  // Taken as given: neither changes what a request sees or costs.
  'TableClass',
]
const known: Readonly<Record<string, ReadonlySet<string>>> = {
  'AWS::DynamoDB::Table': new Set([
    ...ofBoth,
    'DeletionProtectionEnabled',
    'PointInTimeRecoverySpecification',
    'Tags',
  ]),
  'AWS::DynamoDB::GlobalTable': new Set([...ofBoth, 'Replicas']),
}
const ofReplica = new Set([
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'Region',
  'SSESpecification',
  'TableClass',
  'Tags',
])

export const refuseUnmodelledTable = (type: string, properties: Properties, where: string): void => {
  refuseOthers(properties, known[type] ?? new Set(), where)
  const replicas = properties['Replicas']
  if (!Array.isArray(replicas)) return
  if (replicas.length !== 1) throw new NotModelled(`${where}: more than one replica is not modelled`)
  for (const replica of replicas) if (isRecord(replica)) refuseOthers(replica, ofReplica, `${where}.Replicas`)
}

/** The name of the partition key, of type S. Sort keys and provisioned capacity are refused by name. */
export const keyNameOf = (properties: Properties, where: string): string => {
  if (properties['BillingMode'] !== 'PAY_PER_REQUEST')
    throw new NotModelled(`${where}: BillingMode ${describe(properties['BillingMode'])} is not modelled`)
  const schema = properties['KeySchema']
  if (!Array.isArray(schema) || schema.length === 0)
    throw new InvalidTemplate(`${where}.KeySchema: expected a partition key`)
  if (schema.length > 1) throw new NotModelled(`${where}: a sort key is not modelled`)
  const name = textOf(schema[0]?.AttributeName, `${where}.KeySchema`)
  const definitions = properties['AttributeDefinitions']
  const definition = Array.isArray(definitions)
    ? definitions.find(({ AttributeName }) => AttributeName === name)
    : undefined
  if (definition?.AttributeType !== 'S')
    throw new NotModelled(`${where}: a partition key of another type than S is not modelled`)
  return name
}
