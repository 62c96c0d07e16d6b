import jsonata from 'jsonata'
import { type Node, nodesOf } from './ast.ts'

/**
 * Longest sequence that `..` may make; AWS was measured to refuse one more, for its memory.
 * Source: https://github.com/floci-io/floci/pull/2783 (read 2026-11-25).
 */
const sequenceItemsMax = 873_782

/**
 * How deep an evaluation may go; AWS was measured to refuse what goes deeper than about this, whether it recurs or not.
 * Source: https://github.com/floci-io/floci/issues/2737 and pull/2783 (read 2026-11-25).
 */
export const depthMax = 100

/** What AWS says beyond its bounds, by the library's code. Source: as above. */
export const boundReached: Readonly<Record<string, string>> = {
  D1011:
    'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive',
  D2015: 'Expression evaluation memory limit exceeded: Check for excessive memory usage',
}

/**
 * Steps of one evaluation. AWS bounds its time, to a second, which no virtual clock can; a bound on steps ends the same expressions,
 * those that never would, and always at the same place. Assumption: far beyond any expression that ends on AWS.
 */
const stepsMax = 500_000

/** The library's own hook for whoever steps through an expression. */
const onStep = Symbol.for('jsonata.__evaluate_entry')

/** Reads an expression and bounds what it may do. Throws the library's syntax errors. */
export const parseExpression = (source: string): jsonata.Expression => {
  const library = jsonata(source, { sequence: sequenceItemsMax, stack: depthMax })
  const nodes = nodesOf(library.ast())
  refuseNewerOperators(nodes)
  return mayRecur(nodes) ? bounded(library) : library
}

/**
 * `??` and `?:` are newer than the JSONata that AWS has, 2.0.6, which takes them for two operators in a row. The library
 * makes them conditions of which a part stands twice: what comes of one stands before the operator.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (read 2026-11-25).
 */
const refuseNewerOperators = (nodes: readonly Node[]): void => {
  for (const { type, position, condition, then } of nodes) {
    if (type !== 'condition' || !(positionOf(then) < Number(position))) continue
    const second = condition?.type === 'function' && condition['position'] === undefined ? '?' : ':'
    throw { message: `The symbol "${second}" cannot be used as a unary operator` }
  }
}

/** Where the first part of a node that has a position stands. */
const positionOf = (node: Node | undefined): number =>
  Math.min(...nodesOf(node).map(({ position }) => Number(position ?? Number.POSITIVE_INFINITY)))

const instant = jsonata('$fromMillis($ms, $picture, $zone)')

/** A time as the library writes it. */
export const writtenInstant = (ms: number, picture: unknown, zone: unknown): Promise<unknown> =>
  instant.evaluate(undefined, { ms, picture, zone })

/** Only a function that has a name can call itself and go on for ever; others are spared the count. */
const mayRecur = (nodes: readonly Node[]): boolean => {
  const types = new Set(nodes.map(({ type }) => type))
  return types.has('bind') && types.has('lambda')
}

const bounded = (library: jsonata.Expression): jsonata.Expression => {
  let steps = 0
  const count = (): void => {
    steps += 1
    if (steps > stepsMax) throw { message: 'Expression evaluation timeout: Check for infinite loop' }
  }
  library.assign(onStep as unknown as string, count)
  const evaluate = library.evaluate.bind(library)
  return Object.assign(library, {
    evaluate: (input: unknown, bindings?: Record<string, unknown>) => {
      steps = 0
      return evaluate(input, bindings)
    },
  })
}
