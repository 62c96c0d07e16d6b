import {
  GetCommand,
  PutCommand,
  type PutCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { chance } from './chance.ts'
import type { EventEnvelope } from './messages/envelope.ts'
import { TableUnavailable } from './patience.ts'
import type { Clients, Clock } from './runtime.ts'

/** All that a service knows of one order: one item of its table. */
export interface ServiceRecord {
  /** The order's id. */
  readonly pk: string
  /** Grows by one with each save; 0 means that nothing was saved yet. */
  readonly version: number
  /** Everything published or to be published of the order, in the order recorded. */
  readonly facts: readonly EventEnvelope[]
  /** What the service keeps besides its facts. */
  readonly holding?: unknown
}

/** `overtaken`: somebody else saved since the record was read. `refused`: a condition beside the record failed. */
export type SaveResult = 'saved' | 'overtaken' | 'refused'

export interface Table {
  readonly dynamo: Clients['dynamo']
  readonly name: string
  readonly clock: Clock
}

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** Reads what is known of an order, as of this moment. */
export const load = (table: Table, orderId: string): Promise<ServiceRecord> => {
  const read = new GetCommand({ TableName: table.name, Key: { pk: orderId }, ConsistentRead: true })
  return patiently(
    table,
    orderId,
    () => table.dynamo.send(read),
    ({ Item }) => (Item === undefined ? { pk: orderId, version: 0, facts: [] } : (Item as ServiceRecord)),
  )
}

/**
 * Saves a record as the next version of what was read, together with the writes beside it, or nothing at all. One
 * write, so that a crash leaves no outcome without its facts and no fact without its effect.
 */
export const save = (
  table: Table,
  next: ServiceRecord,
  beside: readonly TransactItem[] = [],
): Promise<SaveResult> => {
  const put: PutCommandInput =
    next.version === 1
      ? { TableName: table.name, Item: next, ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          TableName: table.name,
          Item: next,
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: { ':version': next.version - 1 },
        }
  const send = (): Promise<unknown> =>
    beside.length === 0
      ? table.dynamo.send(new PutCommand(put))
      : table.dynamo.send(new TransactWriteCommand({ TransactItems: [{ Put: put }, ...beside] }))
  return patiently(table, next.pk, send, () => 'saved', refusedSave)
}

const refusedSave = (error: unknown): SaveResult | undefined => {
  if (isFailedCondition(error)) return 'overtaken'
  const [ofRecord, ...ofOthers] = cancellationCodes(error)
  if (ofRecord === conditionFailed) return 'overtaken'
  return ofOthers.includes(conditionFailed) ? 'refused' : undefined
}

/** Writes on condition; false when the condition did not hold. */
export const writeIf = (table: Table, key: string, write: () => Promise<unknown>): Promise<boolean> =>
  patiently<unknown, boolean>(
    table,
    key,
    write,
    () => true,
    (error) => (isFailedCondition(error) ? false : undefined),
  )

/** How often a write that met another on the same item is tried again here before the style's own retry takes over. */
const conflictRetriesMax = 8
const conflictDelayMs = 20
const conflictDelayMsMax = 500

/**
 * Tries again, with jitter, what lost against a concurrent write; other trouble of the table becomes an outage. Gives
 * what the answer means, or what the refusal does; a refusal that means nothing is thrown.
 */
export const patiently = async <Output, Result>(
  table: Table,
  orderId: string,
  send: () => Promise<Output>,
  answered: (output: Output) => Result,
  refused?: (error: unknown) => Result | undefined,
): Promise<Result> => {
  for (let retry = 0; retry <= conflictRetriesMax; retry++) {
    try {
      return answered(await send())
    } catch (error) {
      if (isOutageOfTable(error))
        throw new TableUnavailable(`Table ${table.name}: ${String(error)}`, { cause: error })
      if (!isConflict(error)) {
        const result = refused?.(error)
        if (result === undefined) throw error
        return result
      }
    }
    const boundMs = Math.min(conflictDelayMsMax, conflictDelayMs * 2 ** retry)
    await table.clock.sleep(boundMs * chance(0, 'conflict', orderId, table.clock.nowMs(), retry))
  }
  throw new TableUnavailable(
    `Table ${table.name}: order ${orderId} met a conflict ${conflictRetriesMax + 1} times.`,
  )
}

const conditionFailed = 'ConditionalCheckFailed'
const isFailedCondition = (error: unknown): boolean => nameOf(error) === 'ConditionalCheckFailedException'

const isConflict = (error: unknown): boolean => {
  if (nameOf(error) === 'TransactionConflictException') return true
  const codes = cancellationCodes(error)
  return !codes.includes(conditionFailed) && codes.includes('TransactionConflict')
}

const outageNames: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'ServiceUnavailable',
  'TransactionInProgressException',
])
const outageCodes: ReadonlySet<string> = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded'])

/** A failed condition is an answer, even when other parts of its transaction were throttled. */
const isOutageOfTable = (error: unknown): boolean => {
  if (outageNames.has(nameOf(error))) return true
  const codes = cancellationCodes(error)
  return !codes.includes(conditionFailed) && codes.some((code) => outageCodes.has(code))
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** Why a transaction was cancelled, one code an item, in their order; empty for any other error. */
const cancellationCodes = (error: unknown): readonly string[] => {
  if (nameOf(error) !== 'TransactionCanceledException') return []
  const { CancellationReasons } = error as { CancellationReasons?: readonly { readonly Code?: string }[] }
  return (CancellationReasons ?? []).map(({ Code }) => Code ?? 'None')
}
