import { Command } from 'commander'
import { InvalidPattern } from '../virtual-aws/services/event-bus/pattern/field.ts'
import { compilePattern } from '../virtual-aws/services/event-bus/pattern/pattern.ts'
import { BadInput } from '../workload/bad-input.ts'
import { type BatchLine, readBatch, required, writeLines } from './batch.ts'

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
where EventBridge would refuse the pattern.`,
    )
    .allowExcessArguments(false)
    .action(({ batch }: { readonly batch: string }) => {
      const lines = readBatch(batch).map((line) => ({
        id: line.value['id'],
        pattern: jsonIn(line, 'pattern'),
        event: jsonIn(line, 'event'),
      }))
      writeLines(lines.map(({ id, pattern, event }) => ({ id, ...answerOf(pattern, event) })))
    })

const answerOf = (
  pattern: unknown,
  event: unknown,
): { readonly match: boolean } | { readonly error: string } => {
  try {
    return { match: compilePattern(pattern).matches(event) }
  } catch (error) {
    if (error instanceof InvalidPattern) return { error: error.message }
    throw error
  }
}

/** A text that is no JSON stays a text: what becomes of it is for EventBridge to say. */
const jsonIn = (line: BatchLine, name: 'pattern' | 'event'): unknown => {
  const value = required(line, name)
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch (cause) {
    if (name === 'pattern') return value
    throw new BadInput(`${line.at}: expected "event" to be an object or the JSON text of one`, { cause })
  }
}
