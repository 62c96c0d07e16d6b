import jsonata from 'jsonata'
import { type Node, nodesOf } from './ast.ts'

/**
 * Longest sequence that `..` may make; AWS was measured to refuse one more, for its memory.
 * Source: https://github.com/floci-io/floci/pull/2783 (read 2026-11-25).
 */
const sequenceItemsMax = 873_782

/**
 * Steps of one evaluation. AWS bounds its time, which no virtual clock can; a bound on steps ends the same expressions,
 * those that never would, and always at the same place. Assumption: far beyond any expression that ends on AWS.
 */
const stepsMax = 500_000

/** The library's own hook for whoever steps through an expression. */
const onStep = Symbol.for('jsonata.__evaluate_entry')

/** Reads an expression and bounds what it may do. Throws the library's syntax errors. */
export const parseExpression = (source: string): jsonata.Expression => {
  const library = jsonata(source, { sequence: sequenceItemsMax })
  return mayRecur(library.ast() as unknown as Node) ? bounded(library) : library
}

/** Only a function that has a name can call itself and go on for ever; others are spared the count. */
const mayRecur = (tree: Node): boolean => {
  const types = new Set(nodesOf(tree).map(({ type }) => type))
  return types.has('bind') && types.has('lambda')
}

const bounded = (library: jsonata.Expression): jsonata.Expression => {
  let steps = 0
  const count = (): void => {
    steps += 1
    if (steps > stepsMax) throw { message: `Expected at most ${stepsMax} steps of an evaluation` }
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
