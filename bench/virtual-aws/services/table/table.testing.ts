import type { CancellationReason } from '@aws-sdk/client-dynamodb'
import type { Answer } from '../../world.ts'
import { type Resources, type SmallWorld, smallWorld } from '../small-world.ts'

export type Input = Readonly<Record<string, unknown>>

/** A table T with the key pk. */
export const tableOf = (more: Input = {}): Resources => ({
  T: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'T',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ...more,
    },
  },
})

export const fresh = (...items: readonly Input[]): SmallWorld => {
  const world = smallWorld(tableOf())
  for (const item of items) world.tables.put('T', item)
  return world
}

export const errorOf = (answer: Answer): string | undefined => (answer.ok ? undefined : answer.error.name)
export const messageOf = (answer: Answer): string => (answer.ok ? '' : answer.error.message)

export const put = (world: SmallWorld, Item: Input, more: Input = {}): Promise<Answer> =>
  world.call('dynamodb', 'PutItem', { TableName: 'T', Item, ...more })

export const update = (world: SmallWorld, pk: string, UpdateExpression: string, more: Input = {}) =>
  world.call('dynamodb', 'UpdateItem', { TableName: 'T', Key: { pk }, UpdateExpression, ...more })

export const get = async (world: SmallWorld, pk: string, more: Input = {}): Promise<unknown> => {
  const answer = await world.call('dynamodb', 'GetItem', { TableName: 'T', Key: { pk }, ...more })
  if (!answer.ok) throw answer.error
  return (answer.output as { readonly Item?: unknown }).Item
}

export const transact = (world: SmallWorld, ...TransactItems: readonly Input[]): Promise<Answer> =>
  world.call('dynamodb', 'TransactWriteItems', { TransactItems })

export const cancellationsOf = (answer: Answer): readonly CancellationReason[] =>
  answer.ok
    ? []
    : ((answer.error as { CancellationReasons?: CancellationReason[] }).CancellationReasons ?? [])

export const reasonsOf = (answer: Answer): readonly unknown[] =>
  cancellationsOf(answer).map(({ Code }) => Code)
