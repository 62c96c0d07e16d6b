import type { LedgerEntry, ProviderCall, ProviderName } from '../../shared/providers.ts'
import { field } from '../measure/messages.ts'
import type { TracedCall } from './trace-line.ts'

const providerOf: Readonly<Record<string, ProviderName>> = {
  charge: 'gateway',
  refund: 'gateway',
  ship: 'carrier',
  cancel: 'carrier',
  send: 'mailer',
}

/** A traced call of a provider in the words of the simulated world; undefined when it is none of its operations. */
export const providerCallOf = ({
  action,
  input,
  error,
  startedMs,
  endedMs,
}: TracedCall): ProviderCall | undefined => {
  const provider = providerOf[action]
  const key = field(input, 'key')
  if (provider === undefined || typeof key !== 'string') return undefined
  const end = error === undefined ? 'answered' : 'unavailable'
  return { provider, operation: action, key, startedMs, endedMs, end }
}

/**
 * What the gateway and the carrier would remember, from the calls that they answered, in the order of their answers.
 * In a function the outside world lives as long as its environment: a repeat under the same key is one effect here, as
 * it is for a provider that keeps its keys.
 */
export const ledgerOf = (calls: readonly TracedCall[]): ReadonlyMap<string, Readonly<LedgerEntry>> => {
  const ledger = new Map<string, LedgerEntry>()
  for (const { action, input, output, error } of calls.toSorted((a, b) => a.endedMs - b.endedMs)) {
    const key = field(input, 'key')
    if (error !== undefined || typeof key !== 'string') continue
    const entry = ledger.get(key) ?? emptyEntry()
    effects[action]?.(entry, input, output)
    if (entry.charges + entry.refunds + entry.shipments > 0 || entry.paymentVoid || entry.shipmentVoid)
      ledger.set(key, entry)
  }
  return ledger
}

const effects: Readonly<Record<string, (entry: LedgerEntry, input: unknown, output: unknown) => void>> = {
  charge(entry, input, output) {
    if (field(output, 'charged') !== true || entry.charges > 0) return
    entry.charges = 1
    entry.charged = Number(field(input, 'amount'))
  },
  refund(entry) {
    entry.paymentVoid = true
    entry.refunds = entry.charges
  },
  ship(entry, _input, output) {
    if (field(output, 'trackingId') !== undefined) entry.shipments = 1
  },
  cancel(entry, _input, output) {
    if (field(output, 'cancelled') === true) entry.shipmentVoid = true
  },
}

const emptyEntry = (): LedgerEntry => ({
  charges: 0,
  charged: 0,
  refunds: 0,
  shipments: 0,
  paymentVoid: false,
  shipmentVoid: false,
})
