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
    { pattern: 'a**b', text: 'axb', found: 'yes' },
    { pattern: 'a*a', text: 'a', found: 'no' },
    { pattern: '*ab*b', text: 'abcab', found: 'yes' },
    { pattern: '*ab*b', text: 'cab', found: 'no' },
    { pattern: '\\**\\\\', text: '*x\\', found: 'yes' },
  ])('$pattern with $text: $found', async ({ pattern, text, found }) => {
    expect(await chosen({ Variable: '$', StringMatches: pattern }, text)).toBe(found)
  })

  it('answers at once, however many wildcards find too much', async () => {
    const pattern = `${'*a'.repeat(16)}*b`
    expect(await chosen({ Variable: '$', StringMatches: pattern }, 'a'.repeat(2000))).toBe('no')
  })

  it.each(['f\\o', '\\', 'a\\\\\\b', 'a*\\'])('fails the state by an open escape: %s', async (pattern) => {
    expect(await chosen({ Variable: '$', StringMatches: pattern }, 'x')).toBe('States.Runtime')
  })
})

// The operators of https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html (read 2026-11-25)
describe('A comparison of a type', () => {
  it.each([
    { rule: { IsNumeric: true }, of: [1, -0.5], notOf: ['1', null, [1]] },
    { rule: { IsString: true }, of: ['', '1'], notOf: [1, null] },
    { rule: { IsBoolean: true }, of: [true, false], notOf: ['true', 0] },
    { rule: { IsNull: true }, of: [null], notOf: [0, '', false] },
    {
      rule: { IsTimestamp: true },
      of: ['2016-08-18T17:33:00Z', '2016-08-18T17:33:00.5+01:00'],
      notOf: ['2016-08-18t17:33:00z', '2016-08-18T17:33:00', '2016-08-18', 5],
    },
  ])('holds for what is of it, and its opposite for the rest: $rule', async ({ rule, of, notOf }) => {
    const opposite = Object.fromEntries(Object.keys(rule).map((key) => [key, false]))
    for (const [values, found] of [
      [of, 'yes'],
      [notOf, 'no'],
    ] as const)
      for (const value of values) {
        expect(await chosen({ Variable: '$', ...rule }, value)).toBe(found)
        expect(await chosen({ Variable: '$', ...opposite }, value)).toBe(found === 'yes' ? 'no' : 'yes')
      }
  })

  it.each(['IsArray', 'IsObject', 'IsNumber'])('that AWS does not have is refused: %s', async (operator) => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$', [operator]: true, Next: 'Yes' }] }
    const definition = { StartAt: 'One', States: { One: choice, Yes: { Type: 'Succeed' } } }
    const { cause } = await runAsl({ definition })
    expect(cause).toContain(`Field '${operator}' is not supported at /States/One/Choices[0]`)
  })
})
