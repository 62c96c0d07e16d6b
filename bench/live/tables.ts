import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { ServiceRecord } from '../../shared/records.ts'
import type { Clock } from '../../shared/runtime.ts'
import type { Book } from '../laws.ts'
import { paced, wallClock } from './pace.ts'
import type { LiveClients } from './target.ts'

const stockKey = 'sku#'
const putsMax = 25
const throttledPauseMs = 200
/** A table on demand takes more; what it throttles all the same comes again. */
const callsPerSecond = 100

/** Fills the warehouse: what a sku had before is overwritten. */
export const stockUp = async (
  { dynamo }: LiveClients,
  table: string,
  stock: ReadonlyMap<string, number>,
  signal: AbortSignal,
  clock: Clock = wallClock,
): Promise<void> => {
  const pace = paced(callsPerSecond, clock)
  const puts = [...stock].map(([sku, available]) => ({
    PutRequest: { Item: { pk: `${stockKey}${sku}`, available } },
  }))
  for (let from = 0; from < puts.length; from += putsMax) {
    let left: typeof puts | undefined = puts.slice(from, from + putsMax)
    while (left !== undefined && left.length > 0) {
      const batch = new BatchWriteCommand({ RequestItems: { [table]: left } })
      const { UnprocessedItems } = await pace(() => dynamo.send(batch), signal)
      left = UnprocessedItems?.[table] as typeof puts | undefined
      // What a table throttled is not asked for again at once.
      if (left !== undefined && left.length > 0) await clock.sleep(throttledPauseMs)
    }
  }
}

/** What a table holds of a run: the records of its orders, and in the inventory's the stock. */
export interface TableContents {
  readonly records: Book
  readonly stock: ReadonlyMap<string, number>
}

/** Reads a table whole, once, after the run; records of other runs stay out. */
export const readTable = async (
  { dynamo }: LiveClients,
  TableName: string,
  isOfRun: (orderId: string) => boolean,
  signal: AbortSignal,
  clock: Clock = wallClock,
): Promise<TableContents> => {
  const pace = paced(callsPerSecond, clock)
  const records = new Map<string, ServiceRecord>()
  const stock = new Map<string, number>()
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey })
    const { Items = [], LastEvaluatedKey } = await pace(() => dynamo.send(page), signal)
    for (const item of Items) {
      const key = String(item['pk'])
      if (key.startsWith(stockKey)) stock.set(key.slice(stockKey.length), Number(item['available']))
      else if (isOfRun(key)) records.set(key, item as ServiceRecord)
    }
    ExclusiveStartKey = LastEvaluatedKey
  } while (ExclusiveStartKey !== undefined)
  return { records, stock }
}

/** Throws when a table may not be read. */
export const checkReadable = async (
  { dynamo }: LiveClients,
  TableName: string,
  signal: AbortSignal,
): Promise<void> => {
  await paced(callsPerSecond)(() => dynamo.send(new ScanCommand({ TableName, Limit: 1 })), signal)
}
