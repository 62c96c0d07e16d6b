import fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, it } from 'vitest'
import { RefusedField } from '../definition/invalid.ts'
import type { Scope } from '../scope.ts'
import type { Node } from './ast.ts'
import { compile, type Evaluate } from './compile.ts'
import { bindings, compileExpression } from './expression.ts'
import { plain } from './plain.ts'
import { Unsettled } from './unsettled.ts'
import { Outside } from './values.ts'

const scopeOf = (input: unknown, variables: Readonly<Record<string, unknown>>): Scope => ({
  input,
  result: undefined,
  errorOutput: undefined,
  variables,
  context: () => ({ State: { Name: 'Here', RetryCount: 0 } }),
  services: { random: () => 0.25, nowMs: () => 0 },
  settlements: { answers: undefined },
})

const names = ['a', 'b', 'c', 'first name']
const name = fc.constantFrom(...names)

/** Inputs in which names are often found, at several depths, alone and in arrays. */
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('array'), tie('object')),
  leaf: fc.oneof(
    fc.constantFrom(null, true, false, 0, 1, -2, 0.1, 3, '', 'x', 'order-1', 'Ω', '12'),
    fc.integer({ min: -5, max: 5 }),
  ),
  array: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))

const quoted = (text: string): string => (/^\w+$/.test(text) ? text : `\`${text}\``)
/** Mostly none; literals that the compiler knows, and predicates that are the library's. */
const index = fc.constantFrom(
  ...[
    '',
    '',
    '',
    '',
    '',
    '[0]',
    '[-1]',
    '[1]',
    '[0][0]',
    '[1.7]',
    '[[0, 1]]',
    '[a = 1]',
    '[$ != 1]',
    '[]',
    '["a"]',
  ],
)
const step = fc.oneof(
  { weight: 12, arbitrary: name.map(quoted) },
  fc.constantFrom('{"k": a, "l": b[0]}', '[a, b]', '(a)', '$string($)', '*', 'a{b: c}', 'a^(b)', 'a.$'),
)
const root = fc.constantFrom(
  ...['$states.input', '$states.input', '$x', '$y', '$x[0]', '$y[-1]', '$x[a = 1]', '$states.result'],
  ...['$states.errorOutput', '$states.context.State', '$states.context', '$missing', '$none', '$count'],
)
const path = fc
  .tuple(root, fc.array(fc.tuple(step, index), { maxLength: 4 }))
  .map(([start, steps]) => `${start}${steps.map(([one, at]) => `.${one}${at}`).join('')}`)
const literal = fc.constantFrom(
  ...['1', '0', '-1', '2.5', '1e3', '"x"', '""', '"order-"', '"\\u03a9\\n"', "'it\"s'"],
  ...['true', 'false', 'null', '[]', '{}', '[1..3]', '[[1], []]'],
)

const functions = [
  ...[
    'exists',
    'not',
    'boolean',
    'string',
    'number',
    'count',
    'sum',
    'uppercase',
    'lowercase',
    'merge',
    'parse',
  ],
  ...['keys', 'type', 'length', 'reverse', 'append', 'max'],
]
const operators = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '&',
  'and',
  'or',
  'in',
  '??',
  '?:',
]

/** Expressions of the language that flows are written in, and their neighbours that the compiler must not take. */
const { expression } = fc.letrec<Record<'expression' | 'binary' | 'call' | 'constructor', string>>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    path,
    literal,
    tie('binary'),
    tie('call'),
    tie('constructor'),
  ),
  binary: fc
    .tuple(tie('expression'), fc.constantFrom(...operators), tie('expression'))
    .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
  call: fc.oneof(
    fc.tuple(fc.constantFrom(...functions), tie('expression')).map(([callee, one]) => `$${callee}(${one})`),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([one, other]) => `$hash(${one} & ${other}, "SHA-256")`),
    tie('expression').map((one) => `$partition(${one}, 2)`),
    tie('expression').map((one) => `$range(0, ${one}, 1)`),
    tie('expression').map((one) => `$parse($string(${one})).a.b`),
    tie('expression').map((one) => `$merge([${one}, $x]).a[0].b`),
    fc.tuple(tie('expression'), index).map(([one, at]) => `(${one})${at}.a`),
    fc.tuple(tie('expression'), index).map(([one, at]) => `[${one}]${at}`),
    tie('expression').map((one) => `${one} ~> $count()`),
    tie('expression').map((one) => `($v := ${one}; $v)`),
    tie('expression').map((one) => `-${one}`),
  ),
  constructor: fc.oneof(
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.dictionary(name, tie('expression'), { maxKeys: 3 }).map(
      (members) =>
        `{${Object.entries(members)
          .map(([key, value]) => `"${key}": ${value}`)
          .join(', ')}}`,
    ),
    tie('expression').map((one) => `{"a": 1, "a": ${one}}`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`),
    fc.tuple(tie('expression'), tie('expression')).map(([condition, yes]) => `(${condition} ? ${yes})`),
  ),
}))

/** A slash behind a bracket begins a regular expression: not all that is generated is an expression. */
const isRead = (source: string): boolean => {
  try {
    jsonata(source)
    return true
  } catch {
    return false
  }
}

const byLibrary = async (source: string, scope: Scope) => {
  try {
    return { ok: true, value: plain(await jsonata(source).evaluate(undefined, bindings(scope))) }
  } catch {
    return { ok: false, value: undefined }
  }
}

const byClosure = (source: string, scope: Scope) => {
  const evaluate = compile(jsonata(source).ast() as unknown as Node)
  if (evaluate === undefined) return undefined
  try {
    return { ok: true, value: plain(evaluate(scope)) }
  } catch (error) {
    if (error instanceof Outside) return undefined
    return { ok: false, value: undefined }
  }
}

/** Undefined where the definition would be refused for what the expression names. */
const evaluateOf = (source: string): Evaluate | undefined => {
  try {
    return compileExpression(source, 'Output').evaluate
  } catch (error) {
    if (error instanceof RefusedField) return undefined
    throw error
  }
}

const settled = async (evaluate: Evaluate, scope: Scope): Promise<unknown> => {
  try {
    return { ok: true, value: plain(evaluate(scope)) }
  } catch (error) {
    if (!(error instanceof Unsettled)) return { ok: false, value: undefined }
    await error.settled
    return settled(evaluate, scope)
  }
}

describe('A compiled expression', () => {
  it('gives what the library gives, whatever the expression and the data, or leaves it to the library', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(expression, json, json, json, async (source, input, x, y) => {
        fc.pre(isRead(source))
        const scope = scopeOf(input, { x, y, none: null })
        const compiled = byClosure(source, scope)
        if (compiled === undefined) return
        compared += 1
        expect(compiled).toEqual(await byLibrary(source, scope))
      }),
      { numRuns: 8_000, seed: 20_260_105 },
    )
    expect(compared).toBeGreaterThan(2_000)
  }, 60_000)

  it('comes to the same by way of the library, with its errors, whenever a closure gives up', async () => {
    await fc.assert(
      fc.asyncProperty(expression, json, json, json, async (source, input, x, y) => {
        fc.pre(isRead(source))
        const evaluate = evaluateOf(source)
        if (evaluate === undefined) return
        const scope = scopeOf(input, { x, y, none: null })
        expect(await settled(evaluate, scope)).toEqual(await byLibrary(source, scope))
      }),
      { numRuns: 2_000, seed: 20_260_106 },
    )
  }, 60_000)

  it.each([
    { source: '$x[0].b', value: 1 },
    { source: '$x[-1].b', value: 2 },
    { source: '$x[b = 2].b', value: 2 },
    { source: '($x)[0].b', value: 1 },
  ])('keeps the predicate of the variable that a path starts from: $source', async ({ source, value }) => {
    const evaluate = evaluateOf(source)
    if (evaluate === undefined) throw new Error(`Expected ${source} to be an expression`)
    const scope = scopeOf({}, { x: [{ b: 1 }, { b: 2 }] })
    expect(await settled(evaluate, scope)).toEqual({ ok: true, value })
  })

  it.each([
    '$states.input',
    '$states.input.a.b',
    '$x[0].b',
    '$states.input.a[0].b',
    '{"id": $states.input.orderId, "n": $count($states.input.lines)}',
    '$hash($states.input.orderId & "/Reserve/" & $x, "SHA-256")',
    '$states.context.State.EnteredTime',
    '$exists($states.errorOutput) ? $states.errorOutput.Error : "none"',
    '$states.input.total >= 100 and $not($states.input.vip)',
    '[$x, [1, 2], $states.result]',
    '$sum($states.input.lines.amount) + 1',
    '$merge([$states.input, {"a": 1}])',
    '$parse($states.errorOutput.Cause).errorMessage',
  ])('is a closure and not a promise: %s', (source) => {
    expect(compile(jsonata(source).ast() as unknown as Node)).toBeDefined()
  })

  it.each([
    { why: 'a filter', source: '$states.input.lines[amount > 3]' },
    { why: 'a bound variable', source: '($n := 1; $n + 1)' },
    { why: 'a lambda', source: '$map($states.input.lines, function($l) { $l.sku })' },
    { why: 'a regular expression', source: '$contains($states.input.a, /x/)' },
    { why: 'a wildcard', source: '$states.input.*' },
    { why: 'a kept array', source: '$states.input.a[]' },
    { why: 'all of $states', source: '$states' },
  ])('is left to the library when it has $why', ({ source }) => {
    expect(compile(jsonata(source).ast() as unknown as Node)).toBeUndefined()
  })
})
