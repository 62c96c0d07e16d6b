import { compileFlow } from '../definition/flow.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Ends the strand well. */
export const compileSucceed: StateCompiler = (source) => {
  const flow = compileFlow(source)
  return {
    enter: (visit) => visit.leave(undefined, flow.leave(visit.scope, flow.input(visit.scope))),
  }
}
