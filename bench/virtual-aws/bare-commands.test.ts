import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { expect, it } from 'vitest'
import { spareMiddleware } from './bare-commands.ts'

const make = () => ({
  send: new SendMessageCommand({ QueueUrl: 'url', MessageBody: 'body' }),
  put: new PutEventsCommand({ Entries: [] }),
  succeed: new SendTaskSuccessCommand({ taskToken: 'token', output: '{}' }),
  get: new GetCommand({ TableName: 'table', Key: { pk: 'key' } }),
})

it('makes commands of the same class and input, without their middleware', () => {
  const before = make()
  spareMiddleware()
  spareMiddleware()
  const after = make()
  for (const name of ['send', 'put', 'succeed', 'get'] as const) {
    expect(before[name].middlewareStack, name).toBeDefined()
    expect(after[name].middlewareStack, name).toBeUndefined()
    expect(after[name].constructor, name).toBe(before[name].constructor)
    expect(after[name].input, name).toEqual(before[name].input)
  }
  expect(new GetItemCommand({ TableName: 'table', Key: {} }).middlewareStack).toBeUndefined()
})
