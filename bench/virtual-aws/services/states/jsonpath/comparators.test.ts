import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const chosen = async (rule: object, input: unknown): Promise<unknown> => {
  const pass = (Result: string) => ({ Type: 'Pass', Result, End: true })
  const choice = { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' }
  const definition = { StartAt: 'One', States: { One: choice, Yes: pass('yes'), No: pass('no') } }
  const { status, output, error } = await runAsl({ definition, input })
  return status === 'SUCCEEDED' ? output : error
}

// `StringMatches` in https://states-language.net/spec.html (read 2026-11-25)
describe('StringMatches', () => {
  it.each([
    { pattern: 'foo*.log', text: 'foo23.log', found: 'yes' },
    { pattern: '*.log', text: 'zebra.log', found: 'yes' },
    { pattern: 'foo*.*', text: 'foobar.zebra', found: 'yes' },
    { pattern: '*', text: 'line\nline', found: 'yes' },
    { pattern: 'foo*', text: 'a foo', found: 'no' },
    { pattern: 'f.o?[a-z]+', text: 'f.o?[a-z]+', found: 'yes' },
    { pattern: 'f.o', text: 'fxo', found: 'no' },
    { pattern: 'f\\*o', text: 'f*o', found: 'yes' },
    { pattern: 'f\\*o', text: 'fxo', found: 'no' },
    { pattern: 'f\\\\*', text: 'f\\oo', found: 'yes' },
    { pattern: '*', text: 5, found: 'no' },
  ])('$pattern with $text: $found', async ({ pattern, text, found }) => {
    expect(await chosen({ Variable: '$', StringMatches: pattern }, text)).toBe(found)
  })

  it.each(['f\\o', '\\', 'a\\\\\\b', 'a*\\'])('fails the state by an open escape: %s', async (pattern) => {
    expect(await chosen({ Variable: '$', StringMatches: pattern }, 'x')).toBe('States.Runtime')
  })
})
