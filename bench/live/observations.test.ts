import { beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { createTracer } from '../../infra/trace.ts'
import type { Clients, FunctionEntry } from '../../shared/runtime.ts'
import { type Contestant, contestants } from '../contestants.ts'
import { createFolds } from '../measured-run.ts'
import { runOrders, type Watchers } from '../run.ts'
import { scenarios } from '../scenarios/all.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { callCounts } from './call-counts.testing.ts'
import type { ExecutionTrace } from './histories.ts'
import { type LiveTraces, observationsOf } from './observations.ts'
import type { LiveStack } from './stack.ts'
import { traceLine } from './trace-line.ts'
import { wiringOf } from './wiring.ts'

/*
 * The virtual AWS knows what happened and tells it. Its functions, traced as they are on a real endpoint, tell it too:
 * what is put together from their lines must be the same.
 */

const templates = synth()
const seed = 1
const workload = builtInWorkload({ count: 60, ratePerSecond: 2, seed })

/** The function that has this handler. */
const functionOf = ({ Resources }: Template, handler: string): string => {
  const found = Object.entries(Resources).find(
    ([, { Properties }]) => Reflect.get(Object(Properties), 'Handler') === handler,
  )
  if (found === undefined) throw new Error(`No function has the handler ${handler}.`)
  return found[0]
}

/** The virtual table refuses to be asked what it bills: a run there is metered otherwise. */
const withoutCapacity = ({ dynamo, ...others }: Clients): Clients => ({
  ...others,
  dynamo: {
    send: (command: { readonly input: { ReturnConsumedCapacity?: unknown } }) => {
      delete command.input.ReturnConsumedCapacity
      return dynamo.send(command as never)
    },
  } as unknown as Clients['dynamo'],
})

const tracedContestant = (contestant: Contestant, template: Template, lines: string[]): Contestant => ({
  ...contestant,
  code: Object.fromEntries(
    Object.entries(contestant.code).map(([handler, entry]): [string, FunctionEntry] => [
      handler,
      (clients, env, providers, clock) => {
        const name = functionOf(template, handler)
        const lambda = { AWS_LAMBDA_FUNCTION_NAME: name, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' }
        const tracer = createTracer(clock, lambda, (line) => lines.push(line))
        const traced = tracer.handler(
          entry(tracer.clients(withoutCapacity(clients)), env, tracer.providers(providers), clock),
        )
        return (event) => traced(event, undefined)
      },
    ]),
  ),
})

/** Names as the virtual AWS gives them. */
const stackOf = ({ Resources }: Template): LiveStack => ({
  name: 'Stack',
  outputs: { CreateOrderQueueUrl: 'Stack-OrderOnCreateOrderQueue' },
  resources: Object.entries(Resources).map(([logicalId, { Type, Properties }]) => ({
    type: Type,
    logicalId,
    physicalId: String(Reflect.get(Object(Properties), 'Name') ?? `Stack-${logicalId}`),
  })),
})

const measured = (watch: (watchers: Required<Watchers>) => void) => {
  const counts = callCounts()
  const folds = createFolds(seed, workload.arrivals, { observers: [counts.observer] })
  watch(folds.watchers)
  return { folds, counts }
}

const runBothWays = async (contestant: Contestant, scenarioId: string) => {
  const template = templates[contestant.stack as keyof typeof templates]
  const scenario = scenarios.find(({ id }) => id === scenarioId)
  if (scenario === undefined) throw new Error(`There is no scenario ${scenarioId}.`)
  const lines: string[] = []
  const transitions: ExecutionTrace['transitions'][number][] = []
  const submissions: LiveTraces['submissions'][number][] = []
  const intended = new Map<string, number>()
  const own = measured(() => undefined)
  const { submitted, accepted, provider, observers } = own.folds.watchers
  const recording: Watchers = {
    observers: [...observers, { transition: (transition) => void transitions.push(transition) }],
    submitted: (orderId, intendedMs) => {
      intended.set(orderId, intendedMs)
      submitted(orderId, intendedMs)
    },
    accepted: (orderId, atMs) => {
      const intendedMs = intended.get(orderId) ?? Number.NaN
      submissions.push({ orderId, intendedMs, sentMs: intendedMs, answeredMs: atMs, error: undefined })
      accepted(orderId, atMs)
    },
    provider,
  }
  const spec = { template, scenario, workload, seed, region: 'us-east-1' }
  await runOrders({ ...spec, contestant: tracedContestant(contestant, template, lines) }, recording)
  const traces: LiveTraces = {
    stack: stackOf(template),
    wiring: wiringOf(template),
    submissions,
    invocations: lines.map((text) => {
      const line = traceLine(text)
      if (line === undefined) throw new Error(`Not a trace: ${text}`)
      return { functionId: line.functionName, line }
    }),
    reports: new Map(),
    executions: [{ transitions, end: undefined }],
  }
  const fromTraces = measured((watchers) => {
    for (const { tell } of observationsOf(traces)) tell(watchers)
  })
  return { own, fromTraces }
}

/** Meters that need no word of AWS: who calls what how often, and how large it is. */
const seenOutside = ['sqs.request', 'events.put', 'states.transition', 'lambda.request']

describe.each(contestants)('traces of $id', (contestant) => {
  describe.each(['steady', 'refusals', 'crash'])('under %s', (scenario) => {
    let own: ReturnType<typeof measured>
    let fromTraces: ReturnType<typeof measured>
    beforeAll(async () => {
      const both = await runBothWays(contestant, scenario)
      own = both.own
      fromTraces = both.fromTraces
    })

    // A crashed invocation tells nothing: that is what a crash is.
    if (scenario !== 'crash')
      it('tell every call, by whom and on what', () => {
        expect(fromTraces.counts.calls()).toEqual(own.counts.calls())
      })

    if (scenario !== 'crash')
      it('give the same latencies, chains and billed units', () => {
        const [told, known] = [fromTraces.folds.finish(), own.folds.finish()]
        for (const point of ['acceptance', 'recorded', 'completion', 'coordination'] as const)
          expect(told.latency[point], point).toEqual(known.latency[point])
        expect(told.chain).toEqual(known.chain)
        const units = ({ usage }: typeof told) =>
          usage.lines.filter(({ meter }) => seenOutside.includes(meter))
        expect(units(told)).toEqual(units(known))
      })

    it('tell the ends that were announced', () => {
      expect(fromTraces.folds.announced).toEqual(own.folds.announced)
    })
  })
})
