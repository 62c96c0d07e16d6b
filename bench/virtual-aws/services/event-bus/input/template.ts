import { InvalidTemplate, isRecord } from '../../properties.ts'
import { type Event, secondsOf } from '../event.ts'
import type { TargetInput } from '../rule.ts'
import type { JsonPath } from './json-path.ts'

/** A value of an event, or JSON that is put in as it is. */
type Variable = (event: Event, ingestedMs: number) => unknown
interface RawJson {
  readonly json: (event: Event) => string
}
interface Placeholder {
  readonly name: string
  /** Inside of quotation marks. */
  readonly isQuoted: boolean
}
type Part = string | Placeholder

/** Names of rules, for the variables that every template has. */
export interface RuleNames {
  readonly arn: string
  readonly name: string
}

/**
 * Compiles an InputTemplate. A placeholder that is a value becomes JSON, in quotation marks when it is text; inside of
 * a text it becomes its text unescaped, an object or an array without quotation marks. What a path does not find
 * leaves nothing behind. What comes out need not be JSON then: a function or a state machine does not take it. Source:
 * "Common issues with transforming input" in
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html (read 2026-11-25), and for the
 * space between the parts of JSON its older text in https://github.com/awsdocs/amazon-eventbridge-user-guide ("minified").
 */
export const compileTemplate = (
  template: string,
  paths: ReadonlyMap<string, JsonPath>,
  rule: RuleNames,
  where: string,
): TargetInput => {
  const parts = partsOf(template)
  refuseMalformed(parts, where)
  const writers = minified(parts).map((part) =>
    typeof part === 'string' ? () => part : writerOf(part, paths, rule, where),
  )
  return (event, ingestedMs) => writers.map((write) => write(event, ingestedMs)).join('')
}

const token = /<([A-Za-z0-9_.-]+)>|\\.|"/gs

const partsOf = (template: string): readonly Part[] => {
  const parts: Part[] = []
  let isQuoted = false
  let from = 0
  for (const found of template.matchAll(token)) {
    const [text, name] = found
    if (text === '"') isQuoted = !isQuoted
    if (name === undefined) continue
    parts.push(template.slice(from, found.index), { name, isQuoted })
    from = found.index + text.length
  }
  return [...parts, template.slice(from)]
}

/** A template is JSON around its placeholders, or texts in quotation marks, one a line; no placeholder is a key. */
const refuseMalformed = (parts: readonly Part[], where: string): void => {
  const filled = parts.map((part) => {
    if (typeof part === 'string') return part
    return part.isQuoted ? `<${part.name}>` : `"<${part.name}>"`
  })
  const texts = filled.join('')
  const value = jsonOf(texts)
  if (value === undefined && !texts.trim().split('\n').every(isText))
    throw new InvalidTemplate(`${where}: Invalid InputTemplate: expected JSON, or text in quotation marks`)
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name]))
  const key = keysIn(value).find((candidate) => names.some((name) => candidate.includes(`<${name}>`)))
  if (key !== undefined)
    throw new InvalidTemplate(`${where}: Invalid InputTemplate: a placeholder cannot be a key: ${key}`)
}

const isText = (line: string): boolean => typeof jsonOf(line) === 'string'

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // The caller asks whether it is JSON.
    return undefined
  }
}

const keysIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  return isRecord(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]) : []
}

/** JSON goes out without the space between its parts; texts, one a line, as they are. */
const minified = (parts: readonly Part[]): readonly Part[] => {
  const isJson = typeof parts[0] === 'string' && /^\s*[{[]/.test(parts[0])
  if (!isJson) return parts
  let isQuoted = false
  return parts.map((part) =>
    typeof part === 'string'
      ? part.replace(/\\.|"|\s+/gs, (text) => {
          if (text === '"') isQuoted = !isQuoted
          return isQuoted || text.trim() !== '' ? text : ''
        })
      : part,
  )
}

const writerOf = (
  { name, isQuoted }: Placeholder,
  paths: ReadonlyMap<string, JsonPath>,
  rule: RuleNames,
  where: string,
): TargetInput => {
  const whole = Object.hasOwn(wholes, name) ? wholes[name] : undefined
  if (whole !== undefined) {
    if (isQuoted)
      throw new InvalidTemplate(`${where}: Invalid InputTemplate: <${name}> can only be the value of a field`)
    return whole.json
  }
  const variable = variableOf(name, paths, rule)
  if (variable === undefined)
    throw new InvalidTemplate(`${where}: Invalid InputTemplate: invalid placeholder <${name}>`)
  const written = isQuoted ? insideText : asJson
  return (event, ingestedMs) => written(variable(event, ingestedMs))
}

const wholes: Readonly<Record<string, RawJson>> = {
  'aws.events.event': {
    json: ({ whole: { detail: _, ...head } }) => JSON.stringify(head),
  },
  'aws.events.event.json': { json: ({ text }) => text },
}

const variableOf = (
  name: string,
  paths: ReadonlyMap<string, JsonPath>,
  { arn, name: ruleName }: RuleNames,
): Variable | undefined => {
  if (name === 'aws.events.rule-arn') return () => arn
  if (name === 'aws.events.rule-name') return () => ruleName
  if (name === 'aws.events.event.ingestion-time') return (_event, ingestedMs) => secondsOf(ingestedMs)
  const path = paths.get(name)
  return path === undefined ? undefined : ({ whole }) => path(whole)
}

const asJson = (value: unknown): string => JSON.stringify(value) ?? ''

const insideText = (value: unknown): string =>
  typeof value === 'string' ? value : asJson(value).replaceAll('"', '')
