import { Command } from 'commander'
import { InvalidPattern, isObject } from '../virtual-aws/services/event-bus/pattern/field.ts'
import { compilePattern } from '../virtual-aws/services/event-bus/pattern/pattern.ts'
import { NotModelled } from '../virtual-aws/services/properties.ts'
import { readBatch, writeLines } from './batch.ts'

/** Event patterns against events, as EventBridge matches them. */
export const patternCommand = (): Command =>
  new Command('pattern')
    .description('Match events against event patterns, as EventBridge does.')
    .requiredOption('--batch <file>', 'JSONL: {"id", "pattern", "event"} a line')
    .addHelpText(
      'after',
      `
A pattern and an event may each be a JSON value or the JSON text of one.
Answers, one line each in the order of the file: {"id", "match": true|false}, or {"id", "error"} with the reason
where EventBridge would refuse the pattern or the event, where the pattern is not modelled, or where the line lacks one
of them. The fields of the
envelope (id, account, source, time, region, resources, detail-type) are not asked for: an event is matched as it is.`,
    )
    .allowExcessArguments(false)
    .action(({ batch }: { readonly batch: string }) => {
      writeLines(readBatch(batch).map(({ value }) => ({ id: value['id'], ...answerOf(value) })))
    })

type Outcome = { readonly match: boolean } | { readonly error: string }

/** A line that cannot be answered is answered with the reason: the lines after it are not its fault. */
const answerOf = (line: Readonly<Record<string, unknown>>): Outcome => {
  for (const name of ['pattern', 'event'])
    if (!Object.hasOwn(line, name)) return { error: `expected "${name}", and there is none` }
  const event = eventIn(line['event'])
  if (event === undefined) return { error: 'expected "event" to be an object or the JSON text of one' }
  try {
    return { match: compilePattern(line['pattern']).matches(event) }
  } catch (error) {
    if (error instanceof InvalidPattern || error instanceof NotModelled) return { error: error.message }
    // So deep that reading it needs more stack than there is; AWS bounds the depth of JSON too.
    if (error instanceof RangeError) return { error: `too deep: ${error.message}` }
    throw error
  }
}

const eventIn = (event: unknown): object | undefined => {
  if (typeof event !== 'string') return isObject(event) ? event : undefined
  try {
    const parsed: unknown = JSON.parse(event)
    return isObject(parsed) ? parsed : undefined
  } catch {
    // Its answer says what was expected.
    return undefined
  }
}
