import { isRecord, type Properties } from '../properties.ts'
import { type Cancellation, cancellations, transactionCanceled, validationException } from './errors.ts'
import type { Table, Write, WriteKind } from './table.ts'

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const actionsMax = 100
const bytesMax = 4 * 1024 * 1024

/** One action of a transaction: what it does and to which table, its input as of the single request. */
export interface TransactAction {
  readonly kind: WriteKind
  readonly input: Properties
}

const kinds: readonly WriteKind[] = ['Put', 'Update', 'Delete', 'ConditionCheck']

export const readActions = (input: Properties): readonly TransactAction[] => {
  const items = input['TransactItems']
  const count = Array.isArray(items) ? items.length : 0
  if (!Array.isArray(items) || count < 1 || count > actionsMax)
    throw validationException(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${actionsMax}, and greater than or equal to 1; it has ${count}`,
    )
  return items.map(readAction)
}

const readAction = (item: unknown): TransactAction => {
  const names = isRecord(item) ? Object.keys(item) : []
  const kind = kinds.find((each) => each === names[0])
  if (!isRecord(item) || kind === undefined || item[kind] === undefined || names.length > 1)
    throw validationException(
      'TransactItems can only contain one of Check, Put, Update or Delete in each item',
    )
  const input = item[kind]
  if (!isRecord(input)) throw validationException(`TransactItems: ${kind} must be an object`)
  return { kind, input }
}

/** What a transaction is done on. */
export interface TransactScope {
  tableOf(input: Properties): Table
  /**
   * Hears the writes before they are done, since those of a cancelled transaction are billed, too; undefined stands for
   * one that could not even be decided. Gives those that their table does not take now.
   */
  decided(writes: readonly (Write | undefined)[]): ReadonlySet<Write> | undefined
}

/** All or nothing, in this instant: does every write, or throws the reason for each. */
export const transact = (actions: readonly TransactAction[], scope: TransactScope): void => {
  const decisions: Decision[] = []
  for (const { kind, input } of actions) {
    const decision = decide(scope.tableOf(input), kind, input)
    if (decisions.some(({ write }) => areOfOneItem(write, decision.write)))
      throw validationException('Transaction request cannot include multiple operations on one item')
    decisions.push(decision)
  }
  const throttled = scope.decided(decisions.map(({ write }) => write))
  const reasons = decisions.map((decision) => reasonOf(decision, throttled))
  if (reasons.some(({ Code }) => Code !== 'None')) throw transactionCanceled(reasons)
  const writes = decisions.map(({ write }) => write).filter((write) => write !== undefined)
  if (writes.reduce((sum, { bytes }) => sum + bytes, 0) > bytesMax)
    throw validationException('Transaction item size has exceeded the maximum allowed size of 4 MB')
  for (const write of writes) {
    write.table.apply(write)
    write.table.hold(write.key)
  }
}

const areOfOneItem = (one: Write | undefined, other: Write | undefined): boolean =>
  one !== undefined && one.key === other?.key && one.table === other.table

/** A write, or what is wrong with its item as it is. */
type Decision =
  | { readonly write: Write; readonly invalid?: undefined }
  | { readonly write?: undefined; readonly invalid: string }

const reasonOf = ({ write, invalid }: Decision, throttled: ReadonlySet<Write> | undefined): Cancellation => {
  if (write === undefined) return { Code: 'ValidationError', Message: invalid }
  if (throttled?.has(write)) return cancellations.throttlingError
  if (write.refusal === undefined) return cancellations.none
  return write.refusal === 'TransactionConflict'
    ? cancellations.transactionConflict
    : cancellations.conditionalCheckFailed
}

/** What is wrong with the item as it is cancels the transaction; what is wrong with the request refuses it. */
const decide = (table: Table, kind: WriteKind, input: Properties): Decision => {
  try {
    return { write: table.decide(kind, input) }
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException' && dependsOnItem(error.message))
      return { invalid: error.message }
    throw error
  }
}

/** Source of the cases: the validation errors among the cancellation reasons of TransactWriteItems, as above. */
const dependsOnItem = (message: string): boolean =>
  message.includes('does not exist in the item') ||
  message.includes('incorrect data type') ||
  message.includes('document path provided') ||
  message.includes('Item size to update has exceeded')
