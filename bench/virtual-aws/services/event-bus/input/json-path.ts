import { InvalidTemplate, isRecord, NotModelled } from '../../properties.ts'

/** What a path finds in an event; undefined when nothing. */
export type JsonPath = (event: unknown) => unknown

type Step = { readonly name: string } | { readonly index: number } | 'every'

const step = /\.([A-Za-z0-9_/-]+|\*)|\[(\d+|\*)\]/y

/**
 * Compiles a path of the syntax that EventBridge documents: dots, dashes, underscores, letters and digits, indices,
 * wildcards and slashes. With a wildcard it finds a list. Source: the note at the top of
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html (read 2026-11-25).
 */
export const compilePath = (path: string, where: string): JsonPath => {
  if (!path.startsWith('$'))
    throw new InvalidTemplate(`${where}: expected a JSON path that begins with $, got ${path}`)
  const steps: Step[] = []
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const at = step.lastIndex
    const found = step.exec(path)
    if (found === null) throw new NotModelled(`${where}: ${path.slice(at)} in ${path} is not modelled`)
    steps.push(stepOf(found[1], found[2]))
  }
  const isList = steps.includes('every')
  return (event) => {
    const found = steps.reduce<readonly unknown[]>((values, next) => values.flatMap(taking(next)), [event])
    return isList && found.length > 0 ? found : found[0]
  }
}

const stepOf = (name: string | undefined, index: string | undefined): Step => {
  if (name === '*' || index === '*') return 'every'
  return name === undefined ? { index: Number(index) } : { name }
}

const taking =
  (next: Step) =>
  (value: unknown): readonly unknown[] => {
    if (next === 'every') return membersOf(value)
    if ('name' in next) return isRecord(value) && Object.hasOwn(value, next.name) ? [value[next.name]] : []
    return Array.isArray(value) ? value.slice(next.index, next.index + 1) : []
  }

const membersOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  return isRecord(value) ? Object.values(value) : []
}
