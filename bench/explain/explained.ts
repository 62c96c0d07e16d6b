import { createLostEvents, type LostEvents } from '../failure/lost-events.ts'
import { pathwaysOf } from '../failure/pathways.ts'
import type { Outcome } from '../laws.ts'
import { createAnnounced, judge } from '../measured-run.ts'
import { epochMs, horizonMs, type RunSpec, runOrders } from '../run.ts'
import { createTrace } from '../trace.ts'
import type { Story } from './timeline.ts'

/** An order of a run, followed from its beginning to its end. */
export interface ExplainedOrder extends Story {
  readonly orderId: string
  readonly outcome: Outcome
  /** Its intended start on the clock of the run, which the faults go by too. */
  readonly cameMs: number
  /** Rules that were to hear of its events and never handed them on. */
  readonly unheard: readonly LostEvents[]
}

/** Runs one contestant under one scenario and follows these orders; `outcomes` are those of the whole run. */
export const explainOrders = async (
  spec: RunSpec,
  orderIds: readonly string[],
  submitted?: () => void,
): Promise<{ readonly outcomes: string; readonly orders: readonly ExplainedOrder[] }> => {
  const { arrivals } = spec.workload
  const facts = createAnnounced(arrivals)
  const { rules } = pathwaysOf(spec.template)
  const followed = orderIds.map((orderId) => {
    const lost = createLostEvents(rules)
    return { orderId, lost, trace: createTrace(orderId, lost.observer) }
  })
  const intended = new Map<string, number>()
  const aftermath = await runOrders(spec, {
    observers: [facts.observer, ...followed.map(({ trace }) => trace.observer)],
    provider: (call) => {
      for (const { trace } of followed) trace.provider(call)
    },
    submitted: (orderId, atMs) => {
      intended.set(orderId, atMs)
      submitted?.()
    },
  })
  if (aftermath.end === 'runaway')
    throw new Error(`The run of ${spec.contestant.id} under ${spec.scenario.id} did not come to rest.`)
  const { outcomes } = judge(spec, aftermath, facts.announced)
  return {
    outcomes,
    orders: followed.map(({ orderId, lost, trace }) => {
      const outcome = outcomes[arrivals.findIndex((arrival) => arrival.orderId === orderId)] as Outcome
      const intendedMs = intended.get(orderId) ?? epochMs
      return {
        orderId,
        outcome,
        entries: trace.entries(),
        intendedMs,
        cameMs: intendedMs - epochMs,
        ...(outcome === 's' ? { givenUpMs: aftermath.lastMs + horizonMs } : {}),
        template: spec.template,
        // What expired in a queue was handed on, and is told of as the message that it was.
        unheard: lost.missing().filter(({ resource }) => rules.some(({ id }) => id === resource)),
      }
    }),
  }
}

/** By the letter of the laws. */
export const endings = { f: 'fulfilled', r: 'rejected', s: 'stuck', i: 'inconsistent' } as const
