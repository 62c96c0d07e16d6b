import type { FaultHooks } from '../virtual-aws/faults.ts'
import { refusalHooks, slowHooks } from './call-faults.ts'
import { delayHooks, duplicateHooks, poisonHooks, schemaHooks, stallHooks } from './delivery-faults.ts'
import { crashHooks, hangHooks, serviceOutageHooks } from './handler-faults.ts'
import type { Scenario } from './scenario.ts'
import { faultsOf, type Site } from './site.ts'

/**
 * The disturbances of a scenario as hooks of the virtual AWS; an outage of a provider is not among them, see
 * provider-model.ts, nor is what somebody does to the stack, see acts.ts. Every decision is a hash of the seed and of
 * what it is about (order, function, attempt, receive and point; queue, message and attempt), so the same message meets
 * the same fate whatever happens around it.
 * Without such faults there are no hooks.
 */
export const faultHooks = ({ faults }: Pick<Scenario, 'faults'>, seed: number, site: Site): FaultHooks =>
  together([
    crashHooks(faultsOf(faults, 'crash'), seed),
    hangHooks(faultsOf(faults, 'hang'), seed),
    serviceOutageHooks(faultsOf(faults, 'service-outage'), site),
    duplicateHooks(faultsOf(faults, 'duplicate'), seed),
    delayHooks(faultsOf(faults, 'delay'), site, seed),
    stallHooks(faultsOf(faults, 'bus-stall'), site),
    poisonHooks(faultsOf(faults, 'poison'), site, seed),
    schemaHooks(faultsOf(faults, 'schema'), site),
    refusalHooks(faults, site),
    slowHooks(faultsOf(faults, 'bus-slow'), site),
  ])

/** Hooks of several kinds of faults as one: the first that strikes decides, delays add up, copies are all made. */
const together = (parts: readonly FaultHooks[]): FaultHooks => ({
  ...one(parts, 'beforeStart', firstOf),
  ...one(parts, 'beforeCall', firstOf),
  ...one(parts, 'afterCall', firstOf),
  ...one(parts, 'beforeReturn', firstOf),
  ...one(parts, 'refusal', firstOf),
  ...one(parts, 'rewritten', firstOf),
  ...one(parts, 'copies', (hooks) => (delivery) => hooks.flatMap((hook) => hook(delivery))),
  ...one(parts, 'stalled', (hooks) => (attempt) => Math.max(...hooks.map((hook) => hook(attempt)))),
  ...one(parts, 'slowed', (hooks) => (call) => hooks.reduce((sum, hook) => sum + hook(call), 0)),
  ...one(parts, 'held', (hooks) => (delivery) => hooks.reduce((sum, hook) => sum + hook(delivery), 0)),
})

/** One hook of that name, of those that there are; no hook where there is none. */
const one = <Name extends keyof FaultHooks>(
  parts: readonly FaultHooks[],
  name: Name,
  join: (hooks: readonly Required<FaultHooks>[Name][]) => Required<FaultHooks>[Name],
): Pick<FaultHooks, Name> => {
  const hooks = parts.flatMap((part) => {
    const hook = part[name]
    return hook === undefined ? [] : [hook as Required<FaultHooks>[Name]]
  })
  const [first, second] = hooks
  if (first === undefined) return {} as Pick<FaultHooks, Name>
  return { [name]: second === undefined ? first : join(hooks) } as Pick<FaultHooks, Name>
}

const firstOf =
  <Given, Fate>(hooks: readonly ((given: Given) => Fate | undefined)[]) =>
  (given: Given): Fate | undefined => {
    for (const hook of hooks) {
      const fate = hook(given)
      if (fate !== undefined) return fate
    }
    return undefined
  }
