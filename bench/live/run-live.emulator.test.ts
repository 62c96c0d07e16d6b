import { InvokeCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bundleHandlers } from '../../infra/bundle.ts'
import { synth } from '../../infra/synth.ts'
import { type Contestant, contestants } from '../contestants.ts'
import { totalsOf } from '../measured-run.ts'
import { scenarios } from '../scenarios/all.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import type { Workload } from '../workload/workload.ts'
import { callCounts } from './call-counts.testing.ts'
import { deleteStack, deployStack } from './emulator/stack.ts'
import { findContestant, type LiveContestant, runLive } from './run-live.ts'
import { connect, disconnect, type LiveClients, type Target } from './target.ts'

const orders = 60
const seed = 1
const region = 'us-east-1'
const templates = synth()

const faultFree = scenarios.filter(({ faults }) => faults.length === 0)

/** Orders a second of each contestant; what the emulator takes of all three on two cores. A burst is ten times as fast. */
const rates: Readonly<Record<string, number>> = { burst: 0.15 }
const rate = 1.5

/** Ids that the stacks have not seen: tables and executions outlive a run. */
const workloadOf = (scenario: string): Workload => {
  const workload = builtInWorkload({ count: orders, ratePerSecond: rates[scenario] ?? rate, seed })
  const arrivals = workload.arrivals.map((arrival) => ({
    ...arrival,
    orderId: `${scenario}-${arrival.orderId}`,
  }))
  return { ...workload, arrivals }
}

/** The stand-in for the stack of the results queue, until the real one is there. */
const resultsTemplate = (stack: string) => ({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: `${stack}-OrderBus`,
        EventPattern: { 'detail-type': ['OrderCompleted', 'OrderRejected'] },
        Targets: [{ Id: 'q', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
      },
    },
  },
  Outputs: { ResultsQueueUrl: { Value: { Ref: 'Queue' } } },
})

let clients: LiveClients
const live = new Map<string, LiveContestant>()

beforeAll(async () => {
  const target: Target = { kind: 'endpoint', url: inject('emulatorUrl'), region }
  clients = connect(target)
  const code = await bundleHandlers('.cache/handlers')
  for (const contestant of contestants) {
    const template = templates[contestant.stack as keyof typeof templates]
    await deployStack(clients, contestant.stack, template, code)
    await deployStack(clients, `${contestant.stack}Results`, resultsTemplate(contestant.stack))
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

/** One environment of each function, before the load: hundreds that start at once take minutes on two cores. */
const warmUp = async ({ instruments }: LiveContestant): Promise<void> => {
  for (const { name } of instruments.functions)
    await clients.lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{"Records":[]}' }))
}

const onEmulator = async (contestant: Contestant, scenario: (typeof faultFree)[number]) => {
  const found = live.get(contestant.id)
  if (found === undefined) throw new Error(`${contestant.id} was not deployed.`)
  const counts = callCounts()
  const totals = await runLive(clients, found, {
    scenario,
    workload: workloadOf(scenario.id),
    seed,
    patience: { stragglersMs: 120_000, quietMs: 2_000 },
    signal: new AbortController().signal,
    beforeLoad: warmUp,
    watchers: { observers: [counts.observer] },
  })
  return { totals, calls: counts.calls() }
}

const inVirtualAws = async (contestant: Contestant, scenario: (typeof faultFree)[number]) => {
  const counts = callCounts()
  const totals = await totalsOf(
    {
      contestant,
      template: templates[contestant.stack as keyof typeof templates],
      scenario,
      workload: workloadOf(scenario.id),
      seed,
      region,
    },
    { observers: [counts.observer] },
  )
  return { totals, calls: counts.calls() }
}

describe.each(faultFree)('scenario $id over the wire', (scenario) => {
  const runs = new Map<string, Awaited<ReturnType<typeof onEmulator>>>()

  beforeAll(async () => {
    const ended = await Promise.all(contestants.map((contestant) => onEmulator(contestant, scenario)))
    for (const [index, contestant] of contestants.entries()) {
      const run = ended[index]
      if (run !== undefined) runs.set(contestant.id, run)
    }
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

    if (scenario.promises === 'sameOutcome')
      it('ends each order as in the virtual AWS', async () => {
        const { totals } = await inVirtualAws(contestant, scenario)
        expect(run().totals.outcomes).toBe(totals.outcomes)
      })

    if (scenario.promises === 'sameOutcome')
      it('calls what it calls in the virtual AWS, as often', async () => {
        const { calls } = await inVirtualAws(contestant, scenario)
        expect(run().calls).toEqual(calls)
      })
  })
})
