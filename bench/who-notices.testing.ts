import type { ContestantResult, FaultEffect, Results } from './results.ts'

interface Found {
  readonly scenario: string
  readonly contestant: string
  readonly harm: FaultEffect['harm'] | undefined
  readonly stuck: number
  readonly untold: number
  readonly ticketMs: number | undefined
  readonly pageMs: number | undefined
  readonly pagedBy: string
}

const foundIn = ({ scenarios }: Results): readonly Found[] =>
  scenarios.flatMap(({ id, faults, results }) =>
    faults.length === 0
      ? []
      : Object.entries(results).map(([contestant, result]) => foundOf(id, contestant, result)),
  )

const foundOf = (
  scenario: string,
  contestant: string,
  { alarms, effect, outcomes }: ContestantResult,
): Found => ({
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
    says: 'in choreography after at most 46 minutes',
    of: (found) =>
      isChoreographed(found) && found.harm === 'strands orders' && !lostAtDoor.includes(found.scenario),
    holds: ({ pageMs, pagedBy }) =>
      pageMs !== undefined &&
      (pagedBy === 'OrderOverdueInboxAlarm' ? pageMs >= minutes(45) : pagedBy.endsWith('DlqAlarm')) &&
      pageMs <= minutes(46),
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
