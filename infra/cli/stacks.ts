import type { Template } from '../synth.ts'

/** A stack that may be deployed: a contestant, or the instruments that listen to one. */
export interface KnownStack {
  readonly name: string
  /** The contestant's id where it is one. */
  readonly contestant?: string
  /** The contestant's stack, where it is its instruments. */
  readonly listensTo?: string
  readonly template: Template
}

/** The stacks that some words name: a contestant, by its stack or its id, comes with its instruments. */
export const chosenStacks = (
  known: readonly KnownStack[],
  words: readonly string[],
): { readonly stacks: readonly KnownStack[]; readonly unknown: readonly string[] } => {
  const named = known.filter((stack) => words.some((word) => isNamed(stack, word)))
  return {
    stacks:
      words.length === 0 ? known : known.filter((stack) => named.includes(stack) || follows(stack, named)),
    unknown: words.filter((word) => !known.some((stack) => isNamed(stack, word))),
  }
}

const isNamed = ({ name, contestant }: KnownStack, word: string): boolean =>
  word === name || word === contestant

const follows = ({ listensTo }: KnownStack, named: readonly KnownStack[]): boolean =>
  named.some(({ name }) => name === listensTo)

/** Contestants first, since the instruments' rules lie on their buses; to take down, the other way about. */
export const deployOrder = (stacks: readonly KnownStack[]): readonly KnownStack[] =>
  stacks.toSorted((a, b) => Number(a.listensTo !== undefined) - Number(b.listensTo !== undefined))

export const destroyOrder = (stacks: readonly KnownStack[]): readonly KnownStack[] =>
  deployOrder(stacks).toReversed()

/** Whether orders may still be under way in executions, which outlive whoever started them. */
export const hasStateMachine = ({ template }: KnownStack): boolean =>
  Object.values(template.Resources).some(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')

/** What a template makes, the most frequent first: "14 functions, 14 roles, 1 event bus". */
export const contentsOf = ({ Resources }: Template): string => {
  const counts = new Map<string, number>()
  for (const { Type } of Object.values(Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1)
  return [...counts]
    .map(([type, count]) => ({ count, name: plainName(type) }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .map(({ count, name }) => `${count} ${count === 1 ? name : pluralOf(name)}`)
    .join(', ')
}

/** `AWS::Lambda::EventSourceMapping` → event source mapping. */
const plainName = (type: string): string =>
  (type.split('::').at(-1) ?? type).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

const pluralOf = (name: string): string =>
  name.endsWith('y') ? `${name.slice(0, -1)}ies` : name.endsWith('s') ? `${name}es` : `${name}s`
