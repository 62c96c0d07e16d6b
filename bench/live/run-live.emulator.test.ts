import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bundleHandlers } from '../../infra/bundle.ts'
import { synthAll } from '../../infra/synth.ts'
import { type Contestant, contestants } from '../contestants.ts'
import { totalsOf } from '../measured-run.ts'
import { scenarios } from '../scenarios/all.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { tagged } from '../workload/tagged.ts'
import type { Workload } from '../workload/workload.ts'
import { callCounts } from './call-counts.testing.ts'
import { callDifferences, differencesOf } from './emulator/call-differences.testing.ts'
import { deleteStack, deployStack } from './emulator/stack.ts'
import { warmUp } from './emulator/warm-up.ts'
import { runLiveJobs } from './live-job.ts'
import { findContestant, type LiveContestant, runLive } from './run-live.ts'
import { stockDecisions } from './stock-decisions.testing.ts'
import { connect, disconnect, type LiveClients, type Target } from './target.ts'

const orders = 60
const seed = 1
const region = 'us-east-1'
const { contestants: templates, results } = synthAll()

const faultFree = scenarios.filter(({ faults }) => faults.length === 0)

/** Orders a second of each contestant, as the emulator takes them on two cores. A burst is ten times as fast. */
const rates: Readonly<Record<string, number>> = { burst: 0.1 }
const rate = 1

/** Ids that the stacks have not seen: tables and executions outlive a run. */
const workloadOf = (scenario: string): Workload => {
  const workload = tagged(
    builtInWorkload({ count: orders, ratePerSecond: rates[scenario] ?? rate, seed }),
    scenario,
  )
  if (scenario !== 'scarcity') return workload
  // At even distances no two orders contend within the same moment, and as many are refused in every run.
  return {
    ...workload,
    arrivals: workload.arrivals.map((arrival, index) => ({ ...arrival, atMs: (index * 1_000) / rate })),
  }
}

const resultsOf = ({ stack }: Contestant) => `${stack}Results` as keyof typeof results

let clients: LiveClients
const live = new Map<string, LiveContestant>()

beforeAll(async () => {
  const target: Target = { kind: 'endpoint', url: inject('emulatorUrl'), region }
  clients = connect(target)
  const code = await bundleHandlers('.cache/handlers')
  for (const contestant of contestants) {
    const template = templates[contestant.stack as keyof typeof templates]
    await deployStack(clients, contestant.stack, template, code)
    const resultsStack = resultsOf(contestant)
    await deployStack(clients, resultsStack, results[resultsStack])
    live.set(contestant.id, await findContestant(clients, target, contestant, template))
  }
})

afterAll(async () => {
  for (const { stack } of contestants) {
    await deleteStack(clients, `${stack}Results`)
    await deleteStack(clients, stack)
  }
  disconnect(clients)
})

const onEmulator = async (contestant: Contestant, scenario: (typeof faultFree)[number]) => {
  const found = live.get(contestant.id)
  if (found === undefined) throw new Error(`${contestant.id} was not deployed.`)
  const counts = callCounts()
  const stock = stockDecisions()
  const workload = workloadOf(scenario.id)
  const totals = await runLive(clients, found, {
    scenario,
    workload,
    seed,
    patience: { stragglersMs: 120_000, quietMs: 8_000 },
    signal: new AbortController().signal,
    beforeLoad: () => warmUp(clients, contestant.stack),
    watchers: { observers: [counts.observer, stock.observer] },
  })
  const served =
    scenario.promises === 'sameOutcome'
      ? workload
      : { ...workload, arrivals: stock.inTurn(workload.arrivals) }
  return { totals, calls: counts.calls(), ends: endsOf(workload, totals.outcomes), served }
}

/** By order, as both runs tell it whatever the order of their arrivals. */
const endsOf = ({ arrivals }: Workload, outcomes: string) =>
  Object.fromEntries(
    arrivals
      .map(({ orderId }, index): [string, string] => [orderId, outcomes[index] ?? ''])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Where stock is scarce, who comes first decides: the virtual AWS is then given the orders as they were served. */
const inVirtualAws = async (
  contestant: Contestant,
  scenario: (typeof faultFree)[number],
  workload: Workload,
) => {
  const counts = callCounts()
  const totals = await totalsOf(
    {
      contestant,
      template: templates[contestant.stack as keyof typeof templates],
      scenario,
      workload,
      seed,
      region,
    },
    { observers: [counts.observer] },
  )
  return { calls: counts.calls(), ends: endsOf(workload, totals.outcomes) }
}

describe.each(faultFree)('scenario $id over the wire', (scenario) => {
  const runs = new Map<string, Awaited<ReturnType<typeof onEmulator>>>()

  beforeAll(async () => {
    await Promise.all(
      contestants.map(async (contestant) => runs.set(contestant.id, await onEmulator(contestant, scenario))),
    )
  })

  describe.each(contestants)('$id', (contestant) => {
    const run = () => {
      const found = runs.get(contestant.id)
      if (found === undefined) throw new Error(`${contestant.id} did not run.`)
      return found
    }

    it('ends every order, fulfilled or rejected', () => {
      expect(run().totals.outcomes).toMatch(/^[fr]{60}$/)
    })

    it('keeps the laws in its tables', () => {
      expect(run().totals.laws.filter(({ held }) => !held)).toEqual([])
    })

    it('ends each order as in the virtual AWS', async () => {
      const { ends } = await inVirtualAws(contestant, scenario, run().served)
      expect(run().ends).toEqual(ends)
    })

    it('calls what it calls in the virtual AWS as often, but for what is explained', async () => {
      const { calls } = await inVirtualAws(contestant, scenario, run().served)
      const explained = callDifferences
        .filter((each) => each.contestant === contestant.id && each.scenario === scenario.id)
        .flatMap((each) => Object.entries(each.calls))
      expect(differencesOf(calls, run().calls)).toEqual(Object.fromEntries(explained))
    })
  })
})

describe('a run that is stopped', () => {
  it('leaves the functions as they were deployed, and says why it ended', async () => {
    const stopped = new Error('stopped')
    const controller = new AbortController()
    const [contestant] = contestants
    if (contestant === undefined) throw new Error('There is no contestant.')
    // The runs above were made one by one and left them on, as a run does that others follow.
    await live.get(contestant.id)?.instruments.takeOff()
    const run = runLiveJobs(
      {
        target: { kind: 'endpoint', url: inject('emulatorUrl'), region },
        contestants: [contestant],
        scenarios: faultFree.slice(0, 1),
        workload: workloadOf('stopped'),
        material: { templates, seed, region },
        patience: { stragglersMs: 120_000, quietMs: 2_000 },
        runTag: 'stopped',
      },
      controller.signal,
      // With the first order that was handed in.
      () => controller.abort(stopped),
    )
    await expect(run).rejects.toBe(stopped)
    for (const { name } of live.get(contestant.id)?.instruments.functions ?? []) {
      const { Environment } = await clients.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      )
      expect(Object.keys(Environment?.Variables ?? {})).toContain('TABLE_NAME')
      expect(Environment?.Variables).not.toHaveProperty('TRACE')
      expect(Environment?.Variables).not.toHaveProperty('PROVIDERS')
    }
  })
})
