import { compileFlow } from '../definition/flow.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Hands its input on, or what it makes of it. In JSONPath `Result` is a constant, in JSONata `Output` says all. */
export const compilePass: StateCompiler = (source, { next }) => {
  const flow = compileFlow(source)
  const { language, fields } = source
  const hasResult = language === 'JSONPath' && fields['Result'] !== undefined
  const result = fields['Result']
  return {
    enter: (visit) => {
      const { scope } = visit
      visit.leave(next, flow.leave(scope, hasResult ? result : flow.work(scope)))
    },
  }
}
