import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Clients } from './runtime.ts'

/** For tests: a table in memory that knows the expressions of this project, and nothing else. */
export interface FakeTable {
  readonly dynamo: Clients['dynamo']
  readonly items: ReadonlyMap<string, Item>
  put(item: Item): void
  /** Every command that was sent, in order. */
  readonly sent: readonly object[]
}

type Item = Readonly<Record<string, unknown>>
type Values = Readonly<Record<string, number | string>>
interface Write {
  readonly Item?: Item | undefined
  readonly Key?: Item | undefined
  readonly UpdateExpression?: string | undefined
  readonly ConditionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: Values | undefined
}

/** Called before a command takes effect and after it has; what it throws, the caller sees. */
export type Hook = (command: object, when: 'before' | 'after') => Promise<void> | void

export const fakeTable = (hook: Hook = () => {}): FakeTable => {
  const items = new Map<string, Item>()
  const sent: object[] = []
  const send = async (command: object): Promise<object> => {
    sent.push(command)
    await hook(command, 'before')
    const output = take(items, command)
    await hook(command, 'after')
    return output
  }
  return {
    dynamo: { send: send as Clients['dynamo']['send'] },
    items,
    sent,
    put: (item) => items.set(String(item['pk']), item),
  }
}

const take = (items: Map<string, Item>, command: object): object => {
  if (command instanceof GetCommand) {
    const item = items.get(keyOf({ Key: command.input.Key }))
    return item === undefined ? {} : { Item: asTablesDo(item) }
  }
  if (command instanceof PutCommand || command instanceof UpdateCommand) {
    return writeOne(items, command.input as Write)
  }
  if (command instanceof TransactWriteCommand) {
    return writeAll(
      items,
      (command.input.TransactItems ?? []).map(({ Put, Update }) => (Put ?? Update) as Write),
    )
  }
  throw new Error(`Expected a command that a table knows; got ${command.constructor.name}.`)
}

const writeOne = (items: Map<string, Item>, write: Write): object => {
  if (!holds(items, write)) throw new ConditionalCheckFailedException({ message: 'It failed', $metadata: {} })
  apply(items, write)
  return {}
}

const writeAll = (items: Map<string, Item>, writes: readonly Write[]): object => {
  const keys = new Set(writes.map(keyOf))
  if (writes.length > 100) throw new Error(`A transaction holds at most 100 items; got ${writes.length}.`)
  if (keys.size < writes.length) throw new Error('A transaction names an item only once.')
  const held = writes.map((write) => holds(items, write))
  if (held.includes(false))
    throw cancelled(held.map((isHeld) => (isHeld ? 'None' : 'ConditionalCheckFailed')))
  for (const write of writes) apply(items, write)
  return {}
}

/** A cancelled transaction with these codes, one an item. */
export const cancelled = (codes: readonly string[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: `Transaction cancelled [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => ({ Code })),
    $metadata: {},
  })

const keyOf = ({ Item, Key }: Write): string => String((Item ?? Key)?.['pk'])

const conditions: Readonly<Record<string, (item: Item | undefined, values: Values) => boolean>> = {
  'attribute_not_exists(pk)': (item) => item === undefined,
  'version = :version': (item, values) => item?.['version'] === values[':version'],
  'available >= :quantity': (item, values) =>
    Number(item?.['available'] ?? -1) >= Number(values[':quantity']),
  'attribute_not_exists(pk) OR #rank < :rank': (item, values) =>
    item === undefined || Number(item['rank']) < Number(values[':rank']),
  '#rank < :terminal': (item, values) => Number(item?.['rank'] ?? Number.NaN) < Number(values[':terminal']),
}

const holds = (items: ReadonlyMap<string, Item>, write: Write): boolean => {
  if (write.ConditionExpression === undefined) return true
  const condition = conditions[write.ConditionExpression]
  if (condition === undefined) throw new Error(`Unknown condition: ${write.ConditionExpression}`)
  return condition(items.get(keyOf(write)), write.ExpressionAttributeValues ?? {})
}

const apply = (items: Map<string, Item>, write: Write): void => {
  const key = keyOf(write)
  if (write.Item !== undefined) {
    items.set(key, structuredClone(write.Item))
    return
  }
  const values = write.ExpressionAttributeValues ?? {}
  const item: Record<string, unknown> = { ...(items.get(key) ?? write.Key) }
  for (const assignment of (write.UpdateExpression ?? '').replace(/^SET /, '').split(', ')) {
    const [attribute = '', expression = ''] = assignment.split(' = ')
    const name = write.ExpressionAttributeNames?.[attribute] ?? attribute
    const [first = '', sign, second = ''] = expression.split(' ')
    const delta = Number(values[second])
    item[name] = sign === undefined ? values[first] : Number(item[first]) + (sign === '-' ? -delta : delta)
  }
  items.set(key, item)
}

/** A real table gives the keys of a map back in an order of its own. */
const asTablesDo = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asTablesDo)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, asTablesDo(inner)]),
  )
}
