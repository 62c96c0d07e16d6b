import { NotModelled } from './services/properties.ts'
import type { PhysicalResource } from './world.ts'

export interface StackScope {
  readonly region: string
  readonly accountId: string
  readonly stackName: string
}

/** Resolves the intrinsic functions in a part of a template; what it cannot resolve is refused by name. */
export interface Intrinsics {
  resolve(value: unknown): unknown
  /** Whether a resource with this `Condition` is created. */
  holds(condition: string): boolean
}

interface Sections {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: unknown; readonly Default?: unknown }>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Conditions?: Readonly<Record<string, unknown>>
}

type Resolver = (argument: unknown, context: Context) => unknown

interface Context {
  readonly sections: Sections
  readonly scope: StackScope
  readonly resources: ReadonlyMap<string, PhysicalResource>
}

/** Stands for `AWS::NoValue`: the property or element that holds it is left out. */
const noValue = Symbol('AWS::NoValue')

/** Nesting deeper than any template is a defect of the template. */
const depthMax = 100

/** `resources` is read when something is resolved, so it may be filled after this call. */
export const createIntrinsics = (
  template: Readonly<Record<string, unknown>>,
  scope: StackScope,
  resources: ReadonlyMap<string, PhysicalResource>,
): Intrinsics => {
  const context: Context = { sections: template as Sections, scope, resources }
  return {
    resolve: (value) => {
      const resolved = resolve(value, context, 0)
      return resolved === noValue ? undefined : resolved
    },
    holds: (condition) => conditionHolds(condition, context),
  }
}

const resolve = (value: unknown, context: Context, depth: number): unknown => {
  if (depth > depthMax) throw new Error(`expected at most ${depthMax} levels of nesting in the template`)
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, context, depth + 1)).filter((item) => item !== noValue)
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first !== undefined && isIntrinsic(first[0])) {
    const resolver = resolvers[first[0]]
    if (resolver === undefined) {
      throw new NotModelled(`${first[0]} is not modelled (modelled: ${Object.keys(resolvers).join(', ')})`)
    }
    return resolver(first[1], context)
  }
  const kept = entries
    .map(([key, item]) => [key, resolve(item, context, depth + 1)] as const)
    .filter(([, item]) => item !== noValue)
  return Object.fromEntries(kept)
}

/** `Condition` is none of these: IAM policies have a key of that name. */
const isIntrinsic = (key: string): boolean => key === 'Ref' || key.startsWith('Fn::')

const resolveIn = (value: unknown, context: Context): unknown => resolve(value, context, 0)

const text = (value: unknown, what: string): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Error(`${what}: expected a string, found ${JSON.stringify(value)}`)
}

const list = (value: unknown, what: string): readonly unknown[] => {
  if (Array.isArray(value)) return value
  throw new Error(`${what}: expected a list, found ${JSON.stringify(value)}`)
}

const pseudoParameters: Readonly<Record<string, (scope: StackScope) => string | typeof noValue>> = {
  'AWS::Region': (scope) => scope.region,
  'AWS::AccountId': (scope) => scope.accountId,
  'AWS::StackName': (scope) => scope.stackName,
  'AWS::StackId': (scope) =>
    `arn:aws:cloudformation:${scope.region}:${scope.accountId}:stack/${scope.stackName}/${scope.stackName}`,
  'AWS::Partition': () => 'aws',
  'AWS::URLSuffix': () => 'amazonaws.com',
  'AWS::NoValue': () => noValue,
}

const reference = (name: string, context: Context): unknown => {
  const pseudo = pseudoParameters[name]
  if (pseudo !== undefined) return pseudo(context.scope)
  const resource = context.resources.get(name)
  if (resource !== undefined) return resource.ref
  const parameter = context.sections.Parameters?.[name]
  if (parameter === undefined)
    throw new Error(`Ref "${name}": the template has no such resource or parameter`)
  if (parameter.Default === undefined) throw new Error(`Ref "${name}": the parameter has no default`)
  const isList = typeof parameter.Type === 'string' && /^(CommaDelimitedList|List<)/.test(parameter.Type)
  return isList ? text(parameter.Default, `Parameter "${name}"`).split(',') : parameter.Default
}

const attribute = (name: string, attributeName: string, context: Context): string => {
  const resource = context.resources.get(name)
  if (resource === undefined) throw new Error(`Fn::GetAtt "${name}": the template has no such resource`)
  const value = resource.attributes[attributeName]
  if (value !== undefined) return value
  const known = Object.keys(resource.attributes).join(', ') || 'none'
  throw new NotModelled(
    `Fn::GetAtt "${name}.${attributeName}": the attribute is not modelled (modelled: ${known})`,
  )
}

const getAttribute: Resolver = (argument, context) => {
  const [name, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt')
  return attribute(text(name, 'Fn::GetAtt'), path.map((part) => text(part, 'Fn::GetAtt')).join('.'), context)
}

const join: Resolver = (argument, context) => {
  const [separator, parts] = list(argument, 'Fn::Join')
  return list(resolveIn(parts, context), 'Fn::Join')
    .map((part) => text(part, 'Fn::Join'))
    .join(text(separator, 'Fn::Join'))
}

const substitute: Resolver = (argument, context) => {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}]
  const values = resolveIn(given, context) as Readonly<Record<string, unknown>>
  return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`
    const value = values[name]
    if (value !== undefined) return text(value, `Fn::Sub "\${${name}}"`)
    return name.includes('.') && !name.startsWith('AWS::')
      ? text(getAttribute(name, context), 'Fn::Sub')
      : text(reference(name, context), `Fn::Sub "\${${name}}"`)
  })
}

const select: Resolver = (argument, context) => {
  const [index, items] = list(resolveIn(argument, context), 'Fn::Select')
  const chosen = list(items, 'Fn::Select')[Number(index)]
  if (chosen === undefined) throw new Error(`Fn::Select: the list has no element ${JSON.stringify(index)}`)
  return chosen
}

const split: Resolver = (argument, context) => {
  const [separator, source] = list(argument, 'Fn::Split')
  return text(resolveIn(source, context), 'Fn::Split').split(text(separator, 'Fn::Split'))
}

const choose: Resolver = (argument, context) => {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If')
  return resolveIn(conditionHolds(text(condition, 'Fn::If'), context) ? whenTrue : whenFalse, context)
}

const findInMap: Resolver = (argument, context) => {
  const [map, top, second] = list(resolveIn(argument, context), 'Fn::FindInMap').map(String)
  const found = context.sections.Mappings?.[map ?? '']?.[top ?? '']?.[second ?? '']
  if (found === undefined)
    throw new Error(`Fn::FindInMap: the template has no mapping ${map}.${top}.${second}`)
  return found
}

const resolvers: Readonly<Record<string, Resolver>> = {
  Ref: (argument, context) => reference(text(argument, 'Ref'), context),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
}

const conditionHolds = (name: string, context: Context): boolean => {
  const condition = context.sections.Conditions?.[name]
  if (condition === undefined) throw new Error(`Condition "${name}": the template has no such condition`)
  return evaluate(condition, context)
}

const evaluate = (condition: unknown, context: Context): boolean => {
  const [key, argument] = Object.entries(condition as object)[0] ?? ['']
  const evaluator = evaluators[key]
  if (evaluator === undefined) {
    throw new NotModelled(
      `condition function ${key} is not modelled (modelled: ${Object.keys(evaluators).join(', ')})`,
    )
  }
  return evaluator(argument, context)
}

const evaluators: Readonly<Record<string, (argument: unknown, context: Context) => boolean>> = {
  Condition: (name, context) => conditionHolds(text(name, 'Condition'), context),
  'Fn::Equals': (argument, context) => {
    const [left, right] = list(resolveIn(argument, context), 'Fn::Equals')
    return String(left) === String(right)
  },
  'Fn::And': (argument, context) => list(argument, 'Fn::And').every((part) => evaluate(part, context)),
  'Fn::Or': (argument, context) => list(argument, 'Fn::Or').some((part) => evaluate(part, context)),
  'Fn::Not': (argument, context) => !list(argument, 'Fn::Not').some((part) => evaluate(part, context)),
}
