import type { ProviderCall } from '../shared/providers.ts'
import { simulateWorld } from '../shared/providers.ts'
import type { Clients, Environment } from '../shared/runtime.ts'
import { scheduleActs } from './acts.ts'
import type { Contestant } from './contestants.ts'
import { tell } from './observers.ts'
import { faultHooks } from './scenarios/faults.ts'
import { providerModel } from './scenarios/provider-model.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { faultsOf, resourcesOf, type Site } from './scenarios/site.ts'
import { withoutConsumer, withoutRule } from './template-surgery.ts'
import { type Deployment, deploy, type FunctionCode, type Template } from './virtual-aws/deploy.ts'
import type { RunEnd } from './virtual-aws/kernel.ts'
import type { LatencyOverrides } from './virtual-aws/latency.ts'
import type { Observer } from './virtual-aws/observer.ts'
import { spellOut } from './workload/lines.ts'
import { applyLoad } from './workload/load.ts'
import { initialStock, stockOfOrdered } from './workload/stock.ts'
import type { Workload } from './workload/workload.ts'

/** When every virtual run begins: a Monday. Milliseconds since the Unix epoch. */
export const epochMs = Date.UTC(2026, 0, 5)

/** How long after the last intended start an order may still end; later it is stuck. */
export const horizonMs = 24 * 60 * 60_000

export interface RunSpec {
  readonly contestant: Contestant
  readonly template: Template
  readonly scenario: Scenario
  readonly workload: Workload
  readonly seed: number
  /** Of the virtual AWS, where it differs: shards of one run have the same seed but for it. */
  readonly awsSeed?: number
  readonly region: string
  /** In place of the published latencies of these hops. */
  readonly latency?: LatencyOverrides
  /** Whether somebody acts when a run with faults has come to rest; archives then keep their events. */
  readonly recovers?: true
  /** A warehouse that holds only what is ordered, of the catalogue's own shelf: to fill all of it takes longer than a few orders do. */
  readonly shelves?: 'ordered'
  /** Whether its orders are followed one by one, so that a run with faults can be held against one without. */
  readonly keepsFootprint?: true
}

/** Who watches a run: the virtual AWS, the front door and the outside world. */
export interface Watchers {
  readonly observers: readonly Observer[]
  readonly submitted?: (orderId: string, intendedMs: number) => void
  readonly accepted?: (orderId: string, atMs: number) => void
  readonly provider?: (call: ProviderCall) => void
}

/** What is left when a run has ended: the tables, the outside world's memory, and the stock it began with. */
export interface RunAftermath {
  readonly end: RunEnd
  readonly deployment: Deployment
  readonly stock: ReadonlyMap<string, number>
  readonly ledger: ReturnType<typeof simulateWorld>['ledger']
  readonly refusedAtDoor: readonly string[]
  /** Intended starts of the first and the last order. */
  readonly firstMs: number
  readonly lastMs: number
}

/** Hears that a minute of virtual time ends at `atMs`, and may look at the deployment without changing it. */
export type MinuteWatcher = (atMs: number, deployment: Deployment) => void

/** Deploys a contestant on the virtual AWS, sends it the orders at their intended times, and runs until all is quiet. */
export const runOrders = async (
  spec: RunSpec,
  watchers: Watchers,
  minutePassed?: MinuteWatcher,
): Promise<RunAftermath> => {
  const { contestant, scenario, workload, seed } = spec
  const world = simulateWorld(providerModel(scenario, seed, epochMs), watchers.provider)
  const unreadable = faultsOf(scenario.faults, 'poison').length + faultsOf(scenario.faults, 'schema').length
  // Handlers log each message that they cannot read, for people to see; where it was made so, nobody need.
  const logging = unreadable === 0 ? {} : { AWS_LAMBDA_LOG_LEVEL: 'FATAL' }
  const code: Record<string, FunctionCode> = {}
  for (const [handler, entry] of Object.entries(contestant.code))
    code[handler] = (runtime) =>
      entry(
        runtime.clients as Clients,
        { ...runtime.env, ...logging } as Environment,
        world.providers(runtime.clock),
        runtime.clock,
      )
  const site: Site = { startMs: epochMs, functions: contestant.functions, steps: contestant.steps }
  const template = templateUnder(scenario, site, spec.template)
  const deployment = deploy(template, {
    region: spec.region,
    seed: spec.awsSeed ?? seed,
    startMs: epochMs,
    code,
    observer: tell(watchers.observers),
    faults: faultHooks(scenario, seed, site),
    ...(spec.latency === undefined ? {} : { latency: spec.latency }),
    ...(spec.recovers === true ? { keepArchives: true } : {}),
    ...(minutePassed === undefined
      ? {}
      : { clock: { everyMs: 60_000, passed: (atMs: number) => minutePassed(atMs, deployment) } }),
  })
  const stockIn = spec.shelves === 'ordered' ? stockOfOrdered : initialStock
  const stock = stockIn(workload, scenario.world, seed)
  const inventory = deployment.table(deployment.outputs['InventoryTableName'] ?? '')
  for (const [sku, available] of stock) inventory.put({ pk: `sku#${sku}`, available })

  scheduleActs(scenario.faults, { deployment, site, template })

  const refusedAtDoor: string[] = []
  const submit = submitter(spec, deployment, watchers, refusedAtDoor)
  const arrivals = applyLoad(workload.arrivals, scenario.load)
  const { kernel } = deployment
  let next = 0
  const arrive = (): void => {
    const arrival = arrivals[next]
    if (arrival === undefined) return
    next += 1
    submit(arrival)
    const following = arrivals[next]
    if (following !== undefined) kernel.at(epochMs + following.atMs, arrive)
  }
  const firstMs = epochMs + (arrivals[0]?.atMs ?? 0)
  const lastMs = epochMs + (arrivals.at(-1)?.atMs ?? 0)
  kernel.at(firstMs, arrive)
  const end = await kernel.run(lastMs + horizonMs)
  return {
    end,
    deployment,
    stock,
    ledger: world.ledger,
    refusedAtDoor,
    firstMs,
    lastMs,
  }
}

/** A scenario may have a stack deployed without those who take a step, or without the rules that bring its events. */
const templateUnder = ({ faults }: Scenario, site: Site, template: Template): Template => {
  const deserted = faultsOf(faults, 'nobody-listens')
    .flatMap((fault) => resourcesOf(site, fault, 'Function'))
    .reduce(withoutConsumer, template)
  return faultsOf(faults, 'rule-missing')
    .flatMap((fault) => resourcesOf(site, fault, 'Rule'))
    .reduce(withoutRule, deserted)
}

const submitter = (
  { contestant, workload, seed }: RunSpec,
  { kernel, clients, outputs }: Deployment,
  watchers: Watchers,
  refusedAtDoor: string[],
): ((arrival: Workload['arrivals'][number]) => void) => {
  return (arrival) => {
    const { nowMs } = kernel
    watchers.submitted?.(arrival.orderId, nowMs)
    kernel.wake()
    contestant.submit(clients as Clients, outputs, spellOut(arrival, workload.currency, seed), nowMs).then(
      () => watchers.accepted?.(arrival.orderId, kernel.nowMs),
      () => refusedAtDoor.push(arrival.orderId),
    )
  }
}
