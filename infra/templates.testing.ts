import { synthAll, type Template } from './synth.ts'

/** Synthesised once for each test file that asks. */
const synthesised = synthAll()
export const templates = synthesised.contestants
export const resultsTemplates = synthesised.results
/** Those of the contestants. */
export const everyTemplate: readonly (readonly [string, Template])[] = Object.entries(templates)
/** Those of the instruments, too. */
export const everyDeployed: readonly (readonly [string, Template])[] = [
  ...everyTemplate,
  ...Object.entries(resultsTemplates),
]

/** What the tests read of a template's properties; CloudFormation's own names, nothing checked but their presence. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export interface Resource {
  readonly stack: string
  readonly id: string
  readonly type: string
  readonly properties: Json
}

/** The resources of a type, of one template or of all contestants. */
export const resourcesOf = (type: string, ...stacks: readonly string[]): readonly Resource[] =>
  everyDeployed
    .filter(([stack]) => (stacks.length === 0 ? stack in templates : stacks.includes(stack)))
    .flatMap(([stack, template]) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([id, resource]) => ({ stack, id, type, properties: resource.Properties as Json })),
    )

/** The value at a path, such as `at(properties, 'RedrivePolicy', 'maxReceiveCount')`. */
export const at = (value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (inner, name) =>
      inner !== null && typeof inner === 'object' ? (Reflect.get(inner, name) as Json) : undefined,
    value,
  )

export const listAt = (value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] => {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : found === undefined ? [] : [found]
}

/** The logical id that a `Ref` or `Fn::GetAtt` leads to. */
export const referred = (value: Json | undefined): string | undefined => {
  const target = at(value, 'Ref') ?? at(value, 'Fn::GetAtt', 0)
  return typeof target === 'string' ? target : undefined
}

/** The distinct values of something, written so that two that differ are two. */
export const distinct = (values: readonly unknown[]): readonly string[] => [
  ...new Set(values.map((value) => JSON.stringify(value))),
]

/** Properties without the tags, which differ by contestant and mean nothing to AWS. */
export const untagged = (properties: Json): object => ({ ...(properties as object), Tags: undefined })

/** A text that CloudFormation puts together, with what it puts in by name: `${OrderBus}`. */
export const joined = (value: Json | undefined): string =>
  listAt(value, 'Fn::Join', 1)
    .map((part) => (typeof part === 'string' ? part : `\${${nameOf(part)}}`))
    .join('')

const nameOf = (reference: Json): string =>
  String(at(reference, 'Ref') ?? listAt(reference, 'Fn::GetAtt').join('.'))
