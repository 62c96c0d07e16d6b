import type { RecoveryAction, RecoveryResult, Results, ScenarioResults } from '../../results.ts'
import { type Block, type Cell, columns, paragraph, type Row, type Section } from '../document.ts'
import { absent, count, counted, span } from '../format.ts'
import { savedInWords, savedOf } from '../matrix/words.ts'
import { entrantsOf, labelled, scenariosInOrder } from '../view.ts'

interface Recovering {
  readonly scenario: ScenarioResults
  readonly id: string
  readonly outcomes: ScenarioResults['results'][string]['outcomes']
  readonly recovery: RecoveryResult
  /** What came of what was not fulfilled; none where nobody acted. */
  readonly saved: string | undefined
}

/** The contestants that were watched for their recovery, by scenario. */
export const recoveringIn = (results: Results): readonly Recovering[] =>
  scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap(({ id, result }) => {
      const { outcomes, recovery } = result
      if (recovery === undefined) return []
      const saved = savedOf(result)
      return [
        { scenario, id, outcomes, recovery, saved: saved === undefined ? undefined : savedInWords(saved) },
      ]
    }),
  )

export const recoverySection = (results: Results): Section => {
  const recovering = recoveringIn(results)
  const isActedOn = recovering.some(({ recovery }) => recovery.after !== undefined)
  return {
    id: 'recovery',
    title: 'Recovery',
    blocks: [
      paragraph(
        'What heals by itself, and what takes somebody. The time to recover is that of the orders that the faults touched ' +
          'and that had not ended when the last fault was over: from then until the last of them has ended, with nobody ' +
          'acting. There is none (–) where no order was touched, and of faults that have no duration or go on until ' +
          'somebody acts. What is to be done is read from the ' +
          'stack at rest: from its dead-letter queues, its failed executions, its rules and its archive. What is stuck or ' +
          'inconsistent is what is lost when nobody does it, for good when what it is to be mended from is gone: an execution ' +
          'may be redriven for 14 days, and queues and archives keep what they have for as long as the template says, ' +
          'counted from the first order.' +
          (isActedOn
            ? ' Here it was done, by the calls that AWS has for it, at nobody’s cost; the last columns are what came of it.'
            : ' With --recover it is done, and what comes of it is said.'),
      ),
      recoveryTable(results, recovering, isActedOn),
      ...remarksTable(results, recovering),
    ],
  }
}

const recoveryTable = (results: Results, recovering: readonly Recovering[], isActedOn: boolean): Block => ({
  kind: 'table',
  caption: labelled(results, 'Recovery from faults'),
  columns: columns(
    'contestant',
    'time to recover',
    '#stuck',
    '#inconsistent',
    'what is to be done',
    '#must be done within',
    ...(isActedOn ? ['what came of it', '#stuck after', '#inconsistent after', 'laws after'] : []),
  ),
  rows: recovering.map(
    ({ scenario, id, outcomes, recovery, saved }): Row => ({
      group: scenario.id,
      cells: [
        id,
        unaidedInWords(recovery),
        lossCell(outcomes.stuck),
        lossCell(outcomes.inconsistent),
        actionsInWords(recovery.actions),
        deadlineInWords(recovery.actions),
        ...(isActedOn ? [saved ?? absent, ...afterCells(recovery)] : []),
      ],
    }),
  ),
})

const lossCell = (value: number): Cell =>
  value === 0 ? { text: count(value), tone: 'quiet' } : { text: count(value), tone: 'warn' }

const afterCells = ({ after }: RecoveryResult): readonly Cell[] => {
  if (after === undefined) return [absent, absent, absent]
  const { outcomes, brokenLaws } = after
  return [
    lossCell(outcomes.stuck),
    lossCell(outcomes.inconsistent),
    brokenLaws.length === 0
      ? { text: 'all held', tone: 'good' }
      : {
          text: brokenLaws.map(({ law, violations }) => `${law} (${count(violations)})`).join('; '),
          tone: 'warn',
        },
  ]
}

/** How long a run took to come to itself, and of how many orders. */
export const unaidedInWords = ({ unaided }: RecoveryResult): string => {
  if (unaided === undefined) return absent
  const { open, ended, recoveredMs } = unaided
  if (open === 0) return 'at once: all had ended'
  if (ended < open) return `never: ${count(open - ended)} of ${counted(open, 'open order')} never ended`
  return recoveredMs === undefined ? absent : `${span(recoveredMs)} (${counted(open, 'open order')})`
}

/** From the first order, until the first of what is to be done comes too late. */
const deadlineInWords = (actions: readonly RecoveryAction[]): string => {
  const untils = actions.flatMap(({ until }) => until ?? [])
  return untils.length === 0 ? absent : span(Math.min(...untils))
}

/** What somebody has to do, each with how often and with what. */
export const actionsInWords = (actions: readonly RecoveryAction[]): string =>
  actions.length === 0 ? 'nothing' : actions.map(actionInWords).join('; ')

const actionInWords = ({ action, resource, times, items }: RecoveryAction): string => {
  switch (action) {
    case 'put back rule':
      return `put back ${resource}`
    case 'deploy again':
      return `deploy ${resource} again`
    case 'redrive execution':
      return `redrive ${counted(times, 'execution')} of ${resource}`
    case 'start again':
      return `start ${counted(times, 'execution')} of ${resource} again`
    case 'redrive queue':
      return `redrive ${resource} (${counted(items, 'message')})`
    case 'resend events':
      return `send ${counted(times, 'event')} of ${resource} again by hand`
    case 'replay archive':
      return `replay ${resource} (${counted(items, 'event')})`
  }
}

const remarksTable = (results: Results, recovering: readonly Recovering[]): readonly Block[] => {
  const rows = recovering.flatMap(({ scenario, id, recovery: { after } }) => {
    const told = (kind: string, remarks: NonNullable<RecoveryResult['after']>['left']): readonly Row[] =>
      remarks.map(({ what, resource, count: number, why }) => ({
        group: scenario.id,
        cells: [id, kind, what, resource, count(number), why],
      }))
    return after === undefined ? [] : [...told('is left', after.left), ...told('came with it', after.traps)]
  })
  return rows.length === 0
    ? []
    : [
        {
          kind: 'table',
          caption: labelled(results, 'What is left after the recovery, and what came with it'),
          columns: columns('contestant', 'how', 'what', 'where', '#times', 'why'),
          rows,
        },
      ]
}
