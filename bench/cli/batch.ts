import { readFileSync, statSync } from 'node:fs'
import { BadInput } from '../workload/bad-input.ts'

/** A line of a JSONL file, and where it stands. */
export interface BatchLine {
  readonly value: Readonly<Record<string, unknown>>
  /** As `cases.jsonl:12`. */
  readonly at: string
}

/** Every line of a JSONL file, an object with an `id` each, a text or a number; empty lines are passed over. Throws BadInput. */
export const readBatch = (file: string): readonly BatchLine[] =>
  textOf(file)
    .split('\n')
    .flatMap((text, index) => {
      const at = `${file}:${index + 1}`
      return text.trim() === '' ? [] : [{ value: objectIn(text, at), at }]
    })

const objectIn = (text: string, at: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new BadInput(`${at}: expected a JSON object, but it is not JSON: ${why}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadInput(`${at}: expected a JSON object, got ${text.trim().slice(0, shownMax)}`)
  const object = value as Readonly<Record<string, unknown>>
  const { id } = object
  if (typeof id !== 'string' && typeof id !== 'number')
    throw new BadInput(`${at}: expected an "id", a text or a number, got ${JSON.stringify(id) ?? 'none'}`)
  return object
}

const shownMax = 60

/** The text of a file that a batch names; bytes that are no UTF-8 are refused. Throws BadInput. */
export const textOf = (file: string, at = '--batch'): string => {
  const refusal = (why: string, cause?: unknown): BadInput =>
    new BadInput(`${at}: expected a file that can be read, but ${file} ${why}`, { cause })
  let bytes: Buffer
  try {
    if (!statSync(file).isFile()) throw refusal('is no file')
    bytes = readFileSync(file)
  } catch (cause) {
    if (cause instanceof BadInput) throw cause
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
    throw refusal(code === 'ENOENT' ? 'does not exist' : String(cause), cause)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw refusal('is not UTF-8', cause)
  }
}

/** Answers to stdout, a JSON line each, all at once: whoever reads them gets all or none. */
export const writeLines = (answers: readonly unknown[]): void => {
  process.stdout.write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
}
