import { consistsOf } from '../../pieces.ts'
import { EvaluationError } from '../failure.ts'
import { instantOf } from '../timestamp.ts'

/** A comparison of the Choice state: what the variable holds against the operand. */
export interface Comparator {
  /** What an operand must be, for the validation of the definition. */
  readonly operand: 'string' | 'number' | 'boolean' | 'timestamp'
  readonly test: (value: unknown, operand: unknown) => boolean
}

const order: Readonly<Record<string, (difference: number) => boolean>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  GreaterThan: (difference) => difference > 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThanEquals: (difference) => difference >= 0,
}

interface Family {
  readonly name: string
  readonly operand: Comparator['operand']
  /** Negative, zero or positive; undefined when either is not of the family, which no comparison then holds for. */
  readonly compare: (value: unknown, operand: unknown) => number | undefined
}

const families: readonly Family[] = [
  {
    name: 'String',
    operand: 'string',
    compare: (value, operand) =>
      typeof value === 'string' && typeof operand === 'string' ? compareText(value, operand) : undefined,
  },
  {
    name: 'Numeric',
    operand: 'number',
    compare: (value, operand) =>
      typeof value === 'number' && typeof operand === 'number' ? value - operand : undefined,
  },
  {
    name: 'Timestamp',
    operand: 'timestamp',
    compare: (value, operand) => {
      const [left, right] = [instantOf(value), instantOf(operand)]
      return left === undefined || right === undefined ? undefined : left - right
    },
  },
]

const compareText = (left: string, right: string): number => {
  if (left === right) return 0
  return left < right ? -1 : 1
}

const ordering = families.flatMap(({ name, operand, compare }) =>
  Object.entries(order).map(([suffix, holds]): [string, Comparator] => [
    `${name}${suffix}`,
    {
      operand,
      test: (value, against) => {
        const difference = compare(value, against)
        return difference !== undefined && holds(difference)
      },
    },
  ]),
)

/**
 * `*` stands for any characters; `\*` and `\\` for themselves, and no other may stand behind a backslash.
 * Source: `StringMatches` in https://states-language.net/spec.html (read 2026-11-25).
 */
const matchesPattern = (value: unknown, pattern: unknown): boolean => {
  if (typeof pattern === 'string' && /^(?:[^\\]|\\[*\\])*\\(?![*\\])/.test(pattern))
    throw new EvaluationError('States.Runtime', `Open escape backslash in the pattern '${pattern}'`)
  if (typeof value !== 'string' || typeof pattern !== 'string') return false
  return consistsOf(value, piecesOf(pattern))
}

/** The literal texts between the wildcards. */
const piecesOf = (pattern: string): readonly string[] => {
  const pieces = ['']
  for (const [piece] of pattern.matchAll(/\\.|\*|[^\\*]+/gs)) {
    if (piece === '*') pieces.push('')
    else pieces[pieces.length - 1] += piece.startsWith('\\') ? piece.slice(1) : piece
  }
  return pieces
}

/** By name; each may also end in `Path`, but for those of `presence` and `StringMatches`. */
export const comparators: ReadonlyMap<string, Comparator> = new Map<string, Comparator>([
  ...ordering,
  [
    'BooleanEquals',
    { operand: 'boolean', test: (value, operand) => typeof value === 'boolean' && value === operand },
  ],
  ['StringMatches', { operand: 'string', test: matchesPattern }],
])

/**
 * Comparisons of a type with a boolean; `IsPresent` alone may be asked of a path that finds nothing.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html (read 2026-11-25).
 */
export const presence: ReadonlyMap<string, (value: unknown) => boolean> = new Map<
  string,
  (value: unknown) => boolean
>([
  ['IsPresent', (value) => value !== undefined],
  ['IsNull', (value) => value === null],
  ['IsNumeric', (value) => typeof value === 'number'],
  ['IsString', (value) => typeof value === 'string'],
  ['IsBoolean', (value) => typeof value === 'boolean'],
  ['IsTimestamp', (value) => instantOf(value) !== undefined],
])
