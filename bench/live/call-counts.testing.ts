import { field, listOf } from '../measure/messages.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'

/**
 * API calls of a run, by who called what, so that two implementations can be held against each other. Where the two may
 * well differ, they are counted so that they do not, each for a reason:
 *
 * - How many messages come in one receive is a matter of timing: receives and deletes are counted by message.
 * - A deadline falls due a quarter of an hour after its order. A run over the wire does not wait for it.
 * - Events reach the order view out of order: whether a write of it finds a later one there already is a matter of
 *   timing. It is one call, refused or not.
 */
export const callCounts = (): {
  readonly observer: Observer
  readonly calls: () => Readonly<Record<string, number>>
} => {
  const counts = new Map<string, number>()
  const add = (what: string, times: number): void => void counts.set(what, (counts.get(what) ?? 0) + times)
  return {
    observer: {
      call(call) {
        if (call.by.startsWith('ViewOnDeadline')) return
        add(`${call.by} ${call.service}:${call.action} ${call.resource}`, messagesOf(call))
      },
      transition({ machineId, state, retry }) {
        add(`${machineId} states:${retry === 0 ? 'transition' : 'retry'} ${state}`, 1)
      },
    },
    calls: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}

const messagesOf = ({ action, input, output }: ApiCall): number => {
  if (action === 'ReceiveMessage') return listOf(output).length
  if (action === 'DeleteMessageBatch') return listOf(field(input, 'receiptHandles')).length
  return 1
}
