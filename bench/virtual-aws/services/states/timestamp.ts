import { isoSecond, milliseconds } from '../written-times.ts'

const form = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** Milliseconds since the epoch, fractions included, of an RFC 3339 timestamp with `T` and an offset. */
export const instantOf = (value: unknown): number | undefined => {
  const found = typeof value === 'string' ? form.exec(value) : null
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, offset = 'Z'] = found
  const atMidnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const inRange =
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    new Date(atMidnight).getUTCDate() === Number(day) &&
    Number(hour) <= 23 &&
    Number(minute) <= 59 &&
    Number(second) <= 59
  if (!inRange) return undefined
  const ofDay = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  return atMidnight + ofDay * 1000 + Number(fraction ?? 0) * 1000 - offsetMs(offset)
}

const offsetMs = (offset: string): number => {
  if (offset === 'Z') return 0
  const [hours, minutes] = offset.slice(1).split(':').map(Number)
  return (offset.startsWith('-') ? -1 : 1) * ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000
}

/**
 * As the Context object writes times: whole milliseconds, what is beyond them cut off, and none where there are none.
 * Source: "Timestamp format with fractional seconds" in
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html (read 2026-11-25).
 */
export const isoTime = (ms: number): string => {
  const fraction = milliseconds(ms)
  return fraction === '000' ? `${isoSecond(ms)}Z` : `${isoSecond(ms)}.${fraction}Z`
}
