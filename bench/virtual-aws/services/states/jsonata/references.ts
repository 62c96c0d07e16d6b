import { RefusedField } from '../definition/invalid.ts'
import { type Node, nodesOf } from './ast.ts'

/**
 * Refuses what an expression may not name. It has no context item: `$`, `$$` and a name alone mean nothing, unless
 * they stand behind the first step of a path or in a predicate. `$states.errorOutput` is there in a catcher only, and
 * `$states.result` where a state of its own work hands on.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html, workflow-variables.html and
 * https://github.com/floci-io/floci/issues/2670 (measured on AWS; both read 2026-11-25).
 */
export const refuseReferences = (tree: Node, field: string): void => {
  const inCatcher = field.startsWith('Catch[')
  for (const node of nodesOf(tree)) {
    if (isMember(node, 'errorOutput') && !inCatcher) throw absent('errorOutput', field)
    if (isMember(node, 'result') && !handingOn.test(field)) throw absent('result', field)
  }
  for (const node of contextless(tree)) {
    const name = nameOf(node)
    if (name !== undefined)
      throw unsupported(`Reference to '${name}' at the top level is not supported.`, field)
  }
}

const unsupported = (what: string, field: string): RefusedField =>
  new RefusedField(what, field, 'UNSUPPORTED_JSONATA_EXPRESSION')

/** What is written when a state is left. */
const handingOn = /^(Output|Assign)($|[/[])/

type Member = 'errorOutput' | 'result'

const absent = (member: Member, field: string): RefusedField =>
  unsupported(`Field '$states.${member}' does not exist.`, field)

const isMember = ({ type, steps: [first, second] = [] }: Node, member: Member): boolean =>
  type === 'path' && first?.type === 'variable' && first.value === 'states' && second?.value === member

/** Of a state that does no work, neither has a result. */
export const refuseResult = (tree: Node, field: string): void => {
  for (const node of nodesOf(tree)) if (isMember(node, 'result')) throw absent('result', field)
}

const nameOf = ({ type, value }: Node): string | undefined => {
  if (type === 'name' || type === 'wildcard' || type === 'descendant') return String(value)
  if (type === 'variable' && (value === '' || value === '$')) return `$${value}`
  return undefined
}

/** Parts that have a context item of their own: predicates, groups, sort terms, and what a transform touches. */
const withContext: ReadonlySet<string> = new Set([
  'stages',
  'predicate',
  'group',
  'terms',
  'pattern',
  'update',
])

/** The nodes that are evaluated without a context item; of a path only the first step is. */
function* contextless(node: unknown): Generator<Node> {
  if (typeof node !== 'object' || node === null) return
  if ('type' in node) yield node as Node
  for (const part of partsOf(node)) yield* contextless(part)
}

const partsOf = (node: object): readonly unknown[] => {
  if ('steps' in node) return [(node as Node).steps?.[0]]
  return Object.entries(node)
    .filter(([part]) => !withContext.has(part))
    .map(([, below]) => below)
}
