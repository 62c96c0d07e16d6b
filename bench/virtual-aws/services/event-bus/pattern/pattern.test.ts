import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

interface Row {
  readonly id: string
  readonly pattern: unknown
  readonly event: unknown
  readonly expected: boolean | 'exception'
  readonly exceptionSnapshot: {
    readonly exception_message: { readonly Error: { readonly Message: string } }
  } | null
}

const folder = process.env['AWS_RECORDED'] ?? resolve(process.cwd(), '../shared/aws-recorded')
const file = resolve(folder, 'event-patterns.jsonl')
const recorded = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line): Row => JSON.parse(line))
  : []

const outcome = (
  pattern: unknown,
  event: unknown,
): { readonly answer: unknown; readonly message?: string } => {
  try {
    return { answer: compilePattern(pattern).matches(event) }
  } catch (error) {
    return { answer: 'exception', message: String((error as Error).message) }
  }
}

describe('an event pattern answers as it was recorded on AWS', () => {
  if (recorded.length === 0) it('has no recordings', (test) => test.skip(`${file} is absent`))
  else
    it.each(recorded)('$id: $expected', ({ pattern, event, expected, exceptionSnapshot }) => {
      const { answer, message } = outcome(pattern, event)
      expect(answer).toBe(expected)
      if (exceptionSnapshot !== null)
        expect(message).toBe(exceptionSnapshot.exception_message.Error.Message.split('\n')[0])
    })
})
