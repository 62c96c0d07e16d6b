import { field, listOf, parse } from '../measure/messages.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'
import type { DeclaredRule } from './pathways.ts'

/** Events that did not come to who was to hear them, by where they went missing. */
export interface LostEvents {
  /** Logical id of the rule that did not take them, or of the queue in which they expired. */
  readonly resource: string
  readonly bus: string
  readonly events: number
  /** When the first and the last of them were put on the bus. */
  readonly fromMs: number
  readonly toMs: number
}

export interface LostEventsFold {
  readonly observer: Observer
  /** Those missing now: what arrives in the end, or lies in a dead-letter queue, was not lost. */
  missing(): readonly LostEvents[]
}

interface Missing {
  readonly resource: string
  readonly bus: string
  readonly atMs: number
}

/**
 * Holds what was put on a bus against what its rules handed on: an event is missing at a rule whose declared pattern it
 * matches until the rule has given it to a target or to its dead-letter queue. So it is seen that a rule was off or
 * listened for something else, though other rules took the event. An event that expired in a queue, or was dropped
 * there, is missing at that queue until it is handed on again. What no declared rule wants is nobody's loss.
 */
export const createLostEvents = (rules: readonly DeclaredRule[]): LostEventsFold => {
  const missing = new Map<string, Missing>()
  const ids = new Set(rules.map(({ id }) => id))
  const hearers = hearersAmong(rules)
  const published = (call: ApiCall): void => {
    const answers = listOf(field(call.output, 'Entries'))
    for (const [index, entry] of listOf(field(call.input, 'Entries')).entries()) {
      const eventId = field(answers[index], 'EventId')
      if (typeof eventId !== 'string') continue
      for (const { id } of hearers(entry, call.resource))
        missing.set(keyOf(id, eventId), { resource: id, bus: call.resource, atMs: call.startedMs })
    }
  }
  const handedOn = ({ by, resource, input }: ApiCall): void => {
    const eventId = eventIdIn(field(input, 'MessageBody') ?? field(input, 'Payload') ?? field(input, 'input'))
    if (eventId === undefined) return
    missing.delete(keyOf(by, eventId))
    missing.delete(keyOf(resource, eventId))
  }
  return {
    observer: {
      call(call) {
        if (call.error !== undefined) return
        if (call.action === 'PutEvents') published(call)
        else if (ids.has(call.by)) handedOn(call)
      },
      lost({ how, resource, body }) {
        const eventId = how === 'expired' || how === 'dropped' ? eventIdIn(body) : undefined
        if (eventId === undefined || ids.has(resource)) return
        const atMs = Date.parse(String(field(parse(body), 'time')))
        const bus = rules.find(({ targets }) => targets.includes(resource))?.bus
        if (bus !== undefined) missing.set(keyOf(resource, eventId), { resource, bus, atMs })
      },
    },
    missing: () => summed([...missing.values()]),
  }
}

/** The rules of a bus that are to hear of an entry; remembered where source and type decide. */
const hearersAmong = (
  rules: readonly DeclaredRule[],
): ((entry: unknown, bus: string) => readonly DeclaredRule[]) => {
  const isDecidedByType = rules.every(({ pattern }) => pattern.isDecidedBy(['source', 'detail-type']))
  const remembered = new Map<string, readonly DeclaredRule[]>()
  return (entry, bus) => {
    const [source, type] = [field(entry, 'Source'), field(entry, 'DetailType')]
    const key = JSON.stringify([bus, source, type])
    const known = isDecidedByType ? remembered.get(key) : undefined
    if (known !== undefined) return known
    const event = { source, 'detail-type': type, detail: parse(field(entry, 'Detail')) }
    const hearing = rules.filter((rule) => rule.bus === bus && rule.pattern.matches(event))
    if (isDecidedByType) remembered.set(key, hearing)
    return hearing
  }
}

const keyOf = (resource: string, eventId: string): string => `${resource}/${eventId}`

const idForm = /^\{"version":"0","id":"([^"]+)"/

const eventIdIn = (body: unknown): string | undefined => {
  const id = typeof body === 'string' ? idForm.exec(body)?.[1] : field(body, 'id')
  return typeof id === 'string' ? id : undefined
}

const summed = (all: readonly Missing[]): readonly LostEvents[] => {
  const found = new Map<string, LostEvents>()
  for (const { resource, bus, atMs } of all) {
    const before = found.get(resource)
    found.set(resource, {
      resource,
      bus,
      events: (before?.events ?? 0) + 1,
      fromMs: Math.min(before?.fromMs ?? atMs, atMs),
      toMs: Math.max(before?.toMs ?? atMs, atMs),
    })
  }
  return [...found.values()].toSorted((a, b) => (a.resource < b.resource ? -1 : 1))
}
