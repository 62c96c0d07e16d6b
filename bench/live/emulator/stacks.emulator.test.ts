import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { bundleHandlers } from '../../../infra/bundle.ts'
import { type StackName, synth } from '../../../infra/synth.ts'
import type { Order } from '../../../shared/order.ts'
import { contestants } from '../../contestants.ts'
import { connect, disconnect, type LiveClients } from '../target.ts'
import { emulatorRegion } from './emulator.ts'
import { deleteStack, deployStack } from './stack.ts'
import { warmUp } from './warm-up.ts'

const templates = synth()
let clients: LiveClients
let codeFolder: string
beforeAll(async () => {
  clients = connect({ kind: 'endpoint', url: inject('emulatorUrl'), region: emulatorRegion })
  codeFolder = await bundleHandlers(mkdtempSync(join(tmpdir(), 'handlers-')))
})
afterAll(() => {
  disconnect(clients)
  rmSync(codeFolder, { recursive: true, force: true })
})

const order = (orderId: string, quantity: number): Order => ({
  orderId,
  customerId: 'customer-1',
  country: 'United Kingdom',
  currency: 'GBP',
  amount: 250 * quantity,
  lines: [{ sku: 'sku-1', quantity, unitPrice: 250 }],
})
const fits = order('order-000001', 2)
const tooLarge = order('order-000002', 9)

it.each(contestants)(
  '$id: an order is fulfilled and one that asks for too much rejected',
  async (contestant) => {
    const template = templates[contestant.stack as StackName]
    const outputs = await deployStack(clients, contestant.stack, template, codeFolder)
    try {
      expect(Object.keys(outputs)).toEqual(Object.keys(template.Outputs ?? {}))
      await warmUp(clients, contestant.stack)
      const stock = { pk: 'sku#sku-1', available: 10 }
      await clients.dynamo.send(new PutCommand({ TableName: outputs['InventoryTableName'], Item: stock }))
      await contestant.submit(clients, outputs, fits, Date.now())
      expect(await lastFactOf(outputs, fits)).toBe('OrderCompleted')
      await contestant.submit(clients, outputs, tooLarge, Date.now())
      expect(await lastFactOf(outputs, tooLarge)).toBe('OrderRejected')
      const { Item } = await clients.dynamo.send(
        new GetCommand({ TableName: outputs['InventoryTableName'], Key: { pk: stock.pk } }),
      )
      expect(Item).toEqual({ ...stock, available: 8 })
    } finally {
      await deleteStack(clients, contestant.stack)
    }
  },
)

/** What the order service recorded last, once that ends the order. */
const lastFactOf = async (
  outputs: Readonly<Record<string, string>>,
  { orderId }: Order,
): Promise<unknown> => {
  const terminal = ['OrderCompleted', 'OrderRejected']
  let last: unknown
  await expect
    .poll(
      async () => {
        const { Item } = await clients.dynamo.send(
          new GetCommand({
            TableName: outputs['OrderTableName'],
            Key: { pk: orderId },
            ConsistentRead: true,
          }),
        )
        last = Item?.['facts']?.at(-1)?.type
        return last
      },
      { timeout: 60_000, interval: 250 },
    )
    .toSatisfy((fact) => terminal.includes(String(fact)))
  return last
}
