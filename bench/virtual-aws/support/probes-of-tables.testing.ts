import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { command, type Probe, type Probes, property } from './probe.testing.ts'

const Key = { pk: 'a' }

const read = (more: object): Probe =>
  command('dynamo', ({ TableName }) => new GetCommand({ TableName, Key, ...more }))

const put = (more: object): Probe =>
  command('dynamo', ({ TableName }) => new PutCommand({ TableName, Item: Key, ...more }))

const condition = (ConditionExpression: string): Probe =>
  put({
    ConditionExpression,
    ExpressionAttributeValues: ConditionExpression.includes(':v') ? { ':v': 1 } : undefined,
  })

const update = (UpdateExpression: string, more: object = {}): Probe =>
  command(
    'dynamo',
    ({ TableName }) =>
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression,
        ExpressionAttributeValues: UpdateExpression.includes(':v') ? { ':v': 1 } : undefined,
        ...more,
      }),
  )

const schema = (...keys: readonly string[]) => ({
  KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
})

export const tableProbes: Probes = {
  PROVISIONED: property('JobTable', { BillingMode: 'PROVISIONED' }),
  GlobalSecondaryIndexes: property('JobTable', { GlobalSecondaryIndexes: [] }),
  LocalSecondaryIndexes: property('JobTable', { LocalSecondaryIndexes: [] }),
  StreamSpecification: property('JobTable', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }),
  TimeToLiveSpecification: property('JobTable', { TimeToLiveSpecification: { AttributeName: 'ttl' } }),
  OnDemandThroughput: property('JobTable', { OnDemandThroughput: { MaxWriteRequestUnits: 10 } }),
  WarmThroughput: property('JobTable', { WarmThroughput: { WriteUnitsPerSecond: 10_000 } }),
  'sort key': property('JobTable', schema('pk', 'sk')),
  Query: command('dynamo', ({ TableName }) => new QueryCommand({ TableName })),
  Scan: command('dynamo', ({ TableName }) => new ScanCommand({ TableName })),
  BatchGet: command(
    'dynamo',
    ({ TableName }) => new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }),
  ),
  BatchWrite: command('dynamo', () => new BatchWriteCommand({ RequestItems: {} })),
  TransactGet: command('dynamo', () => new TransactGetCommand({ TransactItems: [] })),
  ProjectionExpression: read({ ProjectionExpression: 'pk' }),
  AttributesToGet: read({ AttributesToGet: ['pk'] }),
  Expected: put({ Expected: { pk: { Exists: false } } }),
  AttributeUpdates: update('REMOVE a', { AttributeUpdates: {} }),
  ReturnConsumedCapacity: put({ ReturnConsumedCapacity: 'TOTAL' }),
  ReturnItemCollectionMetrics: put({ ReturnItemCollectionMetrics: 'SIZE' }),
  UPDATED_NEW: update('SET a = :v', { ReturnValues: 'UPDATED_NEW' }),
  ReturnValuesOnConditionCheckFailure: put({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  Set: put({ Item: { ...Key, tags: new Set(['a']) } }),
  Uint8Array: put({ Item: { ...Key, bytes: new Uint8Array(1) } }),
  '[0]': condition('a[0] = :v'),
  attribute_type: condition('attribute_type(a, :v)'),
  size: condition('size(a) > :v'),
  contains: condition('contains(a, :v)'),
  begins_with: condition('begins_with(a, :v)'),
  BETWEEN: condition('a BETWEEN :v AND :v'),
  IN: condition('a IN (:v)'),
  list_append: update('SET a = list_append(a, :v)'),
  DELETE: update('DELETE a :v'),
}
