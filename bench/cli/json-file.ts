import type { z } from 'zod'
import { BadInput } from '../workload/bad-input.ts'
import { textOf } from './batch.ts'

/** Reads a JSON file of a known shape that an option names. Throws BadInput: what it is, and the first thing wrong. */
export const readJsonFile = <Shape>(
  option: string,
  file: string,
  { schema, what }: { readonly schema: z.ZodType<Shape>; readonly what: string },
): Shape => {
  const text = textOf(file, option)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new BadInput(`${option} ${file}: expected ${what}, but it is no JSON`, { cause })
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw new BadInput(`${option} ${file}: expected ${what}, but ${where}${issue?.message ?? 'it is none'}`)
}
