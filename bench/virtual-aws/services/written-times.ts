/** The second that was written last: most of what happens in a run happens in the same one. */
let lastSecond = Number.NaN
let lastText = ''

/** A point in time to the second, as `2026-01-05T08:00:00`; milliseconds are cut off. */
export const isoSecond = (ms: number): string => {
  const second = Math.floor(ms / 1000)
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -5)
    lastSecond = second
  }
  return lastText
}

/** The whole milliseconds of a second, in three digits. */
export const milliseconds = (ms: number): string =>
  threeDigits[Math.floor(ms) - Math.floor(ms / 1000) * 1000] ?? ''

const threeDigits = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))
