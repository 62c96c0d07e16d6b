import { anythingBut } from './anything-but.ts'
import { type Choice, canAgree } from './choices.ts'
import { cidr } from './cidr.ts'
import { equalsIgnoreCase } from './equals-ignore-case.ts'
import { exact } from './exact.ts'
import { exists } from './exists.ts'
import { InvalidPattern, isObject, type Leaf, type Matcher, onlyKey } from './field.ts'
import { type FoundLeaf, leavesAt, type Membership, stretchesOf } from './leaves.ts'
import { numeric } from './numeric.ts'
import { alternativesOf } from './or.ts'
import { prefix } from './prefix.ts'
import { suffix } from './suffix.ts'
import { wildcard } from './wildcard.ts'
import { refuseTooComplex } from './wildcard-complexity.ts'

/** A compiled event pattern. */
export interface Pattern {
  matches(event: unknown): boolean
  /**
   * The only values that the field at a top-level path may have for the pattern to match; undefined when it cannot
   * be told. What an index needs, so that not every rule is tried on every event.
   */
  valuesOf(path: string): ReadonlySet<string> | undefined
  /** True when the pattern looks at nothing but these top-level fields, and at those for plain values. */
  isDecidedBy(paths: readonly string[]): boolean
}

/** What a field must satisfy: one of the matchers, or to be absent if that is allowed. */
interface FieldPattern {
  readonly path: string
  readonly stretches: readonly (readonly string[])[]
  readonly matchers: readonly Matcher[]
  readonly absentMatches: boolean
  /** All of its alternatives when they are plain texts. */
  readonly texts: ReadonlySet<string> | undefined
}

/** One way to match: all its fields. A pattern without `$or` has one; each `$or` multiplies them. */
type Branch = ReadonlyMap<string, FieldPattern>

/** Bounds what nested `$or`s can multiply to. AWS bounds the length of a pattern instead. */
const branchesMax = 1000

/**
 * Compiles an event pattern, given as JSON or parsed; throws InvalidPattern when AWS would refuse it.
 *
 * A pattern becomes a list of branches, each a list of fields in the order of their paths; an event matches when in
 * one branch each field finds a leaf, and those leaves do not come from different elements of the same array.
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and the
 * behaviour of https://github.com/aws/event-ruler, the matcher that AWS publishes.
 */
export const compilePattern = (source: unknown): Pattern => {
  const pattern = typeof source === 'string' ? parsed(source) : source
  if (!isObject(pattern)) throw new InvalidPattern('Filter is not an object')
  const branches = readPattern(pattern).map(inPathOrder)
  return {
    matches: (event) => branches.some((fields) => branchMatches(event, fields)),
    valuesOf: (path) => valuesIn(branches, path),
    isDecidedBy: (paths) =>
      branches.length === 1 &&
      (branches[0] ?? []).every((field) => field.texts !== undefined && paths.includes(field.path)),
  }
}

const parsed = (source: string): unknown => {
  try {
    return JSON.parse(source)
  } catch (cause) {
    throw new InvalidPattern(`${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

const inPathOrder = (branch: Branch): readonly FieldPattern[] =>
  [...branch.values()].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))

/** How `$or` is read: as alternatives, or as a field of that name. */
type Or = 'alternatives' | 'field'

/**
 * A pattern whose `$or` cannot be one (no array, fewer than two objects, fields named like operators) is read again
 * with `$or` as the name of a field, as it was before there were alternatives; when that fails too, the reason why it
 * is no `$or` is the one that helps. Source: "The backward compatibility of using $or" in
 * https://github.com/aws/event-ruler (read 2026-11-25).
 */
const readPattern = (pattern: Readonly<Record<string, unknown>>): readonly Branch[] => {
  try {
    return readObject(pattern, '', [], 'alternatives')
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error
    try {
      return readObject(pattern, '', [], 'field')
    } catch {
      throw error
    }
  }
}

const readObject = (
  object: Readonly<Record<string, unknown>>,
  at: string,
  branches: readonly Branch[],
  or: Or,
): readonly Branch[] => {
  const entries = Object.entries(object)
  if (entries.length === 0) throw new InvalidPattern('Empty objects are not allowed')
  let read = branches
  for (const [name, value] of entries) read = readEntry(name, value, at, read, or)
  return read
}

const readEntry = (
  name: string,
  value: unknown,
  at: string,
  branches: readonly Branch[],
  or: Or,
): readonly Branch[] => {
  if (name === '$or' && or === 'alternatives') return readOr(value, at, branches)
  const path = at === '' ? name : `${at}.${name}`
  if (isObject(value)) return readObject(value, path, branches, or)
  if (Array.isArray(value)) return withField(branches, readField(path, value))
  throw new InvalidPattern(`"${name}" must be an object or an array`)
}

const readOr = (value: unknown, at: string, branches: readonly Branch[]): readonly Branch[] => {
  const read = alternativesOf(value).flatMap((alternative) =>
    readObject(alternative, at, branches, 'alternatives'),
  )
  if (read.length > branchesMax) throw new InvalidPattern('The pattern is too complex')
  return read
}

/** Of a path that comes twice, outside and inside of `$or`, the later one counts. */
const withField = (branches: readonly Branch[], field: FieldPattern): readonly Branch[] =>
  (branches.length === 0 ? [new Map<string, FieldPattern>()] : branches).map((branch) =>
    new Map(branch).set(field.path, field),
  )

const readField = (path: string, alternatives: readonly unknown[]): FieldPattern => {
  if (alternatives.length === 0) throw new InvalidPattern('Empty arrays are not allowed')
  const matchers: Matcher[] = []
  const texts = new Set<string>()
  let absentMatches = false
  for (const alternative of alternatives) {
    if (isObject(alternative)) {
      const matcher = readExpression(alternative)
      if (matcher === 'absent') absentMatches = true
      else matchers.push(matcher)
    } else if (isLeafValue(alternative)) {
      matchers.push(exact(alternative))
      if (typeof alternative === 'string') texts.add(alternative)
    } else throw new InvalidPattern('Match value must be String, number, true, false, or null')
  }
  refuseTooComplex(alternatives)
  const plain = texts.size > 0 && alternatives.every((alternative) => typeof alternative === 'string')
  return { path, stretches: stretchesOf(path), matchers, absentMatches, texts: plain ? texts : undefined }
}

const isLeafValue = (value: unknown): value is Leaf => value === null || typeof value !== 'object'

const readExpression = (expression: Readonly<Record<string, unknown>>): Matcher | 'absent' => {
  const [operator] = Object.keys(expression)
  if (operator === undefined) throw new InvalidPattern('Match expression name not found')
  const operand = expression[operator]
  const read = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (read === undefined) throw new InvalidPattern(`Unrecognized match type ${operator}`)
  const matcher = read(operand)
  onlyKey(
    expression,
    operator === 'numeric' || operator === 'anything-but'
      ? 'Too many elements in numeric expression'
      : 'Only one key allowed in match expression',
  )
  return matcher
}

const anyLeaf: Matcher = () => true

const exactly = (operand: unknown): Matcher => {
  if (typeof operand !== 'string') throw new InvalidPattern('exact match pattern must be a string')
  return (leaf) => leaf === operand
}

const operators: Readonly<Record<string, (operand: unknown) => Matcher | 'absent'>> = {
  exactly,
  prefix,
  suffix,
  'equals-ignore-case': equalsIgnoreCase,
  'anything-but': anythingBut,
  numeric,
  wildcard,
  cidr,
  exists: (operand) => (exists(operand) ? anyLeaf : 'absent'),
}

/** A field and its leaves, some of which lie in elements of arrays. */
interface Scattered {
  readonly field: FieldPattern
  readonly leaves: readonly FoundLeaf[]
}

const branchMatches = (event: unknown, fields: readonly FieldPattern[]): boolean => {
  let scattered: Scattered[] | undefined
  for (const field of fields) {
    const leaves = leavesAt(event, field.stretches)
    const isScattered = leaves.some(isInElement)
    if (!hasMatch(field, leaves) && !(field.absentMatches && (isScattered || leaves.length === 0)))
      return false
    if (!isScattered) continue
    scattered ??= []
    scattered.push({ field, leaves })
  }
  return scattered === undefined || isConsistent(scattered)
}

const isInElement = ({ membership }: FoundLeaf): boolean => membership.size > 0

const hasMatch = (field: FieldPattern, leaves: readonly FoundLeaf[]): boolean =>
  leaves.some((found) => isMatch(field, found))

const isMatch = ({ matchers }: FieldPattern, { leaf }: FoundLeaf): boolean =>
  matchers.some((matches) => matches(leaf))

const isConsistent = (scattered: readonly Scattered[]): boolean => {
  const [first, second] = scattered
  return first !== undefined && second === undefined
    ? hasMatch(first.field, first.leaves)
    : canAgree(scattered.map(choiceOf))
}

/** Leaves of one element share their membership: one of them stands for all. */
const choiceOf = ({ field, leaves }: Scattered): Choice => ({
  matching: membershipsOf(leaves.filter((found) => isMatch(field, found))),
  presence: field.absentMatches ? membershipsOf(leaves) : undefined,
})

const membershipsOf = (leaves: readonly FoundLeaf[]): readonly Membership[] => [
  ...new Set(leaves.map(({ membership }) => membership)),
]

const valuesIn = (
  branches: readonly (readonly FieldPattern[])[],
  path: string,
): ReadonlySet<string> | undefined => {
  const all = new Set<string>()
  for (const fields of branches) {
    const texts = fields.find((field) => field.path === path)?.texts
    if (texts === undefined) return undefined
    for (const text of texts) all.add(text)
  }
  return all
}
