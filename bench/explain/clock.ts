import { fixed } from '../report/format.ts'

/** A point of time: `12 h 00 min 01.055 s`. What stands before the first unit that it takes is left out. */
export const clock = (atMs: number): string => {
  const whole = Math.round(Math.abs(atMs))
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60]
  const seconds = ((whole % 60_000) / 1_000).toFixed(3)
  const sign = atMs < 0 ? '−' : ''
  if (hours > 0) return `${sign}${hours} h ${twoDigits(minutes)} min ${seconds.padStart(6, '0')} s`
  return minutes > 0 ? `${sign}${minutes} min ${seconds.padStart(6, '0')} s` : `${sign}${seconds} s`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** How long a call took: milliseconds as they are, what is longer than a minute as a point of time. */
export const duration = (value: number): string => (value < 60_000 ? `${fixed(value, 1)} ms` : clock(value))
