import { chargeNanoUsd, usd } from '../prices/price.ts'
import type { PriceList } from '../prices/regions.ts'
import type { TraceEntry } from '../trace.ts'
import type { Meter } from '../virtual-aws/observer.ts'
import { partsOf } from './waits.ts'

/** What an order took, in numbers. */
export interface Summary {
  /** From the intended start to the first terminal fact on the bus. */
  readonly endedAfterMs: number | undefined
  readonly messages: number
  readonly events: number
  readonly invocations: number
  /** Invocations that died, or that returned and gave the message back. */
  readonly failed: number
  /** Messages that were received, and states that were entered, once more. */
  readonly again: number
  /** List price of what it was metered for; what it shared with other orders counts whole. */
  readonly usd: number
}

export const summaryOf = (entries: readonly TraceEntry[], intendedMs: number, prices: PriceList): Summary => {
  const of = (action: string): readonly TraceEntry[] => entries.filter(({ what }) => what.startsWith(action))
  const invocations = of('lambda:invocation')
  const ended = entries.find(isTerminal)
  return {
    endedAfterMs: ended === undefined ? undefined : ended.endedMs - intendedMs,
    messages: of('sqs:SendMessage').length,
    events: of('events:PutEvents').length,
    invocations: invocations.length,
    failed: invocations.filter(({ error, context }) => error !== undefined || context.givesBack === true)
      .length,
    again:
      of('sqs:ReceiveMessage').filter(({ context }) => (context.receive ?? 0) > 1).length +
      of('states:transition').filter(({ detail }) => detail !== '').length,
    usd: usdOf(entries, prices),
  }
}

const usdOf = (entries: readonly TraceEntry[], prices: PriceList): number => {
  const units = new Map<Meter, number>()
  const add = (meter: Meter, count: number): void => {
    units.set(meter, (units.get(meter) ?? 0) + count)
  }
  for (const { billed, context } of entries) {
    const [count, meter] = billed.split(' ')
    if (meter !== undefined) add(meter as Meter, Number(count))
    if (context.gigabyteMs !== undefined) add('lambda.gbMs', context.gigabyteMs)
  }
  return usd(
    [...units].reduce((sum, [meter, count]) => sum + chargeNanoUsd(count, prices.tiers[meter][0]), 0n),
  )
}

const isTerminal = ({ what, error, detail }: TraceEntry): boolean =>
  what.startsWith('events:PutEvents') && error === undefined && /\bOrder(Completed|Rejected)\b/.test(detail)

/** "order open · inventory reserved": what each table says of the order in the end, the first one written to first. */
export const recordsText = (entries: readonly TraceEntry[]): string => {
  const states = new Map<string, string>()
  for (const entry of entries.toSorted((a, b) => a.endedMs - b.endedMs))
    if (entry.context.becomes !== undefined) states.set(partsOf(entry).target, entry.context.becomes)
  return (
    [...states]
      .map(([table, state]) => `${table.replace(/Table$/, '').toLowerCase()} ${state}`)
      .join(' · ') || 'nothing on record'
  )
}
