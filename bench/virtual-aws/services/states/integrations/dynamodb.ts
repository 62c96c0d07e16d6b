import { isObject, type JsonObject } from '../json.ts'
import { attributesOf, MalformedAttribute, plainItem } from './attribute-values.ts'
import { serviceErrorCause, serviceErrorName, taskResult } from './aws-response.ts'
import type { Integration, TaskCall, TaskOutcome } from './integration.ts'

const dynamoErrors = {
  service: 'DynamoDB',
  named: new Set([
    'ConditionalCheckFailedException',
    'ItemCollectionSizeLimitExceededException',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'ResourceNotFoundException',
    'TransactionConflictException',
  ]),
  general: 'AmazonDynamoDBException',
}

const ofAll = ['TableName', 'ExpressionAttributeNames', 'ReturnConsumedCapacity']
const ofWrites = [
  ...ofAll,
  'ConditionalOperator',
  'ConditionExpression',
  'Expected',
  'ExpressionAttributeValues',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
]

interface DynamoAction {
  readonly action: string
  readonly parameters: readonly string[]
  /** Beside the table. */
  readonly required: 'Item' | 'Key'
}

/**
 * The actions with an optimized integration, and the parameters that each supports.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html (read 2026-11-25).
 */
const getItem: DynamoAction = {
  action: 'GetItem',
  parameters: [...ofAll, 'Key', 'AttributesToGet', 'ConsistentRead', 'ProjectionExpression'],
  required: 'Key',
}
const putItem: DynamoAction = { action: 'PutItem', parameters: [...ofWrites, 'Item'], required: 'Item' }
const deleteItem: DynamoAction = { action: 'DeleteItem', parameters: [...ofWrites, 'Key'], required: 'Key' }
const updateItem: DynamoAction = {
  action: 'UpdateItem',
  parameters: [...ofWrites, 'Key', 'AttributeUpdates', 'UpdateExpression'],
  required: 'Key',
}

/**
 * `arn:aws:states:::dynamodb:getItem` and the like: attribute values in DynamoDB's own form go in and come out. What
 * the table does not model it refuses by name.
 */
const dynamoIntegration = (dynamo: DynamoAction): Integration => ({
  waitsForToken: false,
  parameters: new Set(dynamo.parameters),
  call: (task, done) => {
    const refused = refusalOf(task.payload, dynamo)
    if (refused !== undefined) done({ ok: false, failure: refused })
    else call(task, dynamo.action, done)
  },
})

const call = (
  { world, visit, payload, principal }: TaskCall,
  action: string,
  done: (outcome: TaskOutcome) => void,
): void => {
  const input = plainInput(payload)
  if (input instanceof MalformedAttribute) {
    const cause = `The Parameters '${JSON.stringify(payload)}' could not be used to start the Task: [${input.message}]`
    done({ ok: false, failure: { error: 'States.Runtime', cause } })
    return
  }
  const by = visit.execution.machine.logicalId
  world.call({ by, principal, service: 'dynamodb', action, input }, (answer) => {
    if (answer.ok) done({ ok: true, output: taskResult(attributesIn(answer.output)) })
    else done({ ok: false, failure: failureOf(answer.error) })
  })
}

const failureOf = (error: Error) => ({
  error: serviceErrorName(dynamoErrors, error.name),
  cause: serviceErrorCause('AmazonDynamoDBv2', error, 400),
})

const tableNameForm = /^[a-zA-Z0-9_.-]+$|^arn:/

/** What DynamoDB refuses before it looks at a table; so recorded on AWS. */
const refusalOf = (
  payload: unknown,
  { required }: DynamoAction,
): ReturnType<typeof failureOf> | undefined => {
  const { TableName: table, [required]: item } = isObject(payload) ? payload : {}
  const isNull = (name: string) =>
    `Value null at '${name}' failed to satisfy constraint: Member must not be null`
  if (table == null) return validation(isNull('tableName'))
  if (typeof table === 'string' && !tableNameForm.test(table)) {
    return validation(
      `Value '${table}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    )
  }
  return item == null ? validation(isNull(required.toLowerCase())) : undefined
}

const validation = (what: string) =>
  failureOf(Object.assign(new Error(`1 validation error detected: ${what}`), { name: 'ValidationException' }))

const attributeFields: ReadonlySet<string> = new Set(['Item', 'Key', 'ExpressionAttributeValues'])

const plainInput = (payload: unknown): JsonObject | MalformedAttribute => {
  const parameters = isObject(payload) ? payload : {}
  try {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        attributeFields.has(name) ? plainItem(value) : value,
      ]),
    )
  } catch (error) {
    if (error instanceof MalformedAttribute) return error
    throw error
  }
}

const attributesIn = (output: unknown): JsonObject =>
  Object.fromEntries(
    Object.entries(isObject(output) ? output : {}).map(([name, value]) => [
      name,
      (name === 'Item' || name === 'Attributes') && isObject(value) ? attributesOf(value) : value,
    ]),
  )

/** None of them can wait for a token. */
const withoutToken =
  (dynamo: DynamoAction) =>
  (waitsForToken: boolean): Integration | undefined =>
    waitsForToken ? undefined : dynamoIntegration(dynamo)

export const dynamodbGetItem = withoutToken(getItem)
export const dynamodbPutItem = withoutToken(putItem)
export const dynamodbUpdateItem = withoutToken(updateItem)
export const dynamodbDeleteItem = withoutToken(deleteItem)
