import { setTimeout as sleep } from 'node:timers/promises'
import { BatchWriteCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import type { ServiceRecord } from '../../shared/records.ts'
import type { Book } from '../laws.ts'
import type { LiveClients } from './target.ts'

const stockKey = 'sku#'
const putsMax = 25
const throttledPauseMs = 200

/** Fills the warehouse: what a sku had before is overwritten. */
export const stockUp = async (
  { dynamo }: LiveClients,
  table: string,
  stock: ReadonlyMap<string, number>,
): Promise<void> => {
  const puts = [...stock].map(([sku, available]) => ({
    PutRequest: { Item: { pk: `${stockKey}${sku}`, available } },
  }))
  for (let from = 0; from < puts.length; from += putsMax) {
    let left: typeof puts | undefined = puts.slice(from, from + putsMax)
    while (left !== undefined && left.length > 0) {
      const { UnprocessedItems } = await dynamo.send(
        new BatchWriteCommand({ RequestItems: { [table]: left } }),
      )
      left = UnprocessedItems?.[table] as typeof puts | undefined
      // What a table throttled is not asked for again at once.
      if (left !== undefined && left.length > 0) await sleep(throttledPauseMs)
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
): Promise<TableContents> => {
  const records = new Map<string, ServiceRecord>()
  const stock = new Map<string, number>()
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName, ConsistentRead: true }))
    for (const item of Items) {
      const key = String(item['pk'])
      if (key.startsWith(stockKey)) stock.set(key.slice(stockKey.length), Number(item['available']))
      else if (isOfRun(key)) records.set(key, item as ServiceRecord)
    }
  return { records, stock }
}
