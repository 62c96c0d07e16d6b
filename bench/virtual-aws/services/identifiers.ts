const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

const lastDigits: readonly string[] = Array.from({ length: 256 }, (_, value) => hex(value, 2))

/**
 * Identifiers in the form of a UUID that are a count: unique in a run, the same in every run, cheap to make.
 * `series` keeps one kind of thing apart from another.
 */
export const countedIds = (series: number): (() => string) => {
  const head = `${hex(series, 8)}-0000-4000-8000-`
  let count = 0
  /** All but the last two digits. */
  let most = `${head}${hex(0, 10)}`
  return () => {
    count += 1
    const last = count % lastDigits.length
    if (last === 0) most = `${head}${hex(count / lastDigits.length, 10)}`
    return `${most}${lastDigits[last]}`
  }
}
