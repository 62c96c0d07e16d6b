import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const resultOf = (expression: string, input: unknown = {}) =>
  runAsl({
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'One',
      States: { One: { Type: 'Pass', Output: { v: `{% ${expression} %}` }, End: true } },
    },
    input,
  })

/** Each term is one level deeper than the one behind it. */
const sumOf = (terms: number): string => Array(terms).fill('1').join(' + ')

const measured = 'https://github.com/floci-io/floci/issues/2736 and 2737, measured on AWS, read 2026-11-25'

describe(`An expression that fails (${measured})`, () => {
  it.each([
    {
      why: 'a type error',
      source: '1 + "a"',
      says: 'threw an error during evaluation. T2002: The right side of the "+" operator must evaluate to a number',
    },
    {
      why: 'an argument that does not fit',
      source: '$uppercase(1)',
      says: 'threw an error during evaluation. T0410: Argument 1 of function "uppercase" does not match function signature',
    },
    {
      why: '$eval, which AWS does not offer',
      source: '$eval("1 + 1")',
      says: 'threw an error during evaluation. T1006: Attempted to invoke a non-function',
    },
    { why: 'nothing as a result', source: '$states.input.none', says: 'returned nothing (undefined).' },
    { why: 'a variable that is not there', source: '$none', says: 'returned nothing (undefined).' },
    {
      why: 'a function as a result',
      source: 'function($x) { $x }',
      says: 'returned an unsupported result type.',
    },
    {
      why: 'a function of the library as a result',
      source: '$sum',
      says: 'returned an unsupported result type.',
    },
    {
      why: 'a function inside of a result',
      source: '{"f": $sum}',
      says: 'returned an unsupported result type.',
    },
    {
      why: 'no end',
      source: '($f := function($x) { $f($x + 1) }; $f(1))',
      says: 'threw an error during evaluation: Expression evaluation timeout: Check for infinite loop',
    },
    {
      why: 'too long a sequence',
      source: '$count([1..873783])',
      says: 'threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage',
    },
    ...[sumOf(200), '($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(60))'].map((source) => ({
      why: 'going too deep',
      source,
      says: 'threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive',
    })),
  ])('for $why names itself and its field', async ({ source, says }) => {
    expect(await resultOf(source)).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: `An error occurred while executing the state 'One' (entered at the event id #2). The JSONata expression '${source}' specified for the field 'Output/v' ${says}`,
    })
  })
})

describe('An expression', () => {
  it.each([
    { source: '1 / 0', value: 'Infinity' },
    { source: '[1 / 0]', value: ['Infinity'] },
    { source: '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5))', value: 120 },
    { source: '$count([1..873782])', value: 873_782 },
    { source: '$states.input.a[$ > 1]', value: [2, 3] },
    { source: '$states.input.a[$ > 2]', value: 3 },
    { source: '$states.input.a.{ "n": $ }', value: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    { source: '$partition($states.input.a, 2)', value: [[1, 2], [3]] },
    { source: '$parse($string($states.input))', value: { a: [1, 2, 3] } },
    { source: '$keys({ "b": 1 })', value: 'b' },
    { source: sumOf(100), value: 100 },
    {
      source: '($f := function($n, $sum) { $n = 0 ? $sum : $f($n - 1, $sum + 1) }; $f(5000, 0))',
      value: 5000,
    },
    { source: '$now()', value: '2026-01-05T00:00:00.000Z' },
    { source: '$now("[Y0001]-[M01]-[D01]")', value: '2026-01-05' },
    { source: '$now("[H01]:[m01] [z]", "-0500")', value: '19:00 GMT-05:00' },
    { source: '$fromMillis($millis(), "[F], [D1o] of [MNn]")', value: 'monday, 5th of January' },
  ])('$source gives $value', async ({ source, value }) => {
    expect(await resultOf(source, { a: [1, 2, 3] })).toMatchObject({ output: { v: value } })
  })
})

// "JSONata functions provided by Step Functions" in
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (read 2026-11-25)
describe('A function of AWS', () => {
  it.each([
    { source: '$partition([1, 2, 3], 2.9)', value: [[1, 2], [3]] },
    { source: '$range(0.7, 3.9, 1.2)', value: [0, 1, 2, 3] },
    { source: '$range(-0.5, 1, 1)', value: [-1, 0, 1] },
    { source: '$random(3.2) = $random(3)', value: true },
  ])('rounds down what must be an integer: $source gives $value', async ({ source, value }) => {
    expect(await resultOf(source)).toMatchObject({ output: { v: value } })
  })

  it('is given no integer by rounding to nothing', async () => {
    for (const source of ['$partition([1], 0.9)', '$range(0, 3, 0.9)'])
      expect(await resultOf(source)).toMatchObject({ error: 'States.QueryEvaluationError' })
  })
})

// AWS has JSONata 2.0.6: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (read 2026-11-25)
describe('An operator that is newer than the JSONata of AWS', () => {
  it.each([
    { source: '$states.input.a ?? 1', symbol: '?' },
    { source: '$string($states.input.a ?? 1)', symbol: '?' },
    { source: '$states.input.a ?: 1', symbol: ':' },
    { source: '[1, {"a": ($states.input.a.b) ?: 1}]', symbol: ':' },
  ])('does not parse: $source', async ({ source, symbol }) => {
    expect(await resultOf(source)).toMatchObject({
      status: 'INVALID',
      cause: `Invalid State Machine Definition: 'INVALID_JSONATA_EXPRESSION: The symbol "${symbol}" cannot be used as a unary operator at /States/One/Output/v'`,
    })
  })

  it.each([
    { source: "'a ?? b ?: c'", value: 'a ?? b ?: c' },
    { source: '$contains("ab", /a(?:b)??/)', value: true },
    { source: '$exists($states.input.a) ? $states.input.a : 1', value: 5 },
    { source: '$states.input.a ? $states.input.a : 1', value: 5 },
    { source: '$states.input.z ? 1', value: undefined },
  ])('is not what looks like it: $source', async ({ source, value }) => {
    const { status, output } = await resultOf(source, { a: 5 })
    expect(status).not.toBe('INVALID')
    if (value !== undefined) expect(output).toEqual({ v: value })
  })
})
