import type { ContestantResult, FaultEffect, RecoveryAction } from '../../results.ts'
import type { Line, Tone } from '../document.ts'
import { count, counted, listed, percent, ratio, span, times } from '../format.ts'
import { type Difference, isCostComparable, ordersTouched } from './difference.ts'

type Alarms = NonNullable<ContestantResult['alarms']>

const toneOf: Readonly<Record<FaultEffect['harm'], Tone>> = {
  untouched: 'quiet',
  survives: 'good',
  'rejects orders': 'warn',
  'strands orders': 'bad',
  'breaks orders': 'bad',
}

/** What became of the orders: "strands 205 orders". */
export const harmLine = ({ outcomes }: ContestantResult, { harm, orders }: FaultEffect): Line => {
  const tone = toneOf[harm]
  switch (harm) {
    case 'untouched':
      return { text: 'untouched', tone }
    case 'survives':
      return { text: orders.late === 0 ? 'survives' : `survives, ${count(orders.late)} late`, tone }
    case 'rejects orders':
      return { text: `rejects ${counted(orders.endedOtherwise, 'order')}`, tone }
    case 'strands orders':
      return { text: `strands ${counted(outcomes.stuck, 'order')}`, tone }
    case 'breaks orders':
      return { text: `breaks ${counted(outcomes.inconsistent, 'order')}`, tone }
  }
}

/** Who is told, and when: the first page, and a ticket that comes before it. "ticket after 60 s, page after 46 min". */
export const detectionLine = ({ detected: { ticket, page }, untold }: Alarms): Line => {
  const isWarned = ticket !== undefined && (page === undefined || ticket.afterMs < page.afterMs)
  const told = [
    ...(isWarned ? [`ticket after ${span(ticket.afterMs)}`] : []),
    ...(page === undefined ? [] : [`page after ${span(page.afterMs)}`]),
  ]
  if (told.length === 0) return { text: 'nobody is told', tone: untold.orders > 0 ? 'bad' : 'quiet' }
  return untold.orders === 0
    ? { text: told.join(', ') }
    : { text: `${told.join(', ')}; ${counted(untold.orders, 'order')} without a page`, tone: 'warn' }
}

/** What heals by itself and when; none where nothing touched was open when the faults were over, and where they never are. */
export const unaidedLine = ({ recovery }: ContestantResult): readonly Line[] => {
  if (recovery?.unaided === undefined) return []
  const { open, ended, recoveredMs } = recovery.unaided
  if (ended < open) return [{ text: 'never recovers by itself' }]
  return open === 0 || recoveredMs === undefined ? [] : [{ text: `recovers in ${span(recoveredMs)}` }]
}

/** What somebody has to do, kinds of actions alone. */
export const toDoLine = ({ recovery }: ContestantResult): readonly Line[] => {
  const kinds = [...new Set((recovery?.actions ?? []).map(({ action }) => actionNames[action]))]
  return kinds.length === 0 ? [] : [{ text: `to do: ${kinds.join(', ')}` }]
}

const actionNames: Readonly<Record<RecoveryAction['action'], string>> = {
  'put back rule': 'put back the rule',
  'deploy again': 'deploy again',
  'redrive execution': 'redrive executions',
  'redrive queue': 'redrive a queue',
  'resend events': 'send events again',
  'start again': 'start executions again',
  'replay archive': 'replay the archive',
}

/** With --recover: what was saved of what was not fulfilled, and what is left. "after that: 270 of 270 fulfilled". */
export const afterLine = (result: ContestantResult): readonly Line[] => {
  const { recovery } = result
  const saved = savedOf(result)
  if (recovery?.after === undefined) return []
  if (recovery.actions.length === 0 && (saved === undefined || saved.of === 0)) return []
  const { stuck, inconsistent } = recovery.after.outcomes
  const told = [
    ...(saved === undefined || saved.of === 0 ? [] : [savedInWords(saved)]),
    ...(stuck + inconsistent === 0 ? [] : [`${count(stuck)} stuck, ${count(inconsistent)} inconsistent`]),
  ]
  const isWell = stuck + inconsistent === 0
  return [
    {
      text: `${recovery.actions.length === 0 ? 'nothing to do' : 'after that'}: ${told.length === 0 ? 'no order stranded' : told.join('; ')}`,
      tone: isWell ? (saved === undefined || saved.orders >= saved.of ? 'good' : 'warn') : 'bad',
    },
  ]
}

interface Saved {
  readonly orders: number
  /** Orders that are fulfilled undisturbed, and were not before somebody acted. */
  readonly of: number
  readonly rejected: number
}

/** How many orders were fulfilled after all; undefined where nobody acted, or nothing is known of them undisturbed. */
export const savedOf = ({ effect, outcomes, recovery }: ContestantResult): Saved | undefined => {
  const undisturbed = effect?.orders.fulfilledUndisturbed
  const after = recovery?.after?.outcomes
  if (undisturbed === undefined || after === undefined) return undefined
  const of = Math.max(0, undisturbed - outcomes.fulfilled)
  const orders = after.fulfilled - outcomes.fulfilled
  return { orders, of, rejected: Math.max(0, of - orders - after.stuck - after.inconsistent) }
}

/** "0 of 270 fulfilled, 270 rejected for good": a rejected order is no saved one. */
export const savedInWords = ({ orders, of, rejected }: Saved): string =>
  `${count(orders)} of ${count(of)} fulfilled${rejected === 0 ? '' : `, ${count(rejected)} rejected for good`}`

/** "225 otherwise, 1 late (75.3% of orders)": those that end otherwise, and those that end alike but late. */
export const ordersLine = (effect: FaultEffect, orders: number): Line => {
  const { endedOtherwise, late } = effect.orders
  const kinds = [
    ...(endedOtherwise === 0 ? [] : [`${count(endedOtherwise)} otherwise`]),
    ...(late === 0 ? [] : [`${count(late)} late`]),
  ]
  return kinds.length === 0
    ? { text: 'no order', tone: 'quiet' }
    : { text: `${kinds.join(', ')} (${percent(ordersTouched(effect), orders)} of orders)` }
}

/** "2 of 6 services: payment, shipping". */
export const servicesLine = ({ services }: FaultEffect, of: number): Line => {
  if (services.length === 0) return { text: 'no service', tone: 'quiet' }
  if (services.length === of) return { text: `all ${count(of)} services` }
  return {
    text: `${count(services.length)} of ${count(of)}: ${services.map(({ service }) => service).join(', ')}`,
  }
}

/** "costs 1.03× (1.02–1.04)", or that there is no difference; no ratio where orders are not brought to an end; "≥" where the run went on beyond its horizon. */
export const costLine = (effect: FaultEffect): Line => {
  const { extra } = effect
  const calls = invocationsInWords(extra)
  if (!isCostComparable(effect))
    return { text: ['nobody pays for what is not done', ...calls].join(', '), tone: 'quiet' }
  const isAlike = extra.verdict === 'no difference'
  const cost = isAlike
    ? 'no difference in cost'
    : `cost ${boundOf(extra)}${times(extra.ratio)} (${extra.ci95.map(ratio).join('–')})`
  return { text: [cost, ...calls].join(', '), ...(isAlike ? { tone: 'quiet' as const } : {}) }
}

type Extra = FaultEffect['extra']

const boundOf = ({ atLeast }: Extra): string => (atLeast === undefined ? '' : '≥ ')

const invocationsInWords = (extra: Extra): readonly string[] =>
  extra.invocations === 0
    ? []
    : [
        `${boundOf(extra)}${extra.invocations > 0 ? '+' : '−'}${counted(Math.abs(extra.invocations), 'invocation')}`,
      ]

const differenceNames: Readonly<Record<Exclude<Difference['by'], 'within'>, string>> = {
  harm: 'differ in harm',
  orders: 'differ in orders touched',
  recovery: 'differ in time to recover',
  detection: 'differ in who is told when',
  cost: 'differ in extra cost',
  nothing: 'alike',
}

/** What a row says of the styles. */
export const differenceLine = ({ by, within }: Difference): Line =>
  by === 'within'
    ? { text: `differ within ${listed(within)}`, tone: 'quiet' }
    : { text: differenceNames[by], ...(by === 'nothing' ? { tone: 'quiet' as const } : {}) }
