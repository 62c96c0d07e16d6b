import { type Contestant, contestants } from './contestants.ts'
import { laws } from './laws.ts'
import { field, messageIn, parse, publishedIn } from './measure/messages.ts'
import { createAnnounced, judge } from './measured-run.ts'
import type { ListenerFinding } from './results.ts'
import { runOrders } from './run.ts'
import type { Scenario } from './scenarios/scenario.ts'
import type { Template } from './virtual-aws/deploy.ts'
import type { LatencyOverrides } from './virtual-aws/latency.ts'
import type { ApiCall, Observer } from './virtual-aws/observer.ts'
import { builtInWorkload } from './workload/built-in.ts'

/**
 * The question of the seeds as an experiment: *would the producer fail if nobody listened?* For one message type the
 * listeners are taken out of the template; what is left is deployed and run on orders that bring the type about.
 *
 * - The producer's own outcome. Of an event: whether every invocation that published it succeeded. Of a command that a
 *   conductor sends: whether the task that sent it succeeded, which takes an answer; that a `Catch` may make the best
 *   of it afterwards does not undo that the task failed. Of a command at the front door: whether it was accepted.
 * - The order's outcome: whether every order ends as it does with the listeners in place, laws included.
 */
export interface ListenerJob {
  readonly contestant: string
  readonly message: string
}

const harsh = {
  skusOutOfStock: 0.04,
  skusScarce: 0,
  cardsDeclined: 0.15,
  shipmentsRefused: 0.15,
  mailsBounced: 0.15,
  chargeAnswersLost: 0,
}

/** Orders that meet every refusal. */
const refusing: Scenario = {
  id: 'listeners-refusals',
  title: 'Every refusal occurs',
  promises: 'sameOutcome',
  about: 'Few orders, many refusals: every message of the ordinary flow and of its compensations occurs.',
  load: { kind: 'as-given' },
  world: harsh,
  faults: [],
}

/** Orders whose carrier is away for longer than anybody waits. */
const givingUp: Scenario = {
  ...refusing,
  id: 'listeners-giving-up',
  title: 'The carrier is away for longer than the patience',
  about:
    'Shipping is given up, a shipment whose fate is unknown has to be cancelled, and orders become overdue.',
  faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 0, forMs: 60 * 60_000 }],
}

/** Messages that occur only when a step is given up, or when its being given up takes long. */
const ofGivingUp: ReadonlySet<string> = new Set(['CancelShipping', 'OrderOverdue'])
const scenarioFor = (message: string): Scenario => (ofGivingUp.has(message) ? givingUp : refusing)

/** Enough for every refusal to occur; the experiment asks whether, not how often. */
const ordersMax = 60

/** The messages of a contestant that somebody listens to, each once. */
export const listenedTo = (contestant: Contestant): readonly string[] => [
  ...new Set(contestant.routes.filter((route) => isSent(contestant, route)).map((route) => route.message)),
]

/** A fact that comes back as a task's answer has no listener of its own to take out. */
const isSent = (contestant: Contestant, { kind }: Contestant['routes'][number]): boolean =>
  contestant.style === 'choreography' || kind === 'command'

export const listenerJobs = (chosen: readonly Contestant[]): readonly ListenerJob[] =>
  chosen.flatMap((contestant) =>
    listenedTo(contestant).map((message) => ({ contestant: contestant.id, message })),
  )

/** Runs one message of one contestant with its listeners and without. */
export const runListenerJob = async (
  { contestant: id, message }: ListenerJob,
  template: Template,
  seed: number,
  region: string,
  latency?: LatencyOverrides,
): Promise<ListenerFinding> => {
  const contestant = contestants.find((each) => each.id === id)
  if (contestant === undefined) throw new Error(`There is no contestant ${id}.`)
  const scenario = scenarioFor(message)
  const workload = builtInWorkload({ count: ordersMax, ratePerSecond: 1, seed })
  const run = async (deployed: Template) => {
    const watch = watchProducer(message)
    const announced = createAnnounced(workload.arrivals)
    const aftermath = await runOrders(
      {
        contestant,
        template: deployed,
        scenario,
        workload,
        seed,
        region,
        ...(latency === undefined ? {} : { latency }),
      },
      { observers: [watch.observer, announced.observer] },
    )
    const refusedAtDoor = contestant.routes.some(
      (route) => route.from === 'customer' && route.message === message,
    )
      ? aftermath.refusedAtDoor.length
      : 0
    const { outcomes, laws: held } = judge({ workload, seed }, aftermath, announced.announced)
    const notTold = held.find(({ law }) => law === laws.told)?.violations ?? 0
    return { ...watch.finish(), refusedAtDoor, outcomes, notTold }
  }
  const heard = await run(template)
  const unheard = await run(contestant.withoutListeners(template, message))
  const producerOutcome = unheard.failures > heard.failures || unheard.refusedAtDoor > 0 ? 'fails' : 'holds'
  const orderOutcome = unheard.outcomes === heard.outcomes ? 'holds' : 'fails'
  const route = contestant.routes.find((each) => each.message === message)
  return {
    contestant: id,
    message,
    kind: route?.kind ?? 'event',
    producer: [
      ...new Set(contestant.routes.filter((each) => each.message === message).map((each) => each.from)),
    ].join(', '),
    scenario: scenario.id,
    sent: unheard.sent,
    producerOutcome,
    orderOutcome,
    notTold: Math.max(0, unheard.notTold - heard.notTold),
    verdict:
      producerOutcome === 'fails'
        ? 'producer fails'
        : orderOutcome === 'fails'
          ? 'order fails'
          : 'life goes on',
  }
}

/** Follows whoever sends one message type: how often it was sent, and how many of its senders failed. */
const watchProducer = (
  message: string,
): {
  readonly observer: Observer
  readonly finish: () => { readonly sent: number; readonly failures: number }
} => {
  /** Orders of which it was sent; a message sent again is the same message. */
  const sent = new Set<string>()
  let failures = 0
  /** Functions that publish it. */
  const functions = new Set<string>()
  /** Executions whose present task sends it, and whether its last attempt has been answered. */
  const asking = new Map<string, boolean>()
  const orderOfToken = new Map<unknown, string>()
  /** The task is over: it was answered, were it by a refusal, or its conductor went on without. */
  const end = (executionName: string): void => {
    if (asking.get(executionName) === false) failures += 1
    asking.delete(executionName)
  }
  const see = (call: ApiCall, orderId: string): void => {
    sent.add(orderId)
    if (call.action === 'PutEvents') {
      functions.add(call.by)
      if (call.error !== undefined) failures += 1
    } else if (call.by !== 'caller') {
      // An invocation is observed with its answer; a token comes back in a call of its own.
      asking.set(orderId, call.action === 'Invoke' && call.error === undefined)
      orderOfToken.set(field(parse(bodyOf(call)), 'taskToken'), orderId)
    }
  }
  return {
    observer: {
      call(call) {
        for (const orderId of ordersOfMessage(call, message)) see(call, orderId)
        if (call.action !== 'SendTaskSuccess' && call.action !== 'SendTaskFailure') return
        const orderId = orderOfToken.get(field(call.input, 'taskToken'))
        if (orderId !== undefined && call.error === undefined) asking.set(orderId, true)
      },
      invocation({ functionId, end: how }) {
        if (functions.has(functionId) && how !== 'returned') failures += 1
      },
      transition({ executionName, retry }) {
        if (retry === 0) end(executionName)
      },
    },
    // The answer of a last task is told after its execution has ended, so the end itself decides nothing.
    finish: () => ({
      sent: sent.size,
      failures: failures + [...asking.values()].filter((isAnswered) => !isAnswered).length,
    }),
  }
}

const ordersOfMessage = (call: ApiCall, message: string): readonly string[] => {
  if (call.action === 'PutEvents')
    return publishedIn(call).flatMap(({ type, detail }) =>
      type === message ? [messageIn(detail)?.orderId ?? ''] : [],
    )
  const body = bodyOf(call)
  const found = body === undefined ? undefined : messageIn(body)
  return found?.type === message ? [found.orderId] : []
}

const bodyOf = ({ action, input }: ApiCall): unknown => {
  if (action === 'SendMessage') return field(input, 'MessageBody')
  return action === 'Invoke' ? field(input, 'Payload') : undefined
}
