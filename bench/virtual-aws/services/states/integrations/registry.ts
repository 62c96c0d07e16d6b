import { dynamodbDeleteItem, dynamodbGetItem, dynamodbPutItem, dynamodbUpdateItem } from './dynamodb.ts'
import { eventsPutEvents } from './events.ts'
import type { Integration } from './integration.ts'
import { lambdaFunction, lambdaInvoke } from './lambda.ts'
import { sqsSendMessage } from './sqs.ts'
import { statesStartExecution } from './start-execution.ts'

const optimized: Readonly<Record<string, (waitsForToken: boolean) => Integration | undefined>> = {
  'lambda:invoke': lambdaInvoke,
  'sqs:sendMessage': sqsSendMessage,
  'events:putEvents': eventsPutEvents,
  'dynamodb:getItem': dynamodbGetItem,
  'dynamodb:putItem': dynamodbPutItem,
  'dynamodb:updateItem': dynamodbUpdateItem,
  'dynamodb:deleteItem': dynamodbDeleteItem,
  'states:startExecution': statesStartExecution,
}

const optimizedForm = /^arn:[\w-]+:states:::(.+?)(\.waitForTaskToken)?$/
const functionForm = /^arn:[\w-]+:lambda:[\w-]*:\d*:function:.+$/

/** The integration that a `Resource` names; undefined when it is not modelled. */
export const integrationFor = (resource: string): Integration | undefined => {
  const found = optimizedForm.exec(resource)
  if (found !== null) return optimized[found[1] ?? '']?.(found[2] !== undefined)
  return functionForm.test(resource) ? lambdaFunction(resource) : undefined
}
