import { listField, requiredField } from '../definition/fields.ts'
import { compileFlow } from '../definition/flow.ts'
import { compileEach, schemaFailure } from '../definition/invalid.ts'
import { inputTooLarge } from '../failure.ts'
import { Strand } from '../strand.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Runs its branches side by side over the same input; the first that fails stops the others. */
export const compileParallel: StateCompiler = (source, { next, program }) => {
  const { fields, pointer } = source
  requiredField(fields, 'Branches', pointer)
  const branches = compileEach(listField(fields, 'Branches', pointer), (branch, index) =>
    program(branch, `${pointer}/Branches[${index}]`),
  )
  if (branches.length === 0) throw schemaFailure("The field 'Branches' must be a non-empty list", pointer)
  const flow = compileFlow(source)
  const makesInput = fields['Parameters'] !== undefined || fields['Arguments'] !== undefined
  return {
    enter: (visit) => {
      const { scope, execution } = visit
      const input = flow.work(scope)
      const { strand: outer } = visit
      if (makesInput && outer.isTooLarge(input)) {
        visit.fail(inputTooLarge(visit.state.name))
        return
      }
      const { history } = outer
      history.write()
      history.record?.next(outer, 'ParallelStateStarted')
      const results: unknown[] = branches.map(() => undefined)
      let open = branches.length
      const finish = (): void => {
        history.write()
        history.record?.after(outer.lastEvent, 'ParallelStateSucceeded')
        visit.evaluate(() => visit.leave(next, flow.leave({ ...scope, result: results }, results)))
      }
      const strands: readonly Strand[] = branches.map(
        (branch, index) =>
          new Strand(
            execution,
            branch,
            {
              variables: outer.variables,
              mapItem: outer.mapItem,
              child: outer.child,
              history,
              budget: outer.budget,
            },
            {
              done: (output) => {
                results[index] = output
                open -= 1
                outer.lastEvent = strands[index]?.lastEvent ?? 0
                if (open === 0) finish()
              },
              failed: (failure) => {
                outer.lastEvent = strands[index]?.lastEvent ?? 0
                for (const strand of strands) strand.writeAborted()
                visit.fail(failure)
              },
            },
          ),
      )
      const stop = (): void => {
        for (const strand of strands) strand.abort()
      }
      visit.onStop(stop)
      visit.onRedrive(() => {
        visit.onStop(stop)
        if (open === 0) finish()
        for (const strand of strands) if (!strand.isDone) strand.redrive()
      })
      for (const strand of strands) {
        strand.lastEvent = outer.lastEvent
        strand.start(input, 'states.transition')
      }
    },
  }
}
