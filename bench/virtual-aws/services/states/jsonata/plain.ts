/** A result that JSON cannot hold: a function, whether of the expression or of the library. */
export class NotJson extends Error {}

/**
 * A result of the library as JSON: its arrays lose their marks and its objects get a prototype. A number that JSON
 * cannot hold is its name, as on AWS (https://github.com/floci-io/floci/issues/2737, measured there, read 2026-11-25).
 */
export const plain = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'function') throw new NotJson('A function is no JSON')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Array.from(value, (item) => plain(item) ?? null)
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) throw new NotJson('A function is no JSON')
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const member = plain(inner)
      return member === undefined ? [] : [[key, member]]
    }),
  )
}
