import { GetExecutionHistoryCommand, type GetExecutionHistoryOutput } from '@aws-sdk/client-sfn'
import { beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { createTracer } from '../../infra/trace.ts'
import type { Clients, FunctionEntry } from '../../shared/runtime.ts'
import { type Contestant, contestants } from '../contestants.ts'
import { priceUsage } from '../measure/cost.ts'
import { createFolds, measureRun } from '../measured-run.ts'
import { pricesOf } from '../prices/regions.ts'
import type { CostLine } from '../results.ts'
import { runOrders, type Watchers } from '../run.ts'
import { scenarios } from '../scenarios/all.ts'
import { steady } from '../scenarios/steady.ts'
import type { Deployment, Template } from '../virtual-aws/deploy.ts'
import type { Observer } from '../virtual-aws/observer.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import type { Workload } from '../workload/workload.ts'
import { callCounts } from './call-counts.testing.ts'
import type { ExecutionTrace } from './histories.ts'
import { type LiveTraces, observationsOf } from './observations.ts'
import type { LiveStack } from './stack.ts'
import { type Report, traceLine } from './trace-line.ts'
import { unmetered } from './unmetered.ts'
import { wiringOf } from './wiring.ts'

/*
 * The virtual AWS knows what happened and tells it. Its functions, traced as they are on a real endpoint, tell it too:
 * what is put together from their lines must be the same.
 */

const templates = synth()
const seed = 1
const region = 'us-east-1'
const ordinary = builtInWorkload({ count: 60, ratePerSecond: 2, seed })
/** So large that a message of one takes several requests: with all lines, a command, an event and a record. */
const large: Workload = {
  ...ordinary,
  arrivals: ordinary.arrivals
    .slice(0, 12)
    .map((arrival) => ({ ...arrival, lines: 1_500, units: 3_000, amount: 6_000_000 })),
}

/** The function that has this handler. */
const functionOf = ({ Resources }: Template, handler: string): string => {
  const found = Object.entries(Resources).find(
    ([, { Properties }]) => Reflect.get(Object(Properties), 'Handler') === handler,
  )
  if (found === undefined) throw new Error(`No function has the handler ${handler}.`)
  return found[0]
}

/** What a real endpoint would say beside: what a table bills of a request, and what Lambda does of an invocation. */
const createWitness = () => {
  const unitsOf = new Map<unknown, number>()
  const requestOf = new Map<unknown, string>()
  const reports = new Map<string, Report>()
  let requests = 0
  const observer: Observer = {
    call({ service, input, units }) {
      if (service === 'dynamodb') unitsOf.set(input, (unitsOf.get(input) ?? 0) + units)
    },
    invocation({ event, billedMs, initMs }) {
      const requestId = requestOf.get(event) ?? ''
      reports.set(requestId, { requestId, billedMs, initMs, isTimeout: false })
    },
  }
  /** The virtual table refuses to be asked what it bills. */
  const send = async (dynamo: Clients['dynamo'], command: TableCommand): Promise<unknown> => {
    delete command.input.ReturnConsumedCapacity
    const output: object = await dynamo.send(command as never)
    return { ...output, ConsumedCapacity: { CapacityUnits: unitsOf.get(command.input) ?? 0 } }
  }
  return {
    observer,
    reports,
    clients: ({ dynamo, ...others }: Clients): Clients => ({
      ...others,
      dynamo: { send: (command: TableCommand) => send(dynamo, command) } as unknown as Clients['dynamo'],
    }),
    contextOf: (event: unknown) => {
      const awsRequestId = `request-${++requests}`
      requestOf.set(event, awsRequestId)
      return { awsRequestId }
    },
  }
}

interface TableCommand {
  readonly input: { ReturnConsumedCapacity?: unknown }
}

const tracedContestant = (
  contestant: Contestant,
  template: Template,
  { clients: saying, contextOf }: ReturnType<typeof createWitness>,
  lines: string[],
): Contestant => ({
  ...contestant,
  code: Object.fromEntries(
    Object.entries(contestant.code).map(([handler, entry]): [string, FunctionEntry] => [
      handler,
      (clients, env, providers, clock) => {
        const name = functionOf(template, handler)
        const lambda = { AWS_LAMBDA_FUNCTION_NAME: name, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' }
        const tracer = createTracer(clock, lambda, (line) => lines.push(line))
        const traced = tracer.handler(
          entry(tracer.clients(saying(clients)), env, tracer.providers(providers), clock),
        )
        return (event) => traced(event, contextOf(event))
      },
    ]),
  ),
})

/** Names as the virtual AWS gives them. */
const stackOf = ({ Resources }: Template): LiveStack => ({
  name: 'Stack',
  region,
  outputs: { CreateOrderQueueUrl: 'Stack-OrderOnCreateOrderQueue' },
  resources: Object.entries(Resources).map(([logicalId, { Type, Properties }]) => ({
    type: Type,
    logicalId,
    physicalId: String(Reflect.get(Object(Properties), 'Name') ?? `Stack-${logicalId}`),
  })),
})

const watched = ({ arrivals }: Workload) => {
  const counts = callCounts()
  const folds = createFolds(seed, arrivals, { observers: [counts.observer] })
  return { counts, folds }
}

const foundBy = ({ counts, folds }: ReturnType<typeof watched>) => ({
  calls: counts.calls(),
  announced: folds.announced,
  ...folds.finish(),
})

const runBothWays = async (contestant: Contestant, scenarioId: string, workload = ordinary) => {
  const template = templates[contestant.stack as keyof typeof templates]
  const scenario = scenarios.find(({ id }) => id === scenarioId)
  if (scenario === undefined) throw new Error(`There is no scenario ${scenarioId}.`)
  const lines: string[] = []
  const transitions: ExecutionTrace['transitions'][number][] = []
  const submissions: LiveTraces['submissions'][number][] = []
  const intended = new Map<string, number>()
  const witness = createWitness()
  const own = watched(workload)
  const { submitted, accepted, provider, observers } = own.folds.watchers
  const recording: Watchers = {
    observers: [
      ...observers,
      witness.observer,
      { transition: (transition) => void transitions.push(transition) },
    ],
    submitted: (orderId, intendedMs) => {
      intended.set(orderId, intendedMs)
      submitted(orderId, intendedMs)
    },
    accepted: (orderId, atMs) => {
      const intendedMs = intended.get(orderId) ?? Number.NaN
      submissions.push({
        orderId,
        intendedMs,
        sentMs: intendedMs,
        answeredMs: atMs,
        attempts: 1,
        error: undefined,
      })
      accepted(orderId, atMs)
    },
    provider,
  }
  const spec = { template, scenario, workload, seed, region }
  const { deployment } = await runOrders(
    { ...spec, contestant: tracedContestant(contestant, template, witness, lines) },
    recording,
  )
  const known = foundBy(own)
  const wiring = wiringOf(template)
  const traces: LiveTraces = {
    stack: stackOf(template),
    wiring,
    submissions,
    invocations: lines.map((text) => {
      const line = traceLine(text)
      if (line === undefined) throw new Error(`Not a trace: ${text}`)
      return { functionId: line.functionName, line }
    }),
    reports: witness.reports,
    executions:
      wiring.stateMachine === undefined
        ? []
        : await executionsOf(deployment, wiring.stateMachine, workload, transitions),
  }
  return { known, told: toldBy(traces, workload), traces }
}

const toldBy = (traces: LiveTraces, workload = ordinary) => {
  const fromTraces = watched(workload)
  for (const { tell } of observationsOf(traces)) tell(fromTraces.folds.watchers)
  return foundBy(fromTraces)
}

/** The transitions as they were told, and how long each history is that the virtual AWS kept. */
const executionsOf = async (
  { clients, outputs, kernel }: Deployment,
  machineId: string,
  { arrivals }: Workload,
  transitions: ExecutionTrace['transitions'],
): Promise<readonly ExecutionTrace[]> => {
  const machineArn = outputs['StateMachineArn'] ?? ''
  const eventsOf = new Map<string, number>()
  for (const { orderId } of arrivals) {
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${orderId}`
    const asked = clients.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }))
    await kernel.run(kernel.nowMs + 60_000)
    eventsOf.set(orderId, ((await asked) as GetExecutionHistoryOutput).events?.length ?? 0)
  }
  return [...eventsOf].map(([executionName, events]) => ({
    transitions: transitions.filter(
      (each) => each.machineId === machineId && each.executionName === executionName,
    ),
    end: undefined,
    events,
  }))
}

const steadyOf = (contestant: Contestant) => runBothWays(contestant, 'steady')

describe.each(contestants)('traces of $id', (contestant) => {
  describe.each(['steady', 'refusals', 'scarcity', 'burst', 'crash'])('under %s', (scenario) => {
    let both: Awaited<ReturnType<typeof runBothWays>>
    beforeAll(async () => {
      both = await runBothWays(contestant, scenario)
    })

    // A crashed invocation tells nothing: that is what a crash is.
    if (scenario !== 'crash') {
      it('tell every call, by whom and on what', () => {
        expect(both.told.calls).toEqual(both.known.calls)
      })

      it('give the same latencies and chains', () => {
        for (const point of ['acceptance', 'recorded', 'completion', 'coordination'] as const)
          expect(both.told.latency[point], point).toEqual(both.known.latency[point])
        expect(both.told.chain).toEqual(both.known.chain)
      })

      it('give the units of every meter to the last, of the flow and of the order view', () => {
        expect(both.told.usage.lines).toEqual(both.known.usage.lines)
      })
    }

    it('tell the ends that were announced', () => {
      expect(both.told.announced).toEqual(both.known.announced)
    })
  })
})

describe.each(contestants)('traces of large orders of $id', (contestant) => {
  it('give the units of every meter to the last', async () => {
    const { known, told } = await runBothWays(contestant, 'steady', large)
    expect(told.usage.lines).toEqual(known.usage.lines)
  })
})

describe('a deadline that falls due after the run', () => {
  const viewOf = ({ usage }: ReturnType<typeof toldBy>): Readonly<Record<string, number>> =>
    Object.fromEntries(
      usage.lines.filter(({ part }) => part === 'order view').map(({ meter, units }) => [meter, units]),
    )

  it('is billed as if it had been seen, but for how long it takes and how it starts', async () => {
    const [choreographed] = contestants.filter(({ style }) => style === 'choreography')
    if (choreographed === undefined) throw new Error('Nobody dances.')
    const { known, traces } = await steadyOf(choreographed)
    const before = traces.invocations.filter(({ functionId }) => functionId !== 'ViewOnDeadlineFunction')
    expect(before.length).toBe(traces.invocations.length - ordinary.arrivals.length)
    const {
      'lambda.gbMs': gbMs = 0,
      'logs.bytes': logs = 0,
      ...told
    } = viewOf(toldBy({ ...traces, invocations: before }))
    const { 'lambda.gbMs': gbMsKnown = 0, 'logs.bytes': logsKnown = 0, ...exact } = viewOf(known)
    expect(told).toEqual(exact)
    expect(Math.abs(gbMs / gbMsKnown - 1)).toBeLessThan(0.1)
    expect(Math.abs(logs / logsKnown - 1)).toBeLessThan(0.01)
  })
})

describe('the bill of a live run', () => {
  it('has every line of a virtual one, but those that are listed as unmetered', async () => {
    const missing = new Set<string>()
    for (const contestant of contestants) {
      const template = templates[contestant.stack as keyof typeof templates]
      const { result } = await measureRun({
        contestant,
        template,
        scenario: steady,
        workload: ordinary,
        seed,
        region,
      })
      const { told } = await steadyOf(contestant)
      const { lines } = priceUsage(told.usage, pricesOf(region), new Map()).cost
      const live = new Map(lines.map((line) => [nameOf(line), line]))
      for (const line of result.cost.lines)
        if (live.has(nameOf(line))) expect(live.get(nameOf(line))).toEqual(line)
        else missing.add(`${line.kind} ${line.meter}`)
      expect(lines.length).toBeGreaterThan(5)
    }
    expect([...missing].toSorted()).toEqual(unmetered.map(({ kind, meter }) => `${kind} ${meter}`).toSorted())
  })
})

const nameOf = ({ part = '', kind, meter }: CostLine): string => `${part}/${kind}/${meter}`
