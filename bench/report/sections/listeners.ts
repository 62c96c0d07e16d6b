import type { ListenerFinding, Results } from '../../results.ts'
import { type Block, type Cell, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { absent, count } from '../format.ts'
import { contestantIds, isTelling, labelled } from '../view.ts'

export const listenersSection = (results: Results): Section => ({
  id: 'listeners',
  title: 'Would the producer fail if nobody listened?',
  blocks: [
    paragraph(
      'An experiment: for each message type in turn its listeners are taken out of the template and the flow is run again. ' +
        'Two things may fail. The producer: the function that published the event, or the task of the conductor that sent ' +
        'the command, ends in failure (timed out or refused), even if a later state makes the best of it. The order: it ' +
        'does not end as it does when everybody listens.',
    ),
    paragraph(
      'So the two differ both ways. Producer fails, order holds: a command that the order can do without. Producer holds, ' +
        'order fails: nobody notices at the sender, yet somebody relies on being heard; where such a message is called an ' +
        'event, it is a candidate for a hidden command. Verdicts: "producer fails" if the producer does, whatever the ' +
        'order does (a command, whatever it is called); "order fails" if only the order does; "life goes on" if both hold ' +
        '(an event).',
    ),
    ...(results.listeners.length === 0
      ? [paragraph('The experiment was not run.')]
      : [verdictTable(results), hiddenCommands(results), findingsTable(results)]),
  ],
})

const signs: Readonly<Record<ListenerFinding['producerOutcome'], Cell>> = {
  fails: { text: '✕ fails', tone: 'bad' },
  holds: { text: '○ holds', tone: 'good' },
}

const verdictTable = (results: Results): Block => {
  const ids = contestantIds(results).filter((id) =>
    results.listeners.some(({ contestant }) => contestant === id),
  )
  return {
    kind: 'table',
    caption: labelled(results, 'What fails when nobody listens, by message and contestant'),
    columns: [
      { label: 'message' },
      ...ids.flatMap(() => [
        { label: 'producer', slim: true },
        { label: 'order', slim: true },
      ]),
      { label: 'read as' },
    ],
    spans: ids.map((id) => ({ label: id, columns: 2 })),
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
      ...ids.flatMap((id) => outcomeCells(findings.filter(({ contestant }) => contestant === id))),
      `${reading(kind, findings.filter(isTelling))}${untold(findings)}`,
    ],
  }
}

/** The producer's outcome and the order's: the worst that was seen, should a message have been tried twice. */
const outcomeCells = (findings: readonly ListenerFinding[]): readonly [Cell, Cell] => {
  const quiet = (text: string): Cell => ({ text, tone: 'quiet' })
  if (findings.length === 0) return [quiet(absent), quiet(absent)]
  const telling = findings.filter(isTelling)
  if (telling.length === 0) return [quiet('never sent'), quiet('never sent')]
  const cell = (outcome: 'producerOutcome' | 'orderOutcome') =>
    signs[telling.some((finding) => finding[outcome] === 'fails') ? 'fails' : 'holds']
  return [cell('producerOutcome'), cell('orderOutcome')]
}

/** What an order's end does not show: that its customer heard nothing of it. */
const untold = (findings: readonly ListenerFinding[]): string => {
  const most = Math.max(0, ...findings.map(({ notTold }) => notTold ?? 0))
  return most === 0 ? '' : `; ${count(most)} customers not told`
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
