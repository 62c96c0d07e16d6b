import type { Scope } from '../scope.ts'
import type { Node } from './ast.ts'
import { awsFunctions, plainFunctions } from './functions.ts'
import { operators } from './operators.ts'
import { itemAt, type Step, walk } from './path.ts'
import { outside, truthy } from './values.ts'

/** A compiled expression: its value, or undefined for nothing. May throw `Outside`. */
export type Evaluate = (scope: Scope) => unknown

/**
 * A closure for an expression of the plain subset: paths from a variable, literals, constructors, operators,
 * conditionals and the functions of `functions.ts`. Undefined for anything else, which the library evaluates.
 */
export const compile = (node: Node): Evaluate | undefined => {
  const compileType = compilers[node.type]
  if (compileType === undefined || odd(node)) return undefined
  return compileType(node)
}

/** Marks of the library that change what a node means, and that no closure here knows. */
const odd = (node: Node): boolean =>
  node['group'] !== undefined ||
  node['keepArray'] === true ||
  node['keepSingletonArray'] === true ||
  node['tuple'] !== undefined ||
  (node['predicate'] !== undefined && node.type !== 'variable')

const literal = (node: Node): Evaluate => {
  const { value } = node
  return () => value
}

const variable = (node: Node): Evaluate | undefined => {
  const read = readVariable(node)
  if (read === undefined || node.predicate === undefined) return read
  const index = indexOf(node.predicate)
  if (index === undefined) return undefined
  return (scope) => {
    const value = read(scope)
    return value === undefined ? outside() : itemAt(value, index)
  }
}

const readVariable = (node: Node): Evaluate | undefined => {
  const name = node.value
  if (typeof name !== 'string' || name === '' || name === '$' || name === 'states') return undefined
  // An unknown name may be a function of the library used as a value.
  return (scope) => scope.variables[name] ?? (name in scope.variables ? null : outside())
}

const path = (node: Node): Evaluate | undefined => {
  const [first, ...rest] = node.steps ?? []
  if (first === undefined || odd(first) || first.stages !== undefined) return undefined
  const steps = stepsOf(rest)
  if (steps === undefined) return undefined
  if (first.type === 'variable' && first.value === 'states')
    return first.predicate === undefined ? statesPath(steps) : undefined
  const read = startOf(first)
  return read === undefined ? undefined : from(read, steps)
}

/** Where a path starts: a variable, or what a function gives. A name alone would start from the context. */
const startOf = (first: Node): Evaluate | undefined => {
  if (first.type === 'variable') return variable(first)
  return first.type === 'function' ? compile(first) : undefined
}

const from =
  (read: Evaluate, steps: readonly Step[]): Evaluate =>
  (scope) =>
    walk(read(scope), steps)

const stateReaders: Readonly<Record<string, Evaluate>> = {
  input: (scope) => scope.input,
  result: (scope) => scope.result,
  errorOutput: (scope) => scope.errorOutput,
  context: (scope) => scope.context(),
}

/** `$states.input…` without building `$states`. */
const statesPath = ([first, ...rest]: readonly Step[]): Evaluate | undefined => {
  if (first === undefined) return undefined
  const read = stateReaders[first.name]
  if (read === undefined) return undefined
  const { index } = first
  const indexed: Evaluate = index === undefined ? read : (scope) => itemAt(read(scope), index)
  return rest.length === 0 ? indexed : from(indexed, rest)
}

const stepsOf = (nodes: readonly Node[]): readonly Step[] | undefined => {
  const steps = nodes.map(stepOf)
  return steps.every((step) => step !== undefined) ? steps : undefined
}

const stepOf = (node: Node): Step | undefined => {
  const { type, value, stages } = node
  if (type !== 'name' || typeof value !== 'string' || odd(node) || node['focus'] !== undefined)
    return undefined
  if (node['index'] !== undefined || node['ancestor'] !== undefined) return undefined
  if (stages === undefined) return { name: value, index: undefined }
  const index = indexOf(stages)
  return index === undefined ? undefined : { name: value, index }
}

/** The one literal index of `[…]`. */
const indexOf = (stages: readonly { readonly type: string; readonly expr: Node }[]): number | undefined => {
  const [stage] = stages
  if (stage === undefined || stages.length > 1 || stage.type !== 'filter') return undefined
  return stage.expr.type === 'number' ? Math.floor(Number(stage.expr.value)) : undefined
}

const binary = (node: Node): Evaluate | undefined => {
  const left = compileSide(node.lhs)
  const right = compileSide(node.rhs)
  if (left === undefined || right === undefined) return undefined
  if (node.value === 'and') return (scope) => holds(left(scope)) && holds(right(scope))
  if (node.value === 'or') return (scope) => holds(left(scope)) || holds(right(scope))
  const operate = operators.get(String(node.value))
  return operate === undefined ? undefined : (scope) => operate(left(scope), right(scope))
}

const holds = (value: unknown): boolean => value !== undefined && truthy(value)

const compileSide = (side: Node['lhs']): Evaluate | undefined =>
  side === undefined || Array.isArray(side) ? undefined : compile(side as Node)

const unary = (node: Node): Evaluate | undefined => {
  if (node.value === '[') return arrayOf(node)
  if (node.value === '{') return objectOf(node)
  return node.value === '-' ? minus(node) : undefined
}

const minus = (node: Node): Evaluate | undefined => {
  const operand = compileSide(node.expression)
  return operand === undefined
    ? undefined
    : (scope) => {
        const value = operand(scope)
        return typeof value === 'number' ? -value : outside()
      }
}

/** Items that are arrays are spread, but for those that are constructed in place. */
const arrayOf = (node: Node): Evaluate | undefined => {
  const nodes = node.expressions ?? []
  if (node['consarray'] === true) return undefined
  const items = allOf(nodes)
  if (items === undefined) return undefined
  const nested = nodes.map((item) => item.value === '[' && item.type === 'unary')
  return (scope) => {
    const array: unknown[] = []
    for (const [index, item] of items.entries()) {
      const value = item(scope)
      if (Array.isArray(value) && nested[index] !== true) for (const one of value) array.push(one)
      else if (value !== undefined) array.push(value)
    }
    return array
  }
}

const allOf = (nodes: readonly Node[]): readonly Evaluate[] | undefined => {
  const compiled = nodes.map(compile)
  return compiled.every((one) => one !== undefined) ? compiled : undefined
}

const isText = (node: Node): boolean => node.type === 'string' && !odd(node)
const reservedKeys = new Set(['_jsonata_lambda', '_jsonata_function', '__proto__'])

/** Keys are literals; a computed key may meet another, which the library judges. */
const objectOf = (node: Node): Evaluate | undefined => {
  const pairs = Array.isArray(node.lhs) ? (node.lhs as readonly (readonly [Node, Node])[]) : []
  const keys = pairs.map(([key]) => String(key.value))
  const plain = pairs.every(([key]) => isText(key)) && new Set(keys).size === keys.length
  const values = allOf(pairs.map(([, value]) => value))
  if (!plain || values === undefined || keys.some((key) => reservedKeys.has(key))) return undefined
  const entries = values.map((value, index) => [String(keys[index]), value] as const)
  return (scope) => {
    const object: Record<string, unknown> = {}
    for (const [key, evaluate] of entries) {
      const value = evaluate(scope)
      if (value !== undefined) object[key] = value
    }
    return object
  }
}

const conditional = (node: Node): Evaluate | undefined => {
  const condition = compileSide(node.condition)
  const yes = compileSide(node.then)
  const no = node.else === undefined ? () => undefined : compileSide(node.else)
  if (condition === undefined || yes === undefined || no === undefined) return undefined
  return (scope) => (holds(condition(scope)) ? yes(scope) : no(scope))
}

/** Parentheses around one expression. More than one may bind a variable, which the library scopes. */
const block = (node: Node): Evaluate | undefined => {
  const [only, ...others] = node.expressions ?? []
  return only === undefined || others.length > 0 ? undefined : compile(only)
}

const call = (node: Node): Evaluate | undefined => {
  const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
  const values = allOf(node.arguments ?? [])
  const callee = calleeOf(name, values?.length ?? 0)
  if (values === undefined || callee === undefined) return undefined
  const [first, second, third] = values
  return (scope) => {
    // A workflow variable of that name hides the function.
    if (name in scope.variables) return outside()
    return callee(scope.services, first?.(scope), second?.(scope), third?.(scope))
  }
}

const argumentsMax = 3

const calleeOf = (name: string, arity: number) => {
  if (arity > argumentsMax) return undefined
  const plain = plainFunctions.get(name)
  if (plain !== undefined) return plain.arity === arity ? plain.call : undefined
  return awsFunctions.get(name)
}

const compilers: Readonly<Record<string, (node: Node) => Evaluate | undefined>> = {
  string: literal,
  number: literal,
  value: literal,
  variable,
  path,
  binary,
  unary,
  condition: conditional,
  block,
  function: call,
}
