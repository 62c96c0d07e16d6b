import { isRecord, type Properties } from '../properties.ts'
import { type CancellationCode, transactionCanceled, validationException } from './errors.ts'
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
  const present = isRecord(item) ? kinds.filter((kind) => item[kind] !== undefined) : []
  const kind = present[0]
  if (!isRecord(item) || kind === undefined || present.length > 1 || Object.keys(item).length > 1)
    throw validationException(
      'TransactItems can only contain one of Check, Put, Update or Delete in each item',
    )
  const input = item[kind]
  if (!isRecord(input)) throw validationException(`TransactItems: ${kind} must be an object`)
  return { kind, input }
}

/**
 * All or nothing, in this instant: does every write, or throws the reason for each. `onDecided` hears the writes before,
 * since those of a cancelled transaction are billed, too; undefined for one that could not even be decided.
 */
export const transact = (
  actions: readonly TransactAction[],
  tableOf: (input: Properties) => Table,
  onDecided: (writes: readonly (Write | undefined)[]) => void,
): void => {
  const seen = new Set<string>()
  const decided = actions.map(({ kind, input }) => {
    const table = tableOf(input)
    const write = decideOrInvalid(table, kind, input)
    if (write !== undefined) {
      const id = `${table.name}/${write.key}`
      if (seen.has(id))
        throw validationException('Transaction request cannot include multiple operations on one item')
      seen.add(id)
    }
    return write
  })
  onDecided(decided)
  const codes = decided.map(codeOf)
  if (codes.some((code) => code !== 'None')) throw transactionCanceled(codes)
  const writes = decided.filter((write) => write !== undefined)
  if (writes.reduce((sum, { bytes }) => sum + bytes, 0) > bytesMax)
    throw validationException('Transaction item size has exceeded the maximum allowed size of 4 MB')
  for (const write of writes) {
    write.table.apply(write)
    write.table.hold(write.key)
  }
}

const codeOf = (write: Write | undefined): CancellationCode =>
  write === undefined ? 'ValidationError' : (write.refusal ?? 'None')

/** What is wrong with the item as it is cancels the transaction; what is wrong with the request refuses it. */
const decideOrInvalid = (table: Table, kind: WriteKind, input: Properties): Write | undefined => {
  try {
    return table.decide(kind, input)
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException' && dependsOnItem(error.message))
      return undefined
    throw error
  }
}

const dependsOnItem = (message: string): boolean =>
  message.includes('does not exist in the item') ||
  message.includes('incorrect data type') ||
  message.includes('document path provided')
