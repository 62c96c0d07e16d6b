import type { TraceEntry } from '../trace.ts'

/** An entry, or several that are the same but for their time. */
export interface Step {
  readonly entry: TraceEntry
  /** What its beginning was waited for; of several, where all but the first waited for the same. */
  readonly reason: string | undefined
  /** Of several: how many, and when the last one began. */
  readonly repeats?: { readonly times: number; readonly untilMs: number; readonly reason: string | undefined }
}

/** From so many on, what repeats is told once. */
const repeatsFrom = 4

/** Entries of the same message that are the same but for their time, folded into the first of them. */
export const foldRepeats = (
  entries: readonly TraceEntry[],
  reasons: readonly (string | undefined)[],
): readonly Step[] => {
  const series = new Map<string, number[]>()
  const keys = keysOf(entries)
  for (const [index, key] of keys.entries()) series.set(key, [...(series.get(key) ?? []), index])
  return entries.flatMap((entry, index): readonly Step[] => {
    const indexes = series.get(keys[index] ?? '') ?? []
    const reason = reasons[index]
    if (indexes.length < repeatsFrom) return [{ entry, reason }]
    if (indexes[0] !== index) return []
    const all = indexes.flatMap((each) => entries[each] ?? [])
    return [
      {
        entry: { ...entry, detail: alike(all.map(({ detail }) => detail)), billed: billedOf(all) },
        reason,
        repeats: {
          times: all.length,
          untilMs: all.at(-1)?.startedMs ?? entry.startedMs,
          reason: commonReason(indexes.slice(1).map((each) => reasons[each])),
        },
      },
    ]
  })
}

/** What all waited for; where only the time differs, without the time. */
const commonReason = (reasons: readonly (string | undefined)[]): string | undefined => {
  const [exact, ...others] = new Set(reasons)
  if (others.length === 0) return exact
  const [vague, ...different] = new Set(reasons.map((reason) => reason?.replace(aTime, 'a while')))
  return different.length === 0 ? vague : undefined
}
const aTime = /\b\d[\d.,]* (ms|s|min|h|days)\b/

/** What makes two entries the same: a number in them or a cold start does not tell them apart, their message does. */
const keysOf = (entries: readonly TraceEntry[]): readonly string[] => {
  const messages = messagesOf(entries)
  return entries.map(({ by, what, detail, error, context: { becomes } }, index) =>
    JSON.stringify([
      by,
      what.replace(' (cold)', ''),
      detail.replaceAll(/^receive \d+$/g, '').replaceAll(/\d+/g, '#'),
      error,
      becomes,
      messages[index],
    ]),
  )
}

/** What each entry is about; a call of a function is about what its invocation is. */
const messagesOf = (entries: readonly TraceEntry[]): readonly string[] => {
  const invocations = entries.filter(({ what }) => what.startsWith('lambda:invocation'))
  return entries.map((entry) => {
    const around = invocations.find(
      ({ by, startedMs, endedMs }) =>
        by === entry.by && startedMs <= entry.startedMs && entry.startedMs <= endedMs,
    )
    const { about = [], received = about } = (around ?? entry).context
    return received.toSorted().join(' ')
  })
}

/** The parts that all say. */
const alike = (details: readonly string[]): string => {
  const [first = [], ...others] = details.map((detail) => detail.split(', '))
  return first.filter((part) => others.every((other) => other.includes(part))).join(', ')
}

const billedOf = (entries: readonly TraceEntry[]): string => {
  const [, meter] = entries[0]?.billed.split(' ') ?? []
  if (meter === undefined) return ''
  const units = entries.reduce((sum, { billed }) => sum + Number(billed.split(' ')[0]), 0)
  return `${units} ${meter}`
}
