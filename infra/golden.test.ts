import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { at, everyDeployed, type Json, joined, resourcesOf } from './templates.testing.ts'

describe('the templates under review', () => {
  it.each(everyDeployed)('%s is the one in infra/golden (vitest -u renews it)', async (name, template) => {
    await expect(print(normalised(template as Json))).toMatchFileSnapshot(`golden/${name}.json`)
  })

  it.each([
    ['Orchestrated', 'order-flow.asl.json'],
    ['OrchestratedDirect', 'order-flow-direct.asl.json'],
  ])('%s deploys %s as it is written', (stack, file) => {
    const written: unknown = JSON.parse(
      readFileSync(new URL(`../orchestrated/${file}`, import.meta.url), 'utf8'),
    )
    const [machine] = resourcesOf('AWS::StepFunctions::StateMachine', stack)
    expect(JSON.parse(String(at(machine?.properties, 'DefinitionString')))).toEqual(written)
  })
})

/** The definitions are reviewed in their own files, the code where it is written, and the tags by their test. */
const normalised = (value: Json, name = ''): Json => {
  if (name === 'DefinitionString') return '(the definition, in one line)'
  if (name === 'S3Key') return '(hash of the bundles).zip'
  if (name === 'Tags') return '(project, contestant, purpose)'
  if (name === 'DashboardBody') return normalised(JSON.parse(joined(value)))
  if (name === 'metrics' && Array.isArray(value)) return value.map(sentenceOf)
  if (Array.isArray(value)) return value.map((item: Json) => normalised(item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalised(inner, key)]))
}

/** A line of a graph in one line: `AWS/Lambda Errors FunctionName ${CreateOrderFunction} stat=Sum`. */
const sentenceOf = (line: Json): string =>
  Object.values(line ?? {})
    .map((part: Json) =>
      typeof part === 'string'
        ? part
        : Object.entries(part ?? {})
            .map(([name, drawn]) => `${name}=${drawn}`)
            .join(' '),
    )
    .join(' ')

const columnsMax = 110

/** JSON for reading, laid out as the formatter would: references and the lists of them stand in one line. */
const print = (value: Json): string => `${printAt(value, 0, 0)}\n`

const printAt = (value: Json, indent: number, taken: number): string => {
  const line = inlineOf(value)
  const isScalar = value === null || typeof value !== 'object'
  if (line !== undefined && (isScalar || indent + taken + line.length < columnsMax)) return line
  const pad = ' '.repeat(indent + 2)
  const isList = Array.isArray(value)
  const items = Object.entries(value ?? {}).map(([key, inner]: [string, Json]) => {
    const label = isList ? '' : `${JSON.stringify(key)}: `
    return `${pad}${label}${printAt(inner, indent + 2, label.length)}`
  })
  const [open, close] = isList ? '[]' : '{}'
  return `${open}\n${items.join(',\n')}\n${' '.repeat(indent)}${close}`
}

/** The value in one line when it is a scalar, a reference or a list of such. */
const inlineOf = (value: Json): string | undefined => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const parts = Object.values(value).map(inlineOf)
  if (parts.includes(undefined)) return undefined
  if (Array.isArray(value)) return `[${parts.join(', ')}]`
  const names = Object.keys(value).join()
  return /^(Ref|Fn::\w+)$/.test(names) ? `{ "${names}": ${parts.join()} }` : undefined
}
