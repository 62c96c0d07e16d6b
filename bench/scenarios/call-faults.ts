import { unreachable } from '../../shared/unreachable.ts'
import type { ArrivedCall, FaultHooks } from '../virtual-aws/faults.ts'
import { denied, unavailable } from '../virtual-aws/refusals.ts'
import type { Fault } from './scenario.ts'
import { type FaultOf, isWithin, type Site, serviceAt } from './site.ts'

type Refusing = FaultOf<'door-refusal' | 'bus-refusal' | 'orchestrator-refusal' | 'permission-lost'>

const refusingKinds: ReadonlySet<string> = new Set<Refusing['kind']>([
  'door-refusal',
  'bus-refusal',
  'orchestrator-refusal',
  'permission-lost',
])

/** Calls that a service refuses for a while. What runs the stack is spared: it has to mend it. */
export const refusalHooks = (faults: readonly Fault[], site: Site): FaultHooks => {
  const refusing = faults.filter((fault): fault is Refusing => refusingKinds.has(fault.kind))
  if (refusing.length === 0) return {}
  return {
    refusal: (call) => {
      if (call.by === 'operator') return undefined
      for (const fault of refusing) {
        const error = isWithin(site, fault, call.atMs) ? refusalBy(fault, call, site) : undefined
        if (error !== undefined) return error
      }
      return undefined
    },
  }
}

/** Two at once take the sum. */
export const slowHooks = (faults: readonly FaultOf<'bus-slow'>[], site: Site): FaultHooks => {
  if (faults.length === 0) return {}
  return {
    slowed: ({ action, atMs }) =>
      action === 'PutEvents'
        ? faults.filter((fault) => isWithin(site, fault, atMs)).reduce((sum, { extraMs }) => sum + extraMs, 0)
        : 0,
  }
}

const refusalBy = (fault: Refusing, call: ArrivedCall, site: Site): Error | undefined => {
  const { by, service, action, resource } = call
  switch (fault.kind) {
    case 'door-refusal':
      return by === 'caller' ? unavailable(service) : undefined
    case 'bus-refusal':
      return action === 'PutEvents' ? unavailable(service) : undefined
    case 'orchestrator-refusal':
      return service === 'states' ? unavailable(service) : undefined
    case 'permission-lost': {
      const isSent = action === 'SendMessage' || action === 'Invoke'
      const isSpared = by === 'caller' || serviceAt(site, resource) !== fault.service
      return !isSent || isSpared ? undefined : denied(service, action, resource)
    }
    default:
      return unreachable(fault)
  }
}
