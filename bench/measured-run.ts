import type { ServiceRecord } from '../shared/records.ts'
import { type Audit, audit } from './laws.ts'
import { createChain } from './measure/chain.ts'
import { alarmsIn, type CostBlock, priceUsage } from './measure/cost.ts'
import { createLatency, type OrderTimes } from './measure/latency.ts'
import { messageIn, publishedIn } from './measure/messages.ts'
import { createReliability } from './measure/reliability.ts'
import { createCost } from './measure/usage.ts'
import { monthMs } from './prices/price.ts'
import { pricesOf } from './prices/regions.ts'
import type { ContestantResult } from './results.ts'
import { type RunAftermath, type RunSpec, runOrders, type Watchers } from './run.ts'
import type { Observer } from './virtual-aws/observer.ts'
import { spellOut } from './workload/lines.ts'

/** One contestant under one scenario, measured; what comparisons need beside the result itself. */
export interface MeasuredRun {
  readonly result: ContestantResult
  /** One letter an order, in the order of the workload; see laws.ts. */
  readonly outcomes: string
  readonly sample: readonly OrderTimes[]
  readonly costBlocks: readonly CostBlock[]
}

/** Runs and folds; memory holds samples and open orders, and at the end one audit of the tables. */
export const measureRun = async (spec: RunSpec, extra?: Watchers): Promise<MeasuredRun> => {
  const latency = createLatency({ seed: spec.seed })
  const cost = createCost()
  const reliability = createReliability()
  const chain = createChain({ seed: spec.seed })
  const facts = createAnnounced()
  const aftermath = await runOrders(spec, {
    observers: [
      latency.observer,
      cost.observer,
      reliability.observer,
      chain.observer,
      facts.observer,
      ...(extra?.observers ?? []),
    ],
    submitted: (orderId, intendedMs) => {
      latency.submitted(orderId, intendedMs)
      cost.submitted()
      chain.submitted(orderId)
      extra?.submitted?.(orderId, intendedMs)
    },
    accepted: latency.accepted,
    provider: (call) => {
      latency.provider(call)
      extra?.provider?.(call)
    },
  })
  if (aftermath.end === 'runaway')
    throw new Error(
      `The run of ${spec.contestant.id} under ${spec.scenario.id} did not come to rest within its bound of events.`,
    )
  const judged = judge(spec, aftermath, facts.announced)
  const times = latency.finish()
  const priced = priceUsage(
    cost.finish(),
    pricesOf(spec.region),
    idlePolls(aftermath),
    standing(spec, aftermath),
  )
  return {
    result: {
      orders: spec.workload.arrivals.length,
      outcomes: tally(judged.outcomes),
      latencyMs: times.latencyMs,
      completionCurve: times.completionCurve,
      coldStarts: times.coldStarts,
      cost: priced.cost,
      reliability: reliability.finish(),
      chainDepth: chain.finish(),
      laws: [...judged.laws],
      kernelEvents: aftermath.deployment.kernel.eventsRun,
    },
    outcomes: judged.outcomes,
    sample: times.sample,
    costBlocks: priced.blocks,
  }
}

/**
 * Idle pollers cost money as long as the stack stands. They are counted over the load, from the first order to the
 * last: what comes after is the tail of one run, and would burden short runs with hours in which nothing is asked.
 */
const idlePolls = ({ deployment, firstMs, lastMs }: RunAftermath): ReadonlyMap<string, number> =>
  deployment.idlePolls(firstMs, lastMs)

/** What the stack costs by the month with no order at all: alarms, and pollers that find nothing. */
const standing = (
  { template }: Pick<RunSpec, 'template'>,
  { deployment, firstMs, lastMs }: RunAftermath,
): Parameters<typeof priceUsage>[3] => {
  // The minutes after the one in which the run ended have seen no message.
  const restMs = Math.ceil(deployment.kernel.nowMs / 60_000 + 1) * 60_000
  return {
    alarms: alarmsIn(template),
    spanMs: lastMs - firstMs,
    idlePollsPerMonth: deployment.idlePolls(restMs, restMs + monthMs),
  }
}

/** Reads the tables and the ledger of an ended run, and holds the laws against them. */
export const judge = (
  { workload, seed }: Pick<RunSpec, 'workload' | 'seed'>,
  { deployment, stock, ledger }: RunAftermath,
  announced: ReadonlyMap<string, ReadonlySet<string>>,
): Audit => {
  const items = (service: string): Iterable<Readonly<Record<string, unknown>>> =>
    deployment.table(deployment.outputs[`${service}TableName`] ?? '').items()
  const stockAfter = new Map<string, number>()
  const records = (service: string): ReadonlyMap<string, ServiceRecord> => {
    const found = new Map<string, ServiceRecord>()
    for (const item of items(service)) {
      const key = String(item['pk'])
      if (key.startsWith('sku#')) stockAfter.set(key.slice('sku#'.length), Number(item['available']))
      else found.set(key, item as unknown as ServiceRecord)
    }
    return found
  }
  const arrivals = new Map(workload.arrivals.map((arrival) => [arrival.orderId, arrival]))
  return audit({
    orderIds: workload.arrivals.map((arrival) => arrival.orderId),
    orders: records('Order'),
    inventory: records('Inventory'),
    payment: records('Payment'),
    shipping: records('Shipping'),
    notification: records('Notification'),
    orderOf: (orderId) => {
      const arrival = arrivals.get(orderId)
      if (arrival === undefined) throw new Error(`Order ${orderId} is not of the workload.`)
      return spellOut(arrival, workload.currency, seed)
    },
    stockBefore: stock,
    stockAfter,
    ledger,
    announced,
  })
}

/** The terminal facts that the bus took, by order; a set of one type shares its memory with all like it. */
export const createAnnounced = (): {
  readonly observer: Observer
  readonly announced: ReadonlyMap<string, ReadonlySet<string>>
} => {
  const announced = new Map<string, ReadonlySet<string>>()
  const single: Readonly<Record<string, ReadonlySet<string>>> = {
    OrderCompleted: new Set(['OrderCompleted']),
    OrderRejected: new Set(['OrderRejected']),
  }
  return {
    announced,
    observer: {
      call(call) {
        if (call.service !== 'events') return
        for (const { type, detail } of publishedIn(call)) {
          const one = single[type]
          const orderId = one === undefined ? undefined : messageIn(detail)?.orderId
          if (one === undefined || orderId === undefined) continue
          const before = announced.get(orderId)
          announced.set(orderId, before === undefined || before === one ? one : new Set([...before, type]))
        }
      },
    },
  }
}

const tally = (outcomes: string): ContestantResult['outcomes'] => {
  const counts = { f: 0, r: 0, s: 0, i: 0 }
  for (const letter of outcomes) counts[letter as keyof typeof counts] += 1
  return { fulfilled: counts.f, rejected: counts.r, stuck: counts.s, inconsistent: counts.i }
}
