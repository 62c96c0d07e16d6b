import type { ServiceRecord } from '../shared/records.ts'
import {
  type AlarmTotals,
  alarmResults,
  alarmsOfShards,
  faultsFromMs,
  type Heard,
} from './failure/alarm-results.ts'
import { type AlarmWatch, watchAlarms } from './failure/alarms.ts'
import { createFootprint, type Footprint, type FootprintFold, footprintOf } from './failure/footprint.ts'
import { pathwaysOf } from './failure/pathways.ts'
import { type RecoveryTotals, type RecoveryWatch, watchRecovery } from './failure/recovery.ts'
import { recoveryOf } from './failure/recovery-result.ts'
import { type Audit, audit, type Book, lawsOf, readOfRecords, tally } from './laws.ts'
import { type ChainTotals, chainOf, createChain } from './measure/chain.ts'
import {
  alarmsIn,
  type CostBlock,
  dashboardsIn,
  fifoQueuesIn,
  priceUsage,
  type Standing,
} from './measure/cost.ts'
import type { HopTotals } from './measure/hops.ts'
import { createLatency, type LatencyTotals, latencyOf, type OrderTimes } from './measure/latency.ts'
import { orderIn, publishedIn } from './measure/messages.ts'
import { createReliability, reliabilityOf } from './measure/reliability.ts'
import { createCost, type Usage, usageOf } from './measure/usage.ts'
import { monthMs } from './prices/price.ts'
import { pricesOf } from './prices/regions.ts'
import type { ContestantResult, LawResult, RecoveryRemark } from './results.ts'
import { epochMs, horizonMs, type RunAftermath, type RunSpec, runOrders, type Watchers } from './run.ts'
import type { Deployment } from './virtual-aws/deploy.ts'
import type { Observer } from './virtual-aws/observer.ts'
import { spellOut } from './workload/lines.ts'

/** What a run came to, before it is read: plain data, so that it crosses threads and shards can be put together. */
export interface RunTotals {
  readonly orders: number
  /** One letter an order, in the order of the workload; see laws.ts. */
  readonly outcomes: string
  readonly laws: readonly LawResult[]
  readonly latency: LatencyTotals
  readonly usage: Usage
  readonly reliability: ContestantResult['reliability']
  readonly chain: ChainTotals
  readonly idlePolls: ReadonlyMap<string, number>
  /** Undefined where a run is too short to see it: on a real endpoint. */
  readonly standing: Standing | undefined
  /** From the first intended start to the last. */
  readonly spanMs: number
  readonly kernelEvents: number
  /** That something still went on at the horizon: then what it cost is what it cost until then. */
  readonly isCutOff?: true
  /** Stretches of hops, where they were watched. */
  readonly hops?: HopTotals
  /** Of a scenario with faults. */
  readonly recovery?: RecoveryTotals
  /** What the alarms of the stack did; on a real endpoint nobody asks. */
  readonly alarms?: AlarmTotals
  /** What became of each order and each service, where that was asked for. */
  readonly footprint?: Footprint
  /** What is missing from its figures, in words; on a real endpoint not everything need be told. */
  readonly gaps?: readonly string[]
  /** Of some of its calls nobody told: it cost more than its usage says. */
  readonly isBilledInPart?: boolean
}

/** One contestant under one scenario, measured; what comparisons need beside the result itself. */
export interface MeasuredRun {
  readonly result: ContestantResult
  readonly outcomes: string
  readonly sample: readonly OrderTimes[]
  readonly costBlocks: readonly CostBlock[]
  /** Of each shard in which they were watched. */
  readonly hops: readonly HopTotals[]
  /** From the first intended start to the last; of all shards together. */
  readonly spanMs: number
  /** Alarms that rang when the first fault had begun, those that ring without it among them. */
  readonly heard: readonly Heard[]
  /** When the last of its faults was over, since the Unix epoch, on each stack alike; none where no fault has an end. */
  readonly faultsEndMs?: number
  /** Of all shards together, where it was asked for. */
  readonly footprint?: Footprint
  /** That one of its shards at least had not come to rest by the horizon. */
  readonly isCutOff?: true
}

/** Runs and folds; memory holds samples and open orders, and at the end one audit of the tables. */
export const measureRun = async (spec: RunSpec, extra?: Watchers): Promise<MeasuredRun> =>
  measuredRun([await totalsOf(spec, extra)], spec)

/** What one run, or the shards of one, came to. */
export const measuredRun = (
  shards: readonly RunTotals[],
  { seed, region }: Pick<RunSpec, 'seed' | 'region'>,
): MeasuredRun => {
  const times = latencyOf(
    shards.map(({ latency }) => latency),
    { seed },
  )
  const standing = standingOf(shards)
  const priced = priceUsage(
    usageOf(shards.map(({ usage }) => usage)),
    pricesOf(region),
    summed(shards.map(({ idlePolls }) => idlePolls)),
    standing,
  )
  const outcomes = shards.map((shard) => shard.outcomes).join('')
  const recovery = recoveryOf(shards.flatMap((shard) => shard.recovery ?? []))
  const faultsEndMs = shards[0]?.recovery?.faultsEndMs
  const isBilledInPart = shards.some((shard) => shard.isBilledInPart === true)
  const footprint = footprintOf(shards.flatMap((shard) => shard.footprint ?? []))
  const alarms = alarmsOfShards(shards.flatMap((shard) => shard.alarms ?? []))
  return {
    result: {
      orders: sumOf(shards, ({ orders }) => orders),
      outcomes: tally(outcomes),
      latencyMs: times.latencyMs,
      completionCurve: times.completionCurve,
      coldStarts: times.coldStarts,
      cost: isBilledInPart ? { ...priced.cost, incomplete: true } : priced.cost,
      reliability: reliabilityOf(shards.map(({ reliability }) => reliability)),
      chainDepth: chainOf(shards.map(({ chain }) => chain)),
      ...(recovery === undefined ? {} : { recovery }),
      ...(alarms === undefined ? {} : { alarms: alarms.results }),
      laws: lawsOf(shards.map(({ laws }) => laws)),
      kernelEvents: sumOf(shards, ({ kernelEvents }) => kernelEvents),
    },
    outcomes,
    sample: times.sample,
    // Without blocks there is no verdict: a bill of which lines lack would always win.
    costBlocks: isBilledInPart ? [] : priced.blocks,
    hops: shards.flatMap(({ hops }) => hops ?? []),
    spanMs: sumOf(shards, ({ spanMs }) => spanMs),
    heard: alarms?.heard ?? [],
    ...(faultsEndMs === undefined ? {} : { faultsEndMs }),
    ...(footprint === undefined ? {} : { footprint }),
    ...(shards.some(({ isCutOff }) => isCutOff) ? { isCutOff: true } : {}),
  }
}

const sumOf = (shards: readonly RunTotals[], count: (shard: RunTotals) => number): number =>
  shards.reduce((sum, shard) => sum + count(shard), 0)

const summed = (counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>()
  for (const [name, count] of counts.flatMap((each) => [...each]))
    sums.set(name, (sums.get(name) ?? 0) + count)
  return sums
}

/** Shards follow each other on one stack as far as it costs money: a month of standing is one stack's. */
const standingOf = (shards: readonly RunTotals[]): Standing | undefined => {
  const first = shards[0]?.standing
  return first && { ...first, spanMs: sumOf(shards, ({ spanMs }) => spanMs) }
}

/** Everything that is folded of a run while it goes, wherever it runs. */
export interface Folds {
  readonly watchers: Required<Watchers>
  /** The terminal facts that the bus took, by order. */
  readonly announced: ReadonlyMap<string, ReadonlySet<string>>
  finish(): Pick<RunTotals, 'latency' | 'usage' | 'reliability' | 'chain'>
}

/** `orders` are those that will be submitted. */
export const createFolds = (
  seed: number,
  orders: readonly { readonly orderId: string }[],
  extra?: Watchers,
): Folds => {
  const latency = createLatency({ seed, orders })
  const cost = createCost()
  const reliability = createReliability()
  const chain = createChain({ seed, orders })
  const facts = createAnnounced(orders)
  return {
    announced: facts.announced,
    watchers: {
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
        extra?.submitted?.(orderId, intendedMs)
      },
      accepted: latency.accepted,
      provider: (call) => {
        latency.provider(call)
        extra?.provider?.(call)
      },
    },
    finish: () => ({
      latency: latency.finish(),
      usage: cost.finish(),
      reliability: reliability.finish(),
      chain: chain.finish(),
    }),
  }
}

/** Runs one contestant under one scenario, or one shard of it. */
export const totalsOf = async (spec: RunSpec, extra?: Watchers): Promise<RunTotals> => {
  const orders = spec.workload.arrivals
  const recovery =
    spec.scenario.faults.length === 0
      ? undefined
      : watchRecovery(spec.template, { faults: spec.scenario.faults, startMs: epochMs })
  const footprint = footprintFold(spec)
  const folds = createFolds(spec.seed, orders, watchedBy(recovery, footprint, extra))
  const alarms = watchAlarms(spec.template, epochMs)
  const aftermath = await runOrders(
    spec,
    { ...folds.watchers, observers: [...folds.watchers.observers, alarms.observer] },
    (atMs, deployment) => alarms.minutePassed(atMs, deployment.queue),
  )
  if (aftermath.end === 'runaway')
    throw new Error(
      `The run of ${spec.contestant.id} under ${spec.scenario.id} did not come to rest within its bound of events.`,
    )
  const judged = judge(spec, aftermath, folds.announced)
  const totals: RunTotals = {
    orders: orders.length,
    outcomes: judged.outcomes,
    laws: judged.laws,
    ...folds.finish(),
    idlePolls: idlePolls(aftermath),
    standing: standing(spec, aftermath),
    spanMs: aftermath.lastMs - aftermath.firstMs,
    kernelEvents: aftermath.deployment.kernel.eventsRun,
    ...(aftermath.end === 'horizon' ? { isCutOff: true } : {}),
    alarms: alarmsOf(spec, aftermath, alarms, judged.outcomes),
    ...(footprint === undefined
      ? {}
      : { footprint: footprint.finish(aftermath.deployment, recovery?.missing() ?? []) }),
  }
  // Last: what is done for a recovery is in no figure of the run.
  return recovery === undefined
    ? totals
    : { ...totals, recovery: await recoveryTotals(spec, aftermath, recovery, folds.announced) }
}

const footprintFold = ({
  contestant,
  template,
  workload,
  keepsFootprint,
}: RunSpec): FootprintFold | undefined =>
  keepsFootprint === undefined
    ? undefined
    : createFootprint({
        orders: workload.arrivals,
        functions: contestant.functions,
        machines: pathwaysOf(template).machines,
        answers: new Set(contestant.routes.map(({ message }) => message)),
      })

/** Adds those that watch runs of their kind alone. */
const watchedBy = (
  recovery: RecoveryWatch | undefined,
  footprint: FootprintFold | undefined,
  extra: Watchers | undefined,
): Watchers | undefined => {
  const watching = [recovery, footprint].filter((each) => each !== undefined)
  if (watching.length === 0) return extra
  return {
    ...extra,
    observers: [...(extra?.observers ?? []), ...watching.map(({ observer }) => observer)],
    submitted: (orderId, intendedMs) => {
      footprint?.submitted(orderId, intendedMs)
      extra?.submitted?.(orderId, intendedMs)
    },
  }
}

/** Nothing of these orders is in the stack: nobody who runs it can do anything for them. */
const refusedAtDoor = ({ refusedAtDoor: refused }: RunAftermath): readonly RecoveryRemark[] =>
  refused.length === 0
    ? []
    : [
        {
          what: 'orders refused',
          resource: 'the front door',
          count: refused.length,
          why: 'their customers were told, and would have to order again',
        },
      ]

const recoveryTotals = async (
  spec: RunSpec,
  aftermath: RunAftermath,
  watch: RecoveryWatch,
  announced: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<RecoveryTotals> => {
  const { deployment } = aftermath
  const { faultsEndMs } = watch
  const before = faultsEndMs === undefined ? {} : { faultsEndMs }
  if (spec.recovers !== true) return { ...before, actions: watch.needed(deployment) }
  const { actions, left, traps } = await watch.recover(deployment, horizonMs)
  const { outcomes, laws } = judge(spec, aftermath, announced)
  const stillLeft = [...left, ...refusedAtDoor(aftermath)]
  return { ...before, actions, after: { outcomes, laws, left: stillLeft, traps } }
}

/** An order may end until the horizon, and an alarm may ring until then, whether anything else happens or not. */
const alarmsOf = (
  { workload, scenario }: RunSpec,
  { deployment, firstMs, lastMs }: RunAftermath,
  alarms: AlarmWatch,
  outcomes: string,
): AlarmTotals =>
  alarmResults(alarms.finish(lastMs + horizonMs, deployment.queue), {
    firstMs,
    faultMs: firstMs + faultsFromMs(scenario),
    unwell: workload.arrivals.flatMap(({ orderId }, index) =>
      outcomes[index] === 's' || outcomes[index] === 'i' ? [orderId] : [],
    ),
  })

/**
 * Idle pollers cost money as long as the stack stands. They are counted over the load, from the first order to the
 * last: what comes after is the tail of one run, and would burden short runs with hours in which nothing is asked.
 */
const idlePolls = ({ deployment, firstMs, lastMs }: RunAftermath): ReadonlyMap<string, number> =>
  deployment.idlePolls(firstMs, lastMs)

/** What the stack costs by the month with no order at all: alarms, a dashboard, and pollers that find nothing. */
const standing = (
  { template }: Pick<RunSpec, 'template'>,
  { deployment, firstMs, lastMs }: RunAftermath,
): Standing => {
  // The minutes after the one in which the run ended have seen no message.
  const restMs = Math.ceil(deployment.kernel.nowMs / 60_000 + 1) * 60_000
  return {
    alarms: alarmsIn(template),
    dashboards: dashboardsIn(template),
    spanMs: lastMs - firstMs,
    idlePollsPerMonth: deployment.idlePolls(restMs, restMs + monthMs),
    fifoQueues: fifoQueuesIn(template),
  }
}

/** Reads the tables and the ledger of an ended run, and holds the laws against them. */
export const judge = (
  { workload, seed }: Pick<RunSpec, 'workload' | 'seed'>,
  { deployment, stock, ledger }: RunAftermath,
  announced: ReadonlyMap<string, ReadonlySet<string>>,
): Audit => {
  const tableOf = (service: string) => deployment.table(deployment.outputs[`${service}TableName`] ?? '')
  const records = (service: string): Book => {
    const table = tableOf(service)
    return {
      get: (orderId) => table.item(orderId, readOfRecords) as ServiceRecord | undefined,
      keys: () => orderKeys(table.keys()),
    }
  }
  const { arrivals, currency } = workload
  return audit({
    orderIds: arrivals.map(({ orderId }) => orderId),
    orders: records('Order'),
    inventory: records('Inventory'),
    payment: records('Payment'),
    shipping: records('Shipping'),
    notification: records('Notification'),
    orderAt: (index) => {
      const arrival = arrivals[index]
      if (arrival === undefined) throw new Error(`There is no order ${index} in the workload.`)
      return spellOut(arrival, currency, seed)
    },
    stockBefore: stock,
    stockAfter: stockIn(tableOf('Inventory')),
    ledger,
    announced,
  })
}

const stockKey = 'sku#'

function* orderKeys(keys: Iterable<string>): Iterable<string> {
  for (const key of keys) if (!key.startsWith(stockKey)) yield key
}

const stockIn = (table: ReturnType<Deployment['table']>): ReadonlyMap<string, number> => {
  const stock = new Map<string, number>()
  for (const key of table.keys())
    if (key.startsWith(stockKey))
      stock.set(key.slice(stockKey.length), Number(table.item(key)?.['available']))
  return stock
}

/** The terminal facts that the bus took, by order; a set of one type shares its memory with all like it. */
export const createAnnounced = (
  orders: readonly { readonly orderId: string }[],
): {
  readonly observer: Observer
  readonly announced: ReadonlyMap<string, ReadonlySet<string>>
} => {
  // Every order has its key from the start: one out of a message would keep the text of the message.
  const announced = new Map(orders.map(({ orderId }): [string, ReadonlySet<string>] => [orderId, nothing]))
  const announce = (orderId: string, end: ReadonlySet<string>): void => {
    const before = announced.get(orderId)
    if (before === undefined || before === end) return
    announced.set(orderId, before === nothing ? end : new Set([...before, ...end]))
  }
  return {
    announced,
    observer: {
      call(call) {
        if (call.service !== 'events') return
        for (const { type, detail } of publishedIn(call)) {
          const end = ends.get(type)
          const orderId = end === undefined ? undefined : orderIn(detail)
          if (end !== undefined && orderId !== undefined) announce(orderId, end)
        }
      },
    },
  }
}

const nothing: ReadonlySet<string> = new Set()
const ends: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['OrderCompleted', new Set(['OrderCompleted'])],
  ['OrderRejected', new Set(['OrderRejected'])],
])
