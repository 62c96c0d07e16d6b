import { InvalidTemplate, type Properties, recordOf, refuseOthers, textOf } from '../../properties.ts'
import type { TargetInput } from '../rule.ts'
import { compilePath } from './json-path.ts'
import { compileTemplate, type RuleNames } from './template.ts'

/** Limits: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html and API_InputTransformer.html */
const inputCharsMax = 8192
const pathCharsMax = 256
const variablesMax = 100

const readers: Readonly<Record<string, (value: unknown, rule: RuleNames, where: string) => TargetInput>> = {
  Input: (value, _rule, where) => constant(value, where),
  InputPath: (value, _rule, where) => partOfEvent(value, where),
  InputTransformer: (value, rule, where) => transformer(value, rule, where),
}

/** What a target gets instead of the event, of which a target has one at most; undefined: the event itself. */
export const inputOf = (target: Properties, rule: RuleNames, where: string): TargetInput | undefined => {
  const given = Object.keys(readers).filter((name) => target[name] !== undefined)
  if (given.length > 1)
    throw new InvalidTemplate(`${where}: Only one of ${given.join(', ')} must be provided`)
  const [name] = given
  return name === undefined ? undefined : readers[name]?.(target[name], rule, `${where}.${name}`)
}

const constant = (value: unknown, where: string): TargetInput => {
  const text = boundedText(value, inputCharsMax, where)
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new InvalidTemplate(`${where}: expected the text of a JSON value, got ${text}`, { cause })
  }
  return () => text
}

/** What is not there goes out as null: AWS does not say what does. */
const partOfEvent = (value: unknown, where: string): TargetInput => {
  const path = compilePath(boundedText(value, pathCharsMax, where), where)
  return ({ whole }) => JSON.stringify(path(whole) ?? null)
}

const transformer = (value: unknown, rule: RuleNames, where: string): TargetInput => {
  const given = recordOf(value, where)
  refuseOthers(given, new Set(['InputPathsMap', 'InputTemplate']), where)
  const map = Object.entries(recordOf(given['InputPathsMap'], `${where}.InputPathsMap`))
  if (map.length > variablesMax)
    throw new InvalidTemplate(`${where}.InputPathsMap: at most ${variablesMax} variables, got ${map.length}`)
  const paths = map.map(([name, path]) => {
    const at = `${where}.InputPathsMap.${name}`
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name))
      throw new InvalidTemplate(`${at}: expected a name of letters, digits, _ and -`)
    return [name, compilePath(boundedText(path, pathCharsMax, at), at)] as const
  })
  const template = boundedText(given['InputTemplate'], inputCharsMax, `${where}.InputTemplate`)
  return compileTemplate(template, new Map(paths), rule, where)
}

const boundedText = (value: unknown, charsMax: number, where: string): string => {
  const text = textOf(value, where)
  if (text.length > charsMax)
    throw new InvalidTemplate(`${where}: at most ${charsMax} characters, got ${text.length}`)
  return text
}
