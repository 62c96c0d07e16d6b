import { missingField, optionalText } from '../definition/fields.ts'
import { below, schemaFailure, unsupportedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import { isObject, type JsonObject } from '../json.ts'
import { type Comparator, comparators, presence } from '../jsonpath/comparators.ts'
import { compileReferencePath, type Path } from '../jsonpath/path.ts'
import type { Scope } from '../scope.ts'
import { instantOf } from '../timestamp.ts'

/** Whether a rule holds for the state's effective input. */
export type Rule = (data: unknown, scope: Scope) => boolean

/** Compiles a rule of JSONPath: a combination of rules, or one comparison of a variable. */
export const compileRule = (entry: JsonObject, at: string, besides: readonly string[]): Rule => {
  optionalText(entry, 'Comment', at)
  const operators = Object.keys(entry).filter((field) => field !== 'Variable' && !besides.includes(field))
  const [operator, ...others] = operators
  if (operator === undefined || others.length > 0) {
    throw schemaFailure(`Expected one comparison operator, got ${operators.join(', ') || 'none'}`, at)
  }
  const combine = combinations[operator]
  if (combine !== undefined) {
    if (entry['Variable'] !== undefined) throw unsupportedField('Variable', at)
    return combine(entry[operator], `${at}/${operator}`)
  }
  if (typeof entry['Variable'] !== 'string') throw missingField('Variable', at)
  const variable = compileOperand(entry['Variable'], 'Variable', at)
  return compileComparison(variable, operator, entry[operator], at)
}

const combinations: Readonly<Record<string, (rules: unknown, at: string) => Rule>> = {
  And: (rules, at) => {
    const all = compileRules(rules, at)
    return (data, scope) => all.every((rule) => rule(data, scope))
  },
  Or: (rules, at) => {
    const any = compileRules(rules, at)
    return (data, scope) => any.some((rule) => rule(data, scope))
  },
  Not: (negated, at) => {
    if (!isObject(negated)) throw schemaFailure('Expected value of type Object', at)
    const rule = compileRule(negated, at, ['Comment'])
    return (data, scope) => !rule(data, scope)
  },
}

/** All that a rule of JSONPath may ask. */
export const ruleFields: readonly string[] = [
  'Variable',
  ...Object.keys(combinations),
  ...presence.keys(),
  ...[...comparators.keys()].flatMap((name) => (name === 'StringMatches' ? [name] : [name, `${name}Path`])),
]

const compileRules = (rules: unknown, at: string): readonly Rule[] => {
  if (!Array.isArray(rules) || rules.length === 0 || !rules.every(isObject)) {
    throw schemaFailure('Expected a non-empty list of rules', at)
  }
  return rules.map((rule, index) => compileRule(rule, `${at}[${index}]`, ['Comment']))
}

const compileComparison = (variable: Path, operator: string, operand: unknown, at: string): Rule => {
  if (!ruleFields.includes(operator)) throw unsupportedField(operator, at)
  const asked = presence.get(operator)
  if (asked !== undefined) return presenceRule(variable, operator, asked, operand, `${at}/${operator}`)
  const byPath = operator.endsWith('Path') ? comparators.get(operator.slice(0, -4)) : undefined
  if (byPath !== undefined) return pathRule(variable, byPath, compileOperand(operand, operator, at))
  const comparator = comparators.get(operator)
  if (comparator === undefined) throw unsupportedField(operator, at)
  if (!isOperand(comparator, operand))
    throw schemaFailure(operandRefusals[comparator.operand], `${at}/${operator}`)
  return (data, scope) => comparator.test(mustFindVariable(variable, data, scope), operand)
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html (read 2026-11-25). */
const compileOperand = (path: unknown, field: string, at: string): Path =>
  below(at, () => compileReferencePath(String(path), field))

const operandRefusals: Readonly<Record<Comparator['operand'], string>> = {
  string: 'Expected value of type String',
  number: 'Expected value of type Number',
  boolean: 'Expected value of type Boolean',
  timestamp: 'String does not match RFC3339 timestamp',
}

const isOperand = ({ operand: type }: Comparator, operand: unknown): boolean =>
  type === 'timestamp' ? instantOf(operand) !== undefined : typeof operand === type

const pathRule =
  (variable: Path, comparator: Comparator, operand: Path): Rule =>
  (data, scope) =>
    comparator.test(mustFindVariable(variable, data, scope), mustFindVariable(operand, data, scope))

const presenceRule = (
  variable: Path,
  operator: string,
  holds: (value: unknown) => boolean,
  expected: unknown,
  at: string,
): Rule => {
  if (typeof expected !== 'boolean') throw schemaFailure(operandRefusals.boolean, at)
  const find = operator === 'IsPresent' ? findVariable : mustFindVariable
  return (data, scope) => holds(find(variable, data, scope)) === expected
}

const findVariable = (path: Path, data: unknown, scope: Scope): unknown => path.find(data, scope)

const mustFindVariable = (path: Path, data: unknown, scope: Scope): unknown => {
  const value = path.find(data, scope)
  if (value !== undefined) return value
  throw new EvaluationError(
    'States.Runtime',
    `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
  )
}
