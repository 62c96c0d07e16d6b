import type { ListenerFinding, Results } from '../../results.ts'
import { type Block, type Cell, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { absent, count } from '../format.ts'
import { isTelling } from '../summary.ts'
import { contestantIds, labelled } from '../view.ts'

export const listenersSection = (results: Results): Section => ({
  id: 'listeners',
  title: 'Would the producer fail if nobody listened?',
  blocks: [
    paragraph(
      'An experiment: for each message type in turn its listeners are taken out of the template and the flow is run again. ' +
        "The producer's own outcome holds when what sent the message succeeds and the record it wrote is valid; what becomes " +
        'of the order is another matter.',
    ),
    paragraph(
      'A message whose lack of listeners makes the producer fail is a command, whatever it is called. Where only the ' +
        "order's outcome fails while the message is called an event, it is a candidate for a hidden command: somebody " +
        'relies on being heard, though not the producer itself. Where life goes on, it is an event.',
    ),
    ...(results.listeners.length === 0
      ? [paragraph('The experiment was not run.')]
      : [verdictTable(results), hiddenCommands(results), findingsTable(results)]),
  ],
})

const signs: Readonly<Record<ListenerFinding['verdict'], Cell>> = {
  'producer fails': { text: '✕ producer fails', tone: 'bad' },
  'order fails': { text: '▲ order fails', tone: 'warn' },
  'life goes on': { text: '○ life goes on', tone: 'good' },
}

const verdictTable = (results: Results): Block => {
  const ids = contestantIds(results).filter((id) =>
    results.listeners.some(({ contestant }) => contestant === id),
  )
  return {
    kind: 'table',
    caption: labelled(results, 'What fails when nobody listens, by message and contestant'),
    columns: columns('message', ...ids, 'the worst, read as'),
    rows: (['command', 'event'] as const).flatMap((kind) =>
      messagesOf(results, kind).map((message) => verdictRow(results, ids, kind, message)),
    ),
  }
}

const messagesOf = (results: Results, kind: ListenerFinding['kind']): readonly string[] => [
  ...new Set(results.listeners.filter((finding) => finding.kind === kind).map(({ message }) => message)),
]

const verdictRow = (
  results: Results,
  ids: readonly string[],
  kind: ListenerFinding['kind'],
  message: string,
): Row => {
  const findings = results.listeners.filter((finding) => finding.kind === kind && finding.message === message)
  return {
    group: `called ${kind === 'event' ? 'an event' : 'a command'}`,
    cells: [
      message,
      ...ids.map((id) => verdictCell(findings.filter(({ contestant }) => contestant === id))),
      reading(kind, findings.filter(isTelling)),
    ],
  }
}

/** The worst that was seen, should a message have been tried on more than one scenario. */
const verdictCell = (findings: readonly ListenerFinding[]): Cell => {
  if (findings.length === 0) return { text: absent, tone: 'quiet' }
  const worst = worstOf(findings.filter(isTelling))
  return worst === undefined ? { text: 'never sent', tone: 'quiet' } : signs[worst]
}

const worstOf = (findings: readonly ListenerFinding[]): ListenerFinding['verdict'] | undefined =>
  (['producer fails', 'order fails', 'life goes on'] as const).find((verdict) =>
    findings.some((finding) => finding.verdict === verdict),
  )

const readings: Readonly<
  Record<ListenerFinding['kind'], Readonly<Record<ListenerFinding['verdict'], string>>>
> = {
  command: {
    'producer fails': 'a command',
    'order fails': 'a command, though its producer does not notice',
    'life goes on': 'an event called a command',
  },
  event: {
    'producer fails': 'a command called an event',
    'order fails': 'hidden command candidate',
    'life goes on': 'an event',
  },
}

const reading = (kind: ListenerFinding['kind'], findings: readonly ListenerFinding[]): string => {
  const worst = worstOf(findings)
  return worst === undefined ? 'says nothing: never sent' : readings[kind][worst]
}

/** Hidden commands as a share of event types, strictly (the producer fails) and as candidates (the order fails). */
const hiddenCommands = (results: Results): Block => ({
  kind: 'table',
  caption: labelled(results, 'Hidden commands among the event types'),
  columns: columns(
    'contestant',
    '#event types tried',
    '#producer fails',
    '#only the order fails',
    '#life goes on',
  ),
  rows: contestantIds(results).flatMap((id) => {
    const events = results.listeners.filter(
      (finding) => finding.contestant === id && finding.kind === 'event' && isTelling(finding),
    )
    const types = [...new Set(events.map(({ message }) => message))]
    const worsts = types.map((type) => worstOf(events.filter(({ message }) => message === type)))
    const times = (verdict: ListenerFinding['verdict']) => worsts.filter((worst) => worst === verdict).length
    return types.length === 0
      ? []
      : [
          {
            cells: [
              id,
              count(types.length),
              count(times('producer fails')),
              count(times('order fails')),
              count(times('life goes on')),
            ],
          },
        ]
  }),
})

const findingsTable = (results: Results): Block =>
  details('Every run of the experiment', [
    {
      kind: 'table',
      caption: labelled(results, 'The listener experiment, run by run'),
      columns: columns(
        'message',
        'producer',
        'scenario',
        '#sent',
        "producer's outcome",
        "order's outcome",
        'verdict',
      ),
      rows: contestantIds(results).flatMap((id) =>
        results.listeners
          .filter(({ contestant }) => contestant === id)
          .map((finding) => ({
            group: id,
            cells: [
              finding.message,
              finding.producer,
              finding.scenario,
              count(finding.sent),
              finding.producerOutcome,
              finding.orderOutcome,
              isTelling(finding) ? finding.verdict : `${finding.verdict}, but never sent`,
            ],
          })),
      ),
    },
  ])
