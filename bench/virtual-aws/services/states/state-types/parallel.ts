import { listField, requiredField } from '../definition/fields.ts'
import { compileFlow } from '../definition/flow.ts'
import { schemaFailure } from '../definition/invalid.ts'
import { Strand } from '../strand.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Runs its branches side by side over the same input; the first that fails stops the others. */
export const compileParallel: StateCompiler = (source, { next, program }) => {
  const { fields, pointer } = source
  requiredField(fields, 'Branches', pointer)
  const branches = listField(fields, 'Branches', pointer).map((branch, index) =>
    program(branch, `${pointer}/Branches[${index}]`),
  )
  if (branches.length === 0) throw schemaFailure("The field 'Branches' must be a non-empty list", pointer)
  const flow = compileFlow(source)
  return {
    enter: (visit) => {
      const { scope, execution } = visit
      const input = flow.work(scope)
      execution.history.write()
      const results: unknown[] = branches.map(() => undefined)
      let open = branches.length
      const strands = branches.map(
        (branch, index) =>
          new Strand(
            execution,
            branch,
            { variables: visit.strand.variables, mapItem: visit.strand.mapItem, child: visit.strand.child },
            {
              done: (output) => {
                results[index] = output
                open -= 1
                if (open > 0) return
                execution.history.write()
                visit.evaluate(() => visit.leave(next, flow.leave({ ...scope, result: results }, results)))
              },
              failed: (failure) => {
                execution.history.write('failure')
                visit.fail(failure)
              },
            },
          ),
      )
      visit.onStop(() => {
        for (const strand of strands) strand.abort()
      })
      for (const strand of strands) strand.start(input, 'states.transition')
    },
  }
}
