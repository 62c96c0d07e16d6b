/** What the requests of DynamoDB's four actions have in common, and those of its writes. */
const ofAll = ['TableName', 'ReturnConsumedCapacity', 'ExpressionAttributeNames']
const ofWrites = [
  ...ofAll,
  'ConditionExpression',
  'ConditionalOperator',
  'Expected',
  'ExpressionAttributeValues',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
]

/** By action, the members of its request as the SDK has them: Step Functions supports no others, and not all of these. */
const members: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    'dynamodb:deleteItem': [...ofWrites, 'Key'],
    'dynamodb:getItem': [...ofAll, 'AttributesToGet', 'ConsistentRead', 'Key', 'ProjectionExpression'],
    'dynamodb:putItem': [...ofWrites, 'Item'],
    'dynamodb:updateItem': [...ofWrites, 'AttributeUpdates', 'Key', 'UpdateExpression'],
    'events:putEvents': ['EndpointId', 'Entries'],
    'lambda:invoke': [
      'ClientContext',
      'DurableExecutionName',
      'FunctionName',
      'InvocationType',
      'LogType',
      'Payload',
      'Qualifier',
      'TenantId',
    ],
    'sqs:sendMessage': [
      'DelaySeconds',
      'MessageAttributes',
      'MessageBody',
      'MessageDeduplicationId',
      'MessageGroupId',
      'MessageSystemAttributes',
      'QueueUrl',
    ],
    'states:startExecution': ['Input', 'Name', 'StateMachineArn', 'TraceHeader'],
  }).map(([action, names]) => [action, new Set(names)]),
)

const actionForm = /^arn:[^:]+:states:::([\w-]+:\w+)/

/** The parameters that a resource can have at most; undefined where that is not known. */
export const knownParameters = (resource: string): ReadonlySet<string> | undefined =>
  members.get(actionForm.exec(resource)?.[1] ?? '')
