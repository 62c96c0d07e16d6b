import { type StackName, synth } from '../../infra/synth.ts'
import { simulateWorld } from '../../shared/providers.ts'
import type { Clients, Environment } from '../../shared/runtime.ts'
import { contestants } from '../contestants.ts'
import { createAnnounced, judge } from '../measured-run.ts'
import { tell } from '../observers.ts'
import { epochMs, horizonMs } from '../run.ts'
import { providerModel } from '../scenarios/provider-model.ts'
import { steady } from '../scenarios/steady.ts'
import { type Deployment, deploy, type FunctionCode } from '../virtual-aws/deploy.ts'
import type { FaultHooks } from '../virtual-aws/faults.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { spellOut } from '../workload/lines.ts'
import { initialStock } from '../workload/stock.ts'
import { watchRecovery } from './recovery.ts'

export const hourMs = 60 * 60_000
const seed = 1
const templates = synth()

export interface Disturbance {
  readonly contestant: string
  readonly orders?: number
  readonly hooks?: FaultHooks
  /** What the watch is told of the windows of the faults that the hooks are. */
  readonly faults?: readonly { readonly fromMs: number; readonly forMs: number }[]
  /** What somebody does to the stack, by ms after the first order. */
  readonly acts?: readonly { readonly atMs: number; act(deployment: Deployment): Promise<unknown> }[]
  /** How long the run lies at rest before anybody looks. */
  readonly unseenForMs?: number
  readonly keepArchives?: boolean
}

/** A few steady orders under a disturbance, what is then to be done, and what comes of doing it. */
export const disturbedRun = async ({
  contestant: id,
  orders = 5,
  hooks = {},
  faults = [],
  acts = [],
  unseenForMs = 0,
  keepArchives = true,
}: Disturbance) => {
  const contestant = contestants.find((each) => each.id === id)
  if (contestant === undefined) throw new Error(`There is no contestant ${id}.`)
  const template = templates[contestant.stack as StackName]
  const workload = builtInWorkload({ count: orders, ratePerSecond: 1, seed })
  const world = simulateWorld(providerModel(steady, seed, epochMs))
  const code: Record<string, FunctionCode> = {}
  for (const [handler, entry] of Object.entries(contestant.code))
    code[handler] = ({ clients, env, clock }) =>
      entry(clients as Clients, env as Environment, world.providers(clock), clock)
  const watch = watchRecovery(template, { faults, startMs: epochMs })
  const facts = createAnnounced(workload.arrivals)
  const deployment = deploy(template, {
    region: 'us-east-1',
    seed,
    startMs: epochMs,
    code,
    observer: tell([watch.observer, facts.observer]),
    faults: hooks,
    keepArchives,
  })
  const { kernel, clients, outputs } = deployment
  const stock = initialStock(workload, steady.world, seed)
  for (const [sku, available] of stock)
    deployment.table(outputs['InventoryTableName'] ?? '').put({ pk: `sku#${sku}`, available })
  const acted: Promise<unknown>[] = []
  for (const { atMs, act } of acts) kernel.at(epochMs + atMs, () => acted.push(act(deployment)))
  for (const arrival of workload.arrivals)
    kernel.at(epochMs + arrival.atMs, () => {
      kernel.wake()
      acted.push(
        contestant.submit(
          clients as Clients,
          outputs,
          spellOut(arrival, workload.currency, seed),
          kernel.nowMs,
        ),
      )
    })
  const lastMs = epochMs + (workload.arrivals.at(-1)?.atMs ?? 0)
  const end = await kernel.run(lastMs + horizonMs)
  await Promise.all(acted)
  if (unseenForMs > 0) {
    kernel.after(unseenForMs, () => undefined)
    await kernel.run(kernel.nowMs + unseenForMs)
  }
  const aftermath = {
    end,
    deployment,
    stock,
    ledger: world.ledger,
    refusedAtDoor: [],
    firstMs: epochMs,
    lastMs,
  }
  const judged = () => judge({ workload, seed }, aftermath, facts.announced)
  const before = judged()
  const needed = watch.needed(deployment)
  const recovered = await watch.recover(deployment, horizonMs)
  return { before, needed, recovered, after: judged(), deployment }
}
