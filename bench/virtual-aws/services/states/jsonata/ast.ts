/** The part of the library's syntax tree that the compiler reads. Everything else is left to the library. */
export interface Node {
  readonly type: string
  readonly value?: unknown
  readonly steps?: readonly Node[]
  readonly stages?: readonly { readonly type: string; readonly expr: Node }[]
  readonly predicate?: readonly { readonly type: string; readonly expr: Node }[]
  readonly expressions?: readonly Node[]
  readonly expression?: Node
  readonly lhs?: Node | readonly (readonly [Node, Node])[]
  readonly rhs?: Node
  readonly condition?: Node
  readonly then?: Node
  readonly else?: Node
  readonly procedure?: Node
  readonly arguments?: readonly Node[]
  readonly [extra: string]: unknown
}

/** How many nodes stand one in another at most. */
export const depthOf = (node: unknown): number => {
  if (Array.isArray(node)) return Math.max(0, ...node.map(depthOf))
  if (typeof node !== 'object' || node === null) return 0
  return depthOf(Object.values(node)) + ('type' in node ? 1 : 0)
}

/** Every node below and with this one, so that a name can be refused wherever it stands. */
export const nodesOf = (node: unknown): readonly Node[] => {
  if (Array.isArray(node)) return node.flatMap(nodesOf)
  if (typeof node !== 'object' || node === null) return []
  const below = Object.values(node).flatMap(nodesOf)
  return 'type' in node ? [node as Node, ...below] : below
}
