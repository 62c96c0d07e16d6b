import { AssertionError, deepStrictEqual } from 'node:assert/strict'
import type { Aws } from './statement.ts'

/** What a check says of what it saw; each throws, with both sides, where the two differ. */

export const equal = (actual: unknown, expected: unknown, what: string): void => {
  try {
    deepStrictEqual(actual, expected)
  } catch (cause) {
    throw new AssertionError({
      message: `${what}: expected ${shown(expected)}, got ${shown(actual)}`,
      actual,
      expected,
      ...(cause instanceof Error ? { stackStartFn: equal } : {}),
    })
  }
}

export const holds = (condition: boolean, what: string): void => {
  if (!condition) throw new AssertionError({ message: what, stackStartFn: holds })
}

/** At least the fields that are expected; others do not matter. */
export const includes = (actual: unknown, expected: object, what: string): void => {
  const part = Object.fromEntries(Object.keys(expected).map((key) => [key, Object(actual)[key]]))
  equal(part, { ...expected }, what)
}

export const between = (actual: number, least: number, most: number, what: string): void =>
  holds(actual >= least && actual <= most, `${what}: expected ${least} to ${most}, got ${actual}`)

/** Never undefined. */
export const present = <Value>(value: Value | undefined | null, what: string): Value => {
  if (value === undefined || value === null) throw new AssertionError({ message: `${what}: there is none` })
  return value
}

type ErrorClass = abstract new (...given: never[]) => Error

/** The request is refused with an error of that class of the SDK, or with that name where the SDK has no class. */
export const refused = async (
  request: Promise<unknown>,
  expected: ErrorClass | string,
  what: string,
): Promise<Error> => {
  const name = typeof expected === 'string' ? expected : expected.name
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined)
    throw new AssertionError({ message: `${what}: expected ${name}, but it was taken` })
  const isIt =
    error instanceof Error && (typeof expected === 'string' ? error.name === name : error instanceof expected)
  if (isIt) return error
  const came = error instanceof Error ? `${error.name}: ${error.message}` : shown(error)
  throw new AssertionError({ message: `${what}: expected ${name}, got ${came}` })
}

const pollMsFirst = 200
/** Many checks ask at once, and AWS throttles whoever asks too often. */
const pollMsMax = 1000

/** Asks until there is an answer, for at most so long. */
export const eventually = async <Value>(
  aws: Aws,
  ask: () => Promise<Value | undefined>,
  what: string,
  withinMs = 15_000,
): Promise<Value> => {
  const untilMs = aws.now() + withinMs
  for (let pollMs = pollMsFirst; ; pollMs = Math.min(pollMs * 1.5, pollMsMax)) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (aws.now() >= untilMs) throw new AssertionError({ message: `${what}: not within ${withinMs} ms` })
    await aws.sleep(pollMs)
  }
}

const shownMax = 400

const shown = (value: unknown): string => {
  const text = value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value))
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text
}
