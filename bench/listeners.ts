import { type Contestant, contestants } from './contestants.ts'
import { messageIn, publishedIn } from './measure/messages.ts'
import { createAnnounced, judge } from './measured-run.ts'
import type { ListenerFinding } from './results.ts'
import { runOrders } from './run.ts'
import type { Scenario } from './scenarios/scenario.ts'
import type { Template } from './virtual-aws/deploy.ts'
import type { ApiCall, Observer } from './virtual-aws/observer.ts'
import { builtInWorkload } from './workload/built-in.ts'

/**
 * The seeds' question as an experiment: *would the producer fail if nobody listened?* For one message type the
 * listeners are taken out of the template; what is left is deployed and run on orders that bring the type about.
 *
 * - The producer's own outcome: of an event, whether the invocation that published it succeeded; of a command,
 *   whether the execution (or the caller) that sent it came to its end. It fails if any one does.
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
  about: 'Shipping is given up, so that a shipment whose fate is unknown has to be cancelled.',
  faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 0, forMs: 40 * 60_000 }],
}

/** A message that occurs only when a step is given up. */
const scenarioFor = (message: string): Scenario => (message === 'CancelShipping' ? givingUp : refusing)

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
): Promise<ListenerFinding> => {
  const contestant = contestants.find((each) => each.id === id)
  if (contestant === undefined) throw new Error(`There is no contestant ${id}.`)
  const scenario = scenarioFor(message)
  const workload = builtInWorkload({ count: ordersMax, ratePerSecond: 1, seed })
  const run = async (deployed: Template) => {
    const watch = watchProducer(message)
    const announced = createAnnounced()
    const aftermath = await runOrders(
      { contestant, template: deployed, scenario, workload, seed, region },
      { observers: [watch.observer, announced.observer] },
    )
    const refusedAtDoor = contestant.routes.some(
      (route) => route.from === 'customer' && route.message === message,
    )
      ? aftermath.refusedAtDoor.length
      : 0
    return {
      ...watch.finish(),
      refusedAtDoor,
      outcomes: judge({ workload }, aftermath, announced.announced).outcomes,
    }
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
    verdict:
      producerOutcome === 'fails'
        ? 'producer fails'
        : orderOutcome === 'fails'
          ? 'order fails'
          : 'life goes on',
  }
}

/** Follows whoever sends one message type: how often, and how many of the senders did not come to a good end. */
const watchProducer = (
  message: string,
): {
  readonly observer: Observer
  readonly finish: () => { readonly sent: number; readonly failures: number }
} => {
  let sent = 0
  let failures = 0
  const functions = new Set<string>()
  /** Executions that sent it and have not ended well. */
  const open = new Set<string>()
  const sends = (call: ApiCall): readonly string[] => {
    if (call.action === 'PutEvents')
      return publishedIn(call).flatMap(({ type, detail }) =>
        type === message ? [messageIn(detail)?.orderId ?? ''] : [],
      )
    const body = bodyOf(call)
    const found = body === undefined ? undefined : messageIn(body)
    return found?.type === message ? [found.orderId] : []
  }
  return {
    observer: {
      call(call) {
        for (const orderId of sends(call)) {
          sent += 1
          if (call.action === 'PutEvents') functions.add(call.by)
          else if (call.by !== 'caller') open.add(orderId)
        }
        if (call.action === 'PutEvents' && call.error !== undefined && functions.has(call.by)) failures += 1
      },
      invocation({ functionId, end }) {
        if (functions.has(functionId) && end !== 'returned') failures += 1
      },
      execution({ executionName, status }) {
        if (status === 'SUCCEEDED') open.delete(executionName)
      },
    },
    finish: () => ({ sent, failures: failures + open.size }),
  }
}

const bodyOf = ({ action, input }: ApiCall): unknown => {
  const field = { SendMessage: 'MessageBody', Invoke: 'Payload' }[action as string]
  return field === undefined || input === null || typeof input !== 'object'
    ? undefined
    : Reflect.get(input, field)
}
