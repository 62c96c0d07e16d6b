import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/runtime.ts'
import type { Contestant } from '../contestants.ts'
import { type Audit, audit } from '../laws.ts'
import { createFolds, type RunTotals } from '../measured-run.ts'
import type { Watchers } from '../run.ts'
import { providerModel } from '../scenarios/provider-model.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { spellOut } from '../workload/lines.ts'
import { applyLoad } from '../workload/load.ts'
import { initialStock } from '../workload/stock.ts'
import type { Workload } from '../workload/workload.ts'
import { inBackground } from './background.ts'
import { handIn } from './front-door.ts'
import { type Gaps, gapsInWords, isBillWhole } from './gaps.ts'
import { type ExecutionTrace, readHistories } from './histories.ts'
import { hopsOf } from './hops.ts'
import { type Instruments, instrumentsOf, runIdAt } from './instruments.ts'
import { ledgerOf } from './ledger.ts'
import { type LiveTraces, observationsOf } from './observations.ts'
import { wallClock } from './pace.ts'
import { postSource } from './post-source.ts'
import { listen, type ResultsQueue } from './results-queue.ts'
import { findStack, type LiveStack, outputOf } from './stack.ts'
import { untilEnded } from './stragglers.ts'
import { checkReadable, readTable, stockUp } from './tables.ts'
import { isOnThisMachine, type LiveClients, type Target } from './target.ts'
import { logSource, type TracedRun, type TraceSource } from './trace-source.ts'
import { ordersOf, type Patience, wholeLog } from './whole-log.ts'
import { type Wiring, wiringOf } from './wiring.ts'

/** A contestant whose stack stands, with its instruments. */
export interface LiveContestant {
  readonly contestant: Contestant
  readonly stack: LiveStack
  readonly resultsQueueUrl: string
  readonly wiring: Wiring
  readonly instruments: Instruments
  /** Where its functions tell what they do. */
  openTraces(run: TracedRun): Promise<TraceSource>
}

/** Finds a contestant's stacks and functions; throws BadInput when they are not there. Changes nothing. */
export const findContestant = async (
  clients: LiveClients,
  target: Target,
  contestant: Contestant,
  template: Template,
  takesOver = false,
): Promise<LiveContestant> => {
  const stack = await findStack(clients, target, contestant.stack)
  const results = await findStack(clients, target, `${contestant.stack}Results`)
  const instruments = await instrumentsOf(clients, stack, { takesOver })
  const { functions } = instruments
  return {
    contestant,
    stack,
    resultsQueueUrl: outputOf(results, 'ResultsQueueUrl'),
    wiring: wiringOf(template),
    instruments,
    openTraces: (run) =>
      isOnThisMachine(target)
        ? postSource(functions, run)
        : Promise.resolve(logSource(clients, functions, run)),
  }
}

export interface LiveRunSpec {
  readonly scenario: Scenario
  /** Its order ids must be new to the stack: tables and executions outlive a run. */
  readonly workload: Workload
  readonly seed: number
  readonly patience: Patience
  readonly signal: AbortSignal
  /** Done when everything is ready, before the first order. */
  readonly beforeLoad?: (live: LiveContestant) => Promise<void>
  /** Hears what the folds hear. */
  readonly watchers?: Watchers
  readonly onProgress?: (progress: { readonly submitted: number; readonly ended: number }) => void
}

/** So long before the first order everything is ready. */
const leadMs = 500
const pollMs = 500

/** Hands a workload in, waits for its ends, and measures it by the same folds as a run in the virtual AWS. */
export const runLive = async (
  clients: LiveClients,
  live: LiveContestant,
  spec: LiveRunSpec,
): Promise<RunTotals> => {
  const { contestant, stack, instruments } = live
  const { scenario, seed } = spec
  const workload = { ...spec.workload, arrivals: applyLoad(spec.workload.arrivals, scenario.load) }
  const orderIds = workload.arrivals.map(({ orderId }) => orderId)
  const stock = stockOf(workload, scenario, seed)

  const known = new Set(orderIds)
  // A run that cannot hear its ends or read its log is over at once, whatever is still to be handed in.
  const broken = new AbortController()
  const fail = (error: unknown): void => broken.abort(error)
  const signal = AbortSignal.any([spec.signal, broken.signal])
  // A warm-up is about no order, and the deadline of an order may fall due in a later run.
  const isOurs = (event: unknown): boolean => ordersOf(event).some((orderId) => known.has(orderId))
  const log = await live.openTraces({ id: runIdAt(Date.now()), isOurs, signal })
  const stops: (() => Promise<void>)[] = []
  try {
    await checkPermissions(clients, live, log, signal)
    signal.throwIfAborted()
    await instruments.setWorld(providerModel(scenario, seed, Date.now()), log.traceTo)
    await stockUp(clients, outputOf(stack, 'InventoryTableName'), stock, signal)
    await spec.beforeLoad?.(live)
    signal.throwIfAborted()
    const heard = listen(clients, live.resultsQueueUrl, known, fail)
    // What is read while the run goes on need not be read after it.
    const stopReading = inBackground(() => log.read().then(() => sleep(pollMs)), fail)
    stops.push(heard.stop, stopReading, watchOurs(instruments, fail))
    const firstMs = Date.now() + leadMs
    let submitted = 0
    const submissions = await handIn(clients, {
      contestant,
      workload,
      seed,
      outputs: stack.outputs,
      firstMs,
      signal,
      onSubmitted: () => spec.onProgress?.({ submitted: ++submitted, ended: heard.ends.size }),
    })
    signal.throwIfAborted()
    await untilEnded(heard.ends, submissions, spec.patience.stragglersMs, () => {
      signal.throwIfAborted()
      spec.onProgress?.({ submitted, ended: heard.ends.size })
    })
    // What is dead from here on takes no order away.
    await heard.stop()
    await instruments.checkOurs()
    await stopReading()
    const gaps = await wholeLog(log, heard.ends, spec.patience, signal)
    const executions = await executionsOf(clients, live, orderIds, signal)
    const { invocations, reports } = log
    const traces = { stack, wiring: live.wiring, submissions, invocations, reports, executions }
    const spanMs = workload.arrivals.at(-1)?.atMs ?? 0
    const ended = { workload, seed, stock, traces, ends: heard.ends, gaps, spanMs }
    return await measured(clients, ended, signal, spec.watchers)
  } finally {
    // What is still being read is read for nobody.
    broken.abort()
    log.close()
    await Promise.all(stops.map((stop) => stop()))
  }
}

const checkMs = 60_000

/** Orders that another run spoils are handed in no longer. */
export const watchOurs = (
  { checkOurs }: Pick<Instruments, 'checkOurs'>,
  onFailure: (error: unknown) => void,
  clock: Clock = wallClock,
): (() => Promise<void>) => {
  let nextMs = 0
  return inBackground(async () => {
    await clock.sleep(pollMs)
    if (clock.nowMs() < nextMs) return
    await checkOurs()
    nextMs = clock.nowMs() + checkMs
  }, onFailure)
}

const services = ['Order', 'Inventory', 'Payment', 'Shipping', 'Notification'] as const

/** Throws what would else come out when all orders are in and paid for: something that may not be read. */
const checkPermissions = async (
  clients: LiveClients,
  live: LiveContestant,
  log: TraceSource,
  signal: AbortSignal,
): Promise<void> => {
  for (const service of services)
    await checkReadable(clients, outputOf(live.stack, `${service}TableName`), signal)
  await executionsOf(clients, live, ['never-started'], signal)
  await log.read()
}

/** Of the articles that are ordered at all: a real table is filled item by item. */
const stockOf = (workload: Workload, scenario: Scenario, seed: number): ReadonlyMap<string, number> => {
  const ordered = new Set(
    workload.arrivals.flatMap((arrival) =>
      spellOut(arrival, workload.currency, seed).lines.map(({ sku }) => sku),
    ),
  )
  return new Map([...initialStock(workload, scenario.world, seed)].filter(([sku]) => ordered.has(sku)))
}

const executionsOf = async (
  clients: LiveClients,
  { stack, wiring }: LiveContestant,
  orderIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly ExecutionTrace[]> =>
  wiring.stateMachine === undefined
    ? []
    : readHistories(clients, outputOf(stack, 'StateMachineArn'), wiring.stateMachine, orderIds, signal)

interface Ended {
  readonly workload: Workload
  readonly seed: number
  readonly stock: ReadonlyMap<string, number>
  readonly traces: LiveTraces
  readonly ends: ResultsQueue['ends']
  readonly gaps: Gaps
  readonly spanMs: number
}

const measured = async (
  clients: LiveClients,
  ended: Ended,
  signal: AbortSignal,
  extra?: Watchers,
): Promise<RunTotals> => {
  const orders = ended.workload.arrivals
  const folds = createFolds(ended.seed, orders, extra)
  for (const { tell } of observationsOf(ended.traces)) tell(folds.watchers)
  const gaps = gapsInWords(ended.gaps)
  const { outcomes, laws } = await judge(clients, ended, folds.announced, signal)
  return {
    orders: orders.length,
    outcomes,
    laws,
    ...folds.finish(),
    idlePolls: new Map(),
    standing: undefined,
    spanMs: ended.spanMs,
    kernelEvents: 0,
    hops: hopsOf(ended.traces),
    ...(gaps.length === 0 ? {} : { gaps }),
    ...(isBillWhole(ended.gaps) ? {} : { isBilledInPart: true }),
  }
}

/** Reads the tables, once and when all is over, and holds the laws against them. */
const judge = async (
  clients: LiveClients,
  { workload, seed, stock, traces, ends }: Ended,
  announced: ReadonlyMap<string, ReadonlySet<string>>,
  signal: AbortSignal,
): Promise<Audit> => {
  const { arrivals, currency } = workload
  const orderIds = arrivals.map(({ orderId }) => orderId)
  const known = new Set(orderIds)
  const contentsOf = (service: string) =>
    readTable(clients, outputOf(traces.stack, `${service}TableName`), (orderId) => known.has(orderId), signal)
  const [orders, inventory, payment, shipping, notification] = await Promise.all(services.map(contentsOf))
  if (!(orders && inventory && payment && shipping && notification)) throw new Error('A table was not read.')
  return audit({
    orderIds,
    orders: orders.records,
    inventory: inventory.records,
    payment: payment.records,
    shipping: shipping.records,
    notification: notification.records,
    orderAt: (index) => {
      const arrival = arrivals[index]
      if (arrival === undefined) throw new Error(`There is no order ${index} in the workload.`)
      return spellOut(arrival, currency, seed)
    },
    stockBefore: stock,
    stockAfter: new Map([...inventory.stock].filter(([sku]) => stock.has(sku))),
    ledger: ledgerOf(traces.invocations.flatMap(({ line }) => line.providers)),
    announced: eitherWay(announced, ends),
  })
}

/** What the bus took, as functions told it, and what it gave the results queue: two witnesses of the same facts. */
const eitherWay = (
  told: ReadonlyMap<string, ReadonlySet<string>>,
  heard: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map([...told].map(([orderId, types]) => [orderId, new Set([...types, ...(heard.get(orderId) ?? [])])]))
