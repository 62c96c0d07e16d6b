import { overdueAfterMs } from '../shared/patience.ts'
import { loadOfEvery } from './cli/run-options.ts'
import type { ContestantResult, FaultEffect, Results } from './results.ts'
import { builtInWorkload } from './workload/built-in.ts'

interface Found {
  readonly scenario: string
  readonly contestant: string
  readonly harm: FaultEffect['harm'] | undefined
  readonly stuck: number
  readonly untold: number
  readonly ticketMs: number | undefined
  readonly pageMs: number | undefined
  readonly pagedBy: string
  readonly faultFromMs: number
  /** When the order came that shows it, so that the first of its kind came no later. */
  readonly cameMs: number
}

const foundIn = ({ run, scenarios }: Results): readonly Found[] => {
  const workload = builtInWorkload({ ...loadOfEvery, ratePerSecond: loadOfEvery.rate, seed: run.seed })
  if (workload.sha256 !== run.workload.sha256) throw new Error('Expected the load of every scenario.')
  const came = new Map(workload.arrivals.map(({ orderId, atMs }) => [orderId, atMs]))
  return scenarios.flatMap(({ id, faults, results }) => {
    if (faults.length === 0) return []
    const faultFromMs = Math.min(...faults.map(({ fromMs }) => (typeof fromMs === 'number' ? fromMs : 0)))
    return Object.entries(results).map(([contestant, result]) => ({
      ...foundOf(id, contestant, result),
      faultFromMs,
      cameMs: came.get(result.effect?.shows ?? '') ?? Number.NaN,
    }))
  })
}

const foundOf = (
  scenario: string,
  contestant: string,
  { alarms, effect, outcomes }: ContestantResult,
): Omit<Found, 'faultFromMs' | 'cameMs'> => ({
  scenario,
  contestant,
  harm: effect?.harm,
  stuck: outcomes.stuck,
  untold: alarms?.untold.orders ?? Number.NaN,
  ticketMs: alarms?.detected.ticket?.afterMs,
  pageMs: alarms?.detected.page?.afterMs,
  pagedBy: alarms?.detected.page?.alarm ?? '',
})

const minutes = (number: number): number => number * 60_000
const isSilent = ({ ticketMs, pageMs }: Found): boolean => ticketMs === undefined && pageMs === undefined
const isChoreographed = ({ contestant }: Found): boolean => contestant === 'choreographed'
const isDirect = ({ contestant }: Found): boolean => contestant === 'orchestrated-direct'
const lostAtDoor = ['door-closed', 'orchestrator-impaired']

/**
 * What docs/failure.md says of who notices, sentence by sentence, each with what must be found of it in a run of
 * `compare --scenario all`: of the cells that it is about, of which there must be some, every one must be so.
 */
export const noticed: readonly {
  readonly says: string
  readonly of: (found: Found) => boolean
  readonly holds: (found: Found) => boolean
}[] = [
  {
    says: 'Of an order that was refused at the door nobody is told, in either style',
    of: ({ scenario, harm }) => lostAtDoor.includes(scenario) && harm === 'strands orders',
    holds: (found) => isSilent(found) && found.untold === found.stuck,
  },
  {
    says: 'Of every other order that is lost a page tells, in every style',
    of: ({ scenario, harm }) => !lostAtDoor.includes(scenario) && harm === 'strands orders',
    holds: ({ pageMs, untold }) => pageMs !== undefined && untold === 0,
  },
  {
    says: "45 minutes after that order came and up to a minute of the alarm's period more",
    of: (found) =>
      isChoreographed(found) && found.harm === 'strands orders' && !lostAtDoor.includes(found.scenario),
    holds: ({ pageMs, pagedBy, faultFromMs, cameMs }) =>
      pageMs !== undefined &&
      (pagedBy === 'OrderOverdueInboxAlarm' || pagedBy.endsWith('DlqAlarm')) &&
      faultFromMs + pageMs <= cameMs + overdueAfterMs + minutes(1) &&
      (pagedBy.endsWith('DlqAlarm') || faultFromMs + pageMs >= overdueAfterMs),
  },
  {
    says: 'An execution that fails at once pages after half a minute',
    of: (found) => !isChoreographed(found) && found.scenario === 'flow-broken',
    holds: ({ pageMs, pagedBy }) => pageMs === minutes(0.5) && pagedBy === 'OrderFlowFailedAlarm',
  },
  {
    says: 'Under a conductor a rejected order pages nobody, unless its command is left as a dead letter',
    of: (found) => !isChoreographed(found) && found.harm === 'rejects orders',
    holds: ({ scenario, contestant, pageMs, pagedBy }) =>
      ['poison', 'schema-behind'].includes(scenario) && contestant === 'orchestrated'
        ? pagedBy.endsWith('DlqAlarm') && pageMs !== undefined && pageMs > minutes(200)
        : pageMs === undefined,
  },
  {
    says: 'no alarm rings at all (`schema-ahead`, `schema-behind`, `poison`, `nobody-listens`)',
    of: (found) =>
      isDirect(found) &&
      ['schema-ahead', 'schema-behind', 'poison', 'nobody-listens'].includes(found.scenario),
    holds: (found) => isSilent(found) && found.harm === 'rejects orders',
  },
  {
    says: 'the page comes all the same (`service-down-long`, `late-delivery`)',
    of: (found) => isChoreographed(found) && ['service-down-long', 'late-delivery'].includes(found.scenario),
    holds: ({ harm, pagedBy }) => harm === 'survives' && pagedBy === 'OrderOverdueInboxAlarm',
  },
  {
    says: 'no conductor pages for an order that ends as it would have',
    of: (found) => !isChoreographed(found) && found.harm === 'survives',
    holds: ({ pageMs }) => pageMs === undefined,
  },
]

const either = (...ids: readonly string[]) => {
  const known = new Set(ids)
  return (found: Found): boolean => known.has(found.scenario)
}

/** The same of what docs/failure.md says that the rows have in common. */
export const common: typeof noticed = [
  {
    says: 'an expired command is sent again (`retention-outlasted`)',
    of: (found) => !isChoreographed(found) && found.scenario === 'retention-outlasted',
    holds: ({ harm }) => harm === 'survives',
  },
  {
    says: 'a poisoned or unheard one ends in a rejected order (`poison`, `schema-behind`, `nobody-listens`)',
    of: (found) => !isChoreographed(found) && either('poison', 'schema-behind', 'nobody-listens')(found),
    holds: ({ harm, stuck }) => harm === 'rejects orders' && stuck === 0,
  },
  {
    says: 'there is no way back, and the execution fails (`completion-down`, `undoing-down`)',
    of: (found) => !isChoreographed(found) && either('completion-down', 'undoing-down')(found),
    holds: ({ harm, untold }) => harm === 'strands orders' && untold === 0,
  },
  {
    says: 'at the door, the order is not there at all',
    of: (found) => !isChoreographed(found) && found.scenario === 'orchestrator-impaired',
    holds: ({ harm, stuck, untold }) => harm === 'strands orders' && untold === stuck,
  },
  {
    says: 'An event that reached nobody, that lies in a dead-letter queue or that has expired strands its order',
    of: (found) =>
      isChoreographed(found) &&
      either(
        'rule-disabled',
        'wrong-pattern',
        'nobody-listens',
        'permission-lost',
        'poison',
        'retention-outlasted',
      )(found),
    holds: ({ harm }) => harm === 'strands orders',
  },
  {
    says: 'What knows is the order view: such an order becomes overdue',
    of: (found) =>
      isChoreographed(found) &&
      either('rule-disabled', 'wrong-pattern', 'nobody-listens', 'retention-outlasted')(found),
    holds: ({ pagedBy }) => pagedBy === 'OrderOverdueInboxAlarm',
  },
  {
    says: 'A handler that dies as it starts, or that cannot read a message yet, finds it again in its queue',
    of: (found) => !isDirect(found) && either('service-down', 'service-down-long', 'schema-ahead')(found),
    holds: ({ harm }) => harm === 'survives',
  },
  {
    says: 'takes an error that it does not know for final',
    of: (found) => isDirect(found) && found.scenario === 'schema-ahead',
    holds: ({ harm }) => harm === 'rejects orders',
  },
  {
    says: 'the same alarm rings and tells nobody anything new',
    of: (found) => isDirect(found) && found.scenario === 'service-down',
    holds: isSilent,
  },
  {
    says: 'the alarm of the same function is silent until it fails',
    of: (found) => !isDirect(found) && found.scenario === 'service-down',
    holds: ({ ticketMs }) => ticketMs !== undefined,
  },
]

/** The cells of which a sentence does not hold; `none` where there are none that it is about. */
export const contradicting = (
  { of, holds }: (typeof noticed)[number],
  results: Results,
): 'none' | readonly string[] => {
  const cells = foundIn(results).filter(of)
  return cells.length === 0
    ? 'none'
    : cells.filter((cell) => !holds(cell)).map(({ scenario, contestant }) => `${scenario}, ${contestant}`)
}
