import { readFileSync } from 'node:fs'
import { contestants } from '../contestants.ts'
import type { Job, Material } from '../jobs.ts'
import { measureRun } from '../measured-run.ts'
import { runJobs, setCollector } from '../pool.ts'
import { scenarios } from '../scenarios/all.ts'
import { spareMiddleware } from '../virtual-aws/bare-commands.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { builtInParts, partsNeeded } from '../workload/parts.ts'
import { bareEventsPerSecond } from './bare-kernel.ts'
import { ownTransitionsPerSecond, peerTransitionsPerSecond } from './interpreters.ts'
import type { MachineName } from './machine.ts'

/** One measurement, made in a process of its own so that none inherits the heap and the compiled code of another. */
export type Probe =
  | { readonly kind: 'bare'; readonly forMs: number }
  | { readonly kind: 'interpreter' | 'peer'; readonly forMs: number; readonly machine: MachineName }
  | { readonly kind: 'contestant'; readonly contestant: string; readonly orders: number }
  | { readonly kind: 'idle'; readonly orders: number }
  | { readonly kind: 'orders'; readonly orders: number }

export interface ProbeAnswer {
  readonly perSecond: number
  /** Of a contestant. */
  readonly eventsPerSecond?: number
  readonly eventsPerOrder?: number
  /** Of idle time: how long orders take at a thousandth of the rate, in the time that they take at the full rate. */
  readonly slowdown?: number
  readonly peakMiB: number
  readonly wallMs: number
  readonly shards?: number
}

/** What is pushed through for the million: one conductor, one choreography. */
export const measuredContestants = ['orchestrated', 'choreographed'] as const

/** Before that many, code that runs often is not compiled for good; a long run has it behind it soon. */
const warmUpOrders = 4_000

const seed = 1
const ratePerSecond = 2
const region = 'us-east-1'

const runsOf = (id: string, templates: Material['templates']) => {
  // As a worker of a run does.
  setCollector()
  spareMiddleware()
  const contestant = contestants.find((each) => each.id === id)
  const scenario = scenarios.find((each) => each.id === 'steady')
  const template = templates[contestant?.stack ?? '']
  if (contestant === undefined || scenario === undefined || template === undefined)
    throw new Error(`There is nothing to run for ${id}`)
  return (count: number, rate = ratePerSecond) =>
    measureRun({
      contestant,
      template,
      scenario,
      workload: builtInWorkload({ count, ratePerSecond: rate, seed }),
      seed,
      region,
    })
}

const contestantProbe = async (id: string, orders: number, templates: Material['templates']) => {
  const run = runsOf(id, templates)
  await run(warmUpOrders)
  const startedMs = performance.now()
  const { result } = await run(orders)
  const seconds = (performance.now() - startedMs) / 1000
  return {
    perSecond: orders / seconds,
    eventsPerSecond: result.kernelEvents / seconds,
    eventsPerOrder: result.kernelEvents / orders,
  }
}

/** Idle polls are accounted and not simulated: the same orders over a thousand times the time are as much work. */
const idleProbe = async (orders: number, templates: Material['templates']) => {
  const run = runsOf('choreographed', templates)
  await run(warmUpOrders)
  const startedMs = performance.now()
  await run(orders)
  const busyMs = performance.now() - startedMs
  await run(orders, ratePerSecond / 1_000)
  const quietMs = performance.now() - startedMs - busyMs
  return { perSecond: (orders / quietMs) * 1_000, slowdown: quietMs / busyMs }
}

/** Orders through both contestants on all cores, as `compare` runs them: laws, metering, quotas, permissions, samples. */
const ordersProbe = async (orders: number, templates: Material['templates'], workerFile?: string) => {
  const { parts } = builtInParts({ count: orders, ratePerSecond, seed }, partsNeeded(orders))
  const jobs = measuredContestants.flatMap((contestant) =>
    parts.map((workload, part): Job => ({ kind: 'run', contestant, scenario: 'steady', workload, part })),
  )
  const startedMs = performance.now()
  const results = await runJobs(
    jobs,
    { templates, seed, region },
    { workerFile: workerFile === '' ? undefined : workerFile },
  )
  const seconds = (performance.now() - startedMs) / 1000
  for (const result of results)
    if (result.kind === 'run' && result.totals.laws.some(({ held }) => !held))
      throw new Error('A law was broken in a run of the speed test')
  return { perSecond: (orders * measuredContestants.length) / seconds, shards: partsNeeded(orders) }
}

const answerTo = async (probe: Probe): Promise<Omit<ProbeAnswer, 'peakMiB' | 'wallMs'>> => {
  switch (probe.kind) {
    case 'bare':
      return { perSecond: await bareEventsPerSecond(probe.forMs) }
    case 'interpreter':
      await ownTransitionsPerSecond(probe.forMs / 2, probe.machine)
      return { perSecond: await ownTransitionsPerSecond(probe.forMs, probe.machine) }
    case 'peer':
      await peerTransitionsPerSecond(probe.forMs / 2, probe.machine)
      return { perSecond: await peerTransitionsPerSecond(probe.forMs, probe.machine) }
    case 'contestant':
      return contestantProbe(probe.contestant, probe.orders, templatesIn(process.argv[3]))
    case 'idle':
      return idleProbe(probe.orders, templatesIn(process.argv[3]))
    case 'orders':
      return ordersProbe(probe.orders, templatesIn(process.argv[3]), process.argv[4])
  }
}

const templatesIn = (file = ''): Material['templates'] => JSON.parse(readFileSync(file, 'utf8'))

const startedMs = performance.now()
const answer = await answerTo(JSON.parse(process.argv[2] ?? '{}') as Probe)
const told: ProbeAnswer = {
  ...answer,
  // The kernel's figure is in KiB.
  peakMiB: process.resourceUsage().maxRSS / 1024,
  wallMs: performance.now() - startedMs,
}
process.stdout.write(JSON.stringify(told))
