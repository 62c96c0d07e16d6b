import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { pricesOf } from '../prices/regions.ts'
import { scenarios } from '../scenarios/all.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { type ExplainedOrder, explainOrders } from './explained.ts'
import { explainedText, widthMax } from './text.ts'
import { timelineOf } from './timeline.ts'

const templates = synth()
const workload = builtInWorkload({ count: 300, ratePerSecond: 2, seed: 1 })

const explained = async (
  scenarioId: string,
  contestantId: string,
  orderId: string,
): Promise<ExplainedOrder> => {
  const contestant = contestants.find(({ id }) => id === contestantId)
  const scenario = scenarios.find(({ id }) => id === scenarioId)
  if (contestant === undefined || scenario === undefined) throw new Error(`no ${scenarioId}, ${contestantId}`)
  const template = templates[contestant.stack as StackName]
  const run = { contestant, template, scenario, workload, seed: 1, region: 'us-east-1' }
  const { orders } = await explainOrders(run, [orderId])
  const [order] = orders
  if (order === undefined) throw new Error(`nothing of ${orderId}`)
  return order
}

const textOf = (order: ExplainedOrder): string => explainedText(order.orderId, order, pricesOf('us-east-1'))

describe('explain, of a message that nobody can read', () => {
  it('follows it in choreography by its id: each receive, where it lies in the end, and that nothing more happens', async () => {
    const order = await explained('poison', 'choreographed', 'order-000023')
    const text = textOf(order)
    expect(text).toMatch(/^order-000023: stuck\n/)
    expect(text).toMatch(/207 invocations \(200 failed\), 199 times tried again/)
    expect(text).toMatch(
      /^open: InventoryReserved lies in PaymentOnInventoryReservedDlq since 3 h 20 min \d\d\.\d{3} s, received 200 times from PaymentOnInventoryReservedQueue$/m,
    )
    expect(text).toMatch(
      /⋯ 200 times, one in 60\.0 s on average, until 3 h 19 min .* s: PaymentOnInventoryReservedQueue gives the message again after its visibility timeout of 60 s/,
    )
    expect(text).toMatch(/⋯ 200 times, .*: billed 0 ms, gives the message back$/m)
    expect(text).toMatch(
      /⋯ 20\.\d h: nothing more happens\n\nin the end: order open · view overdue · inventory reserved$/,
    )
    expect(timelineOf(order).length).toBeLessThan(60)
  })

  it('tells each time that the conductor sends it, and that its task token is not answered', async () => {
    const text = textOf(await explained('poison', 'orchestrated', 'order-000023'))
    expect(text.match(/⋯ 200 times, .*visibility timeout/g)).toHaveLength(3)
    expect(
      text.match(/⋯ 39\.\d min: OrderFlow gets no answer to its task token of ProcessPayment/g),
    ).toHaveLength(3)
    expect(text).toMatch(/^order-000023: rejected after 12 h 00 min 02\.\d{3} s$/m)
    expect(text).toMatch(/in the end: order rejected · inventory released · payment declined/)
  })

  it('knows the invocation of it by the call in which it took place', async () => {
    const text = textOf(await explained('poison', 'orchestrated-direct', 'order-000023'))
    expect(text).toMatch(/ProcessPaymentFunction +invocation failed/)
    expect(text).toMatch(/Invoke ProcessPaymentFunction +answered with Error/)
  })
})

describe('explain, of a rule that is disabled', () => {
  it('names the rule that never handed the event on, and says what each deadline waited for', async () => {
    const text = textOf(await explained('rule-disabled', 'choreographed', 'order-000100'))
    expect(text).toMatch(
      /^open: PaymentOnInventoryReservedRule never handed on the event that OrderBus took at 0\.\d{3} s$/m,
    )
    expect(
      text.match(
        /⋯ 15\.0 min: ViewOnDeadlineQueue holds a message back for the 15 min that it was sent with/g,
      ),
    ).toHaveLength(3)
    expect(text).toMatch(/⋯ 23\.\d h: nothing more happens/)
  })

  it('has nothing of the kind to say of who needs no rule', async () => {
    const text = textOf(await explained('rule-disabled', 'orchestrated', 'order-000100'))
    expect(text).toMatch(/^order-000100: fulfilled after [\d.]+ s\n/)
    expect(text).not.toMatch(/open:|⋯/)
  })
})

describe('explain, of a message that expired', () => {
  it('says so of the message, and not that its queue never handed it on', async () => {
    const text = textOf(await explained('retention-outlasted', 'choreographed', 'order-000100'))
    expect(text).toMatch(
      /^open: InventoryReserved is gone from PaymentOnInventoryReservedQueue: expired at 10 min/m,
    )
    expect(text).not.toContain('never handed on')
  })
})

describe('explain, of a command that is sent again and comes late', () => {
  it('tells each of its messages apart: those that were deleted do not come back, one that nobody read is open', async () => {
    const text = textOf(await explained('late-delivery', 'orchestrated', 'order-000150'))
    expect(text).toMatch(/^open: ArrangeShipping lies in ArrangeShippingQueue, never received$/m)
    expect(text).not.toContain('the message comes back to ArrangeShippingQueue')
  })
})

describe('explain, of a service that is down for ten minutes', () => {
  it.each([
    { id: 'orchestrated', says: /11 times, one in 60\.0 s .*: ProcessPaymentQueue gives the message again/ },
    {
      id: 'orchestrated-direct',
      says: /27 times, one in .*: OrderFlow waits before it retries ProcessPayment/,
    },
    {
      id: 'choreographed',
      says: /11 times, one in 60\.0 s .*: PaymentOnInventoryReservedQueue gives the message/,
    },
  ])('says what the attempts of $id are apart', async ({ id, says }) => {
    const text = textOf(await explained('service-down', id, 'order-000100'))
    expect(text).toMatch(says)
    expect(text).toMatch(/fulfilled after 10 min \d\d\.\d{3} s/)
  })
})

describe('explain, of handlers that crash', () => {
  it('says that a message comes again after its visibility timeout, and what the records became', async () => {
    const text = textOf(await explained('crash', 'choreographed', 'order-000023'))
    expect(text).toMatch(
      /invocation crashed .*\n.*GetItem OrderTable.*\n.*PutItem OrderTable +→ open.*\n {2}⋯ 60\.0 s: OrderOnCreateOrderQueue gives the message again after its visibility timeout of 60 s\n/,
    )
    expect(text).toMatch(/PutItem PaymentTable +→ charged/)
    // Told again by a handler that was run again: no rule tried anything twice.
    expect(text).not.toContain('tries again')
  })
})

describe('explain, of an order that was refused at the door', () => {
  it('says so, and that nothing is on record', async () => {
    const text = textOf(await explained('orchestrator-impaired', 'orchestrated', 'order-000100'))
    expect(text).toMatch(/^open: the front door took no order: ServiceUnavailable$/m)
    expect(text).toMatch(/in the end: nothing on record$/)
  })
})

describe('every line of explain', () => {
  it.each(contestants)('is within the width, of $id', async ({ id }) => {
    const text = textOf(await explained('poison', id, 'order-000023'))
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(widthMax)
    // Clipped is only what says why, never a time, a name or a record.
    expect(text.split('\n').filter((line) => line.endsWith('…') && !line.startsWith('  ⋯'))).toEqual([])
  })
})

describe('the timeline of an order that meets no fault', () => {
  it('is as it was reviewed', async () => {
    const text = textOf(await explained('steady', 'orchestrated-direct', 'order-000001'))
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/explained-order.txt')
  })
})
