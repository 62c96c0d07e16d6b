const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/**
 * Identifiers in the form of a UUID that are a count: unique in a run, the same in every run, cheap to make.
 * `series` keeps one kind of thing apart from another.
 */
export const countedIds = (series: number): (() => string) => {
  const head = hex(series, 8)
  let count = 0
  return () => {
    count += 1
    return `${head}-0000-4000-8000-${hex(count, 12)}`
  }
}
