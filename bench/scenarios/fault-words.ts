import type { Fault } from './scenario.ts'

/** A fault as a line: its kind, and each of its options by name. */
export const faultWords = ({ kind, ...options }: Fault): string =>
  [
    kind,
    ...Object.entries(options).map(
      ([name, value]) => `${name} ${Array.isArray(value) ? value.join(' to ') : value}`,
    ),
  ].join(', ')
