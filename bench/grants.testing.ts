import type { Template } from './virtual-aws/deploy.ts'

/** One action that one statement of a template's policies names. */
export interface Grant {
  /** Logical id of the role or policy. */
  readonly id: string
  readonly effect: string
  readonly action: string
  /** As the template has it: two grants for the same rule have the same. */
  readonly condition: string | undefined
  /** A template without the action; without the statement, when it names no other. */
  takenFrom(template: Template): Template
}

interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Condition?: unknown
}

type Path = readonly (string | number)[]

/** Every action of every statement of a template's policies; who may assume a role is none. */
export const grantsOf = (template: Template): readonly Grant[] =>
  Object.entries(template.Resources).flatMap(([id, { Properties }]) =>
    documentsIn(Properties).flatMap(({ path, statements }) =>
      statements.flatMap(({ Effect, Action, Condition }, index) => {
        const actions = typeof Action === 'string' ? [Action] : Action
        const statement = ['Resources', id, 'Properties', ...path, 'Statement', index]
        return actions.map((action, at) => ({
          id,
          effect: Effect,
          action,
          condition: Condition === undefined ? undefined : JSON.stringify(Condition),
          takenFrom: (from: Template) =>
            without(from, actions.length === 1 ? statement : [...statement, 'Action', at]) as Template,
        }))
      }),
    ),
  )

const documentsIn = (
  properties: unknown,
): readonly { readonly path: Path; readonly statements: readonly Statement[] }[] => {
  const { PolicyDocument, Policies } = (properties ?? {}) as {
    readonly PolicyDocument?: { readonly Statement: readonly Statement[] }
    readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[]
  }
  const own =
    PolicyDocument === undefined ? [] : [{ path: ['PolicyDocument'], statements: PolicyDocument.Statement }]
  const inline = (Policies ?? []).map((policy, index) => ({
    path: ['Policies', index, 'PolicyDocument'],
    statements: policy.PolicyDocument.Statement,
  }))
  return [...own, ...inline]
}

/** A copy along the path that lacks what is at its end. */
const without = (value: unknown, [step = '', ...rest]: Path): unknown => {
  if (Array.isArray(value))
    return rest.length === 0
      ? value.toSpliced(Number(step), 1)
      : value.with(Number(step), without(value[Number(step)], rest))
  const { [step]: inner, ...others } = value as Record<string, unknown>
  return rest.length === 0 ? others : { ...others, [step]: without(inner, rest) }
}
