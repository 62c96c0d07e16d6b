import type { RecoveryResult, Results } from '../../results.ts'
import { count } from '../format.ts'
import { recoveringIn } from '../sections/recovery.ts'
import { labelOf } from '../view.ts'
import { type Colours, line } from './tables.ts'

/** With --recover: what is left when all was done that somebody has to do. */
export const recoveredLines = (results: Results, { bold, dim }: Colours): readonly string[] => {
  const told = recoveringIn(results).flatMap(({ scenario, id, recovery, saved }) =>
    afterInWords(recovery, saved).map((text, at) =>
      at === 0 ? `  ${scenario.id}, ${id}: ${text}` : dim(`    ${text}`),
    ),
  )
  return told.length === 0
    ? []
    : ['', bold(line(`when somebody did what was to do (${labelOf(results)})`)), ...told.map(line)]
}

const afterInWords = ({ actions, after }: RecoveryResult, saved: string | undefined): readonly string[] =>
  after === undefined || (actions.length === 0 && after.left.length === 0)
    ? []
    : [
        `${saved === undefined ? '' : `${saved}; `}${count(after.outcomes.stuck)} stuck, ${count(after.outcomes.inconsistent)} inconsistent`,
        ...after.left.map(
          ({ what, resource, count: number, why }) => `left: ${count(number)} ${what}, ${resource}: ${why}`,
        ),
      ]
