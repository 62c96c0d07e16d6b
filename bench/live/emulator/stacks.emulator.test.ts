import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { bundleHandlers } from '../../../infra/bundle.ts'
import { resultsStackOf } from '../../../infra/names.ts'
import { type StackName, synthAll } from '../../../infra/synth.ts'
import type { Order } from '../../../shared/order.ts'
import { contestants } from '../../contestants.ts'
import { connect, disconnect, type LiveClients } from '../target.ts'
import { emulatorRegion } from './emulator.ts'
import { deleteStack, deployStack } from './stack.ts'
import { warmUp } from './warm-up.ts'

const { contestants: templates, results } = synthAll()
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
const fits = order('fits', 2)
const tooLarge = order('too-large', 9)

it.each(contestants)(
  '$id: an order is fulfilled and one that asks for too much rejected',
  async ({ stack, submit }) => {
    const template = templates[stack as StackName]
    const instruments = resultsStackOf(stack as StackName)
    const outputs = await deployStack(clients, stack, template, codeFolder)
    try {
      expect(Object.keys(outputs)).toEqual(Object.keys(template.Outputs ?? {}))
      const { ResultsQueueUrl = '' } = await deployStack(clients, instruments, results[instruments])
      await warmUp(clients, stack)
      const stock = { pk: 'sku#sku-1', available: 10 }
      await clients.dynamo.send(new PutCommand({ TableName: outputs['InventoryTableName'], Item: stock }))
      await submit(clients, outputs, fits, Date.now())
      expect(await nextFactFrom(ResultsQueueUrl)).toEqual(['OrderCompleted', fits.orderId])
      await submit(clients, outputs, tooLarge, Date.now())
      expect(await nextFactFrom(ResultsQueueUrl)).toEqual(['OrderRejected', tooLarge.orderId])
      expect(await lastFactOf(outputs, fits)).toBe('OrderCompleted')
      expect(await lastFactOf(outputs, tooLarge)).toBe('OrderRejected')
      const { Item } = await clients.dynamo.send(
        new GetCommand({ TableName: outputs['InventoryTableName'], Key: { pk: stock.pk } }),
      )
      expect(Item).toEqual({ ...stock, available: 8 })
    } finally {
      await deleteStack(clients, instruments)
      await deleteStack(clients, stack)
    }
  },
)

const longPollSeconds = 20
const longPollsMax = 3

/** The next terminal fact that comes out: its type and its order. */
const nextFactFrom = async (QueueUrl: string): Promise<readonly unknown[]> => {
  for (let poll = 0; poll < longPollsMax; poll += 1) {
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: longPollSeconds, MaxNumberOfMessages: 1 }),
    )
    for (const { Body = '', ReceiptHandle } of Messages ?? []) {
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      const fact = JSON.parse(Body)
      return [fact['detail-type'], fact.detail.subject]
    }
  }
  throw new Error(`No terminal fact came within ${longPollsMax * longPollSeconds} s.`)
}

/** What the order service recorded last. */
const lastFactOf = async (
  outputs: Readonly<Record<string, string>>,
  { orderId }: Order,
): Promise<unknown> => {
  const { Item } = await clients.dynamo.send(
    new GetCommand({ TableName: outputs['OrderTableName'], Key: { pk: orderId }, ConsistentRead: true }),
  )
  return Item?.['facts']?.at(-1)?.type
}
