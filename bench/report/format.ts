/** What is printed where there is no number: never NaN, never a zero that was not measured. */
export const absent = '–'

// Control characters could move a terminal's cursor, and the bidirectional ones could make a reader see another text.
const unprintable = /\p{Cc}|[\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu
const loneSurrogate = /\p{Cs}/gu

/** Text without what could move a cursor, break a line or turn the reading direction. */
export const plain = (text: string): string =>
  text
    .replace(/[\n\r\t]+/g, ' ')
    .replace(unprintable, '�')
    .replace(loneSurrogate, '�')

/** Text of at most `length` characters; what is cut off leaves an ellipsis. */
export const clipped = (text: string, length: number): string => {
  const characters = [...plain(text)]
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`
}

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/** A number with `decimals`, thousands apart by commas whatever the machine's language. */
export const fixed = (value: number, decimals: number): string => {
  if (!Number.isFinite(value)) return absent
  if (Math.abs(value) >= 1e21) return value.toPrecision(4)
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const text = fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

export const count = (value: number): string => fixed(value, 0)

const decimalsFor = (value: number): number => {
  const size = Math.abs(value)
  if (size >= 100) return 0
  return size >= 10 ? 1 : 2
}

/** Milliseconds, without the unit: three digits where the number is small. */
export const ms = (value: number): string => fixed(value, decimalsFor(value))

/** US dollars; cents below a thousand, and what is less than a cent is not rounded away. */
export const usd = (value: number): string => {
  if (!Number.isFinite(value)) return absent
  if (value > 0 && value < 0.01) return value < 0.0001 ? '<$0.0001' : `$${fixed(value, 4)}`
  return `$${fixed(value, value >= 1000 ? 0 : 2)}`
}

/** Units an order: seldom whole. */
export const units = (value: number): string => {
  if (Number.isInteger(value)) return count(value)
  return value < 0.01 ? value.toPrecision(2) : fixed(value, value >= 1000 ? 0 : 2)
}

/** A ratio; near 1, where a verdict is decided, with one decimal more than above. */
export const ratio = (value: number): string => {
  if (!Number.isFinite(value)) return absent
  const size = Math.abs(value)
  if (size >= 100) return fixed(value, 0)
  if (size >= 10) return fixed(value, 1)
  if (size >= 2) return fixed(value, 2)
  if (size >= 0.1) return fixed(value, 3)
  return size === 0 ? '0' : value.toPrecision(3)
}

/** A ratio that stands by itself: "4.28×". */
export const times = (value: number): string => (Number.isFinite(value) ? `${ratio(value)}×` : absent)

export const interval = ([low, high]: readonly [number, number]): string => `${ratio(low)} to ${ratio(high)}`

/** A share of a whole in percent; `absent` of nothing. Only none is 0% and only all is 100%. */
export const percent = (part: number, whole: number): string => {
  if (whole === 0 || !Number.isFinite(part / whole)) return absent
  const share = (100 * part) / whole
  if (share > 0 && share < 0.1) return '<0.1%'
  if (share < 100 && share > 99.9) return '>99.9%'
  return `${fixed(share, share === 0 || share === 100 ? 0 : 1)}%`
}

/** A span of time in the unit that suits it. */
export const span = (value: number): string => {
  const steps: readonly (readonly [number, string])[] = [
    [86_400_000, 'days'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ]
  const step = steps.find(([size]) => value >= 2 * size)
  if (step === undefined) return `${ms(value)} ms`
  const [size, unit] = step
  return `${fixed(value / size, value % size === 0 ? 0 : 1)} ${unit}`
}

/** A time on a clock that starts at 0, to the millisecond: "12:00:03.832". */
export const clockTime = (timeMs: number): string => {
  if (!Number.isFinite(timeMs)) return absent
  const whole = Math.round(Math.abs(timeMs))
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const seconds = `${two((whole / 1_000) % 60)}.${String(whole % 1_000).padStart(3, '0')}`
  return `${timeMs < 0 && whole > 0 ? '−' : ''}${Math.floor(whole / 3_600_000)}:${two((whole / 60_000) % 60)}:${seconds}`
}

/** "a", "a and b", "a, b and c". */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`

/** "1 order", "2 orders". */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`
