import { field, parse } from '../measure/messages.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'
import type { DeclaredRule } from './pathways.ts'

export interface DriftFold {
  readonly observer: Observer
  /** Rules that are off, or listen for something else than the template says. */
  drifted(): readonly DeclaredRule[]
}

/** How a rule differs from its declaration. */
interface Drift {
  isOff: boolean
  isOther: boolean
}

/** Follows the calls that change rules, as a trail of API calls would show them, whoever made them. */
export const createDrift = (rules: readonly DeclaredRule[]): DriftFold => {
  const drifts = new Map<DeclaredRule, Drift>()
  const changed = ({ action, input }: ApiCall): void => {
    const rule = rules.find(({ name }) => name === field(input, 'Name'))
    if (rule === undefined) return
    const drift = drifts.get(rule) ?? { isOff: false, isOther: false }
    drifts.set(rule, drift)
    if (action === 'PutRule') {
      const given = parse(field(input, 'EventPattern'))
      drift.isOther = JSON.stringify(given) !== JSON.stringify(rule.eventPattern)
    }
    drift.isOff = action === 'DisableRule' || field(input, 'State') === 'DISABLED'
  }
  return {
    observer: {
      call(call) {
        if (call.error === undefined && changes.has(call.action)) changed(call)
      },
    },
    drifted: () => [...drifts].flatMap(([rule, { isOff, isOther }]) => (isOff || isOther ? [rule] : [])),
  }
}

const changes: ReadonlySet<string> = new Set(['PutRule', 'EnableRule', 'DisableRule'])
