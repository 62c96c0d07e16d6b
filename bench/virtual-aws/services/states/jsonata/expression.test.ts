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
      says: 'threw an error during evaluation: Expected at most 500000 steps of an evaluation',
    },
    {
      why: 'too long a sequence',
      source: '$count([1..873783])',
      says: 'threw an error during evaluation. D2015: The maximum sequence length of 873783 was exceeded.',
    },
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
  ])('$source gives $value', async ({ source, value }) => {
    expect(await resultOf(source, { a: [1, 2, 3] })).toMatchObject({ output: { v: value } })
  })
})
