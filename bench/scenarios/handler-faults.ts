import { chance } from '../../shared/chance.ts'
import type { FaultHooks, HandlerCall, StartedInvocation } from '../virtual-aws/faults.ts'
import { type Delivery, givenIn, messageIn } from './deliveries.ts'
import type { FaultOf, Site } from './site.ts'
import { isWithin, serviceAt, stepAt } from './site.ts'

type Crash = FaultOf<'crash'>
type Hang = FaultOf<'hang'>

/**
 * `before-answer` is the call that answers the task or publishes, which comes after the save. A function that is
 * invoked directly answers by returning: for it, `before-answer` is before the return as well, and there is no
 * `after-answer`. An invocation has one fate,
 * that of its first message: batches of many die as often as batches of one.
 */
export const crashHooks = (crashes: readonly Crash[], seed: number): FaultHooks => {
  if (crashes.length === 0) return {}
  const isFated = (at: Crash['at'], functionId: string, delivery: Delivery): boolean =>
    crashes.some((crash) => crash.at === at && isDrawn(crash, seed, functionId, delivery))
  const dies = (at: Crash['at'], call: HandlerCall): 'crash' | undefined => {
    const [first] = givenIn(call.event).deliveries
    const isDoomed = first !== undefined && isAnswer(call) && isFated(at, call.functionId, first)
    return isDoomed ? 'crash' : undefined
  }
  return {
    ...(crashes.some(({ at }) => at === 'before-effect')
      ? {
          beforeStart: ({ functionId, event }: StartedInvocation) => {
            const [first] = givenIn(event).deliveries
            return first !== undefined && isFated('before-effect', functionId, first) ? 'crash' : undefined
          },
        }
      : {}),
    beforeCall: (call) => dies('before-answer', call),
    afterCall: (call) => dies('after-answer', call),
    beforeReturn: ({ functionId, event }) => {
      const { by, deliveries } = givenIn(event)
      const points: readonly Crash['at'][] =
        by === 'queue' ? ['before-return'] : ['before-answer', 'before-return']
      const [first] = deliveries
      const isDoomed = first !== undefined && points.some((at) => isFated(at, functionId, first))
      return isDoomed ? 'crash' : undefined
    },
  }
}

/** A function that is invoked directly and publishes nothing has no answer to hang before. */
export const hangHooks = (hangs: readonly Hang[], seed: number): FaultHooks => {
  const at = (point: Hang['at']): readonly Hang[] => hangs.filter((hang) => hang.at === point)
  const hangsIn = (those: readonly Hang[], functionId: string, event: unknown): 'hang' | undefined => {
    const [first] = givenIn(event).deliveries
    if (first === undefined) return undefined
    return those.some((hang) => isDrawn(hang, seed, functionId, first)) ? 'hang' : undefined
  }
  const early = at('before-effect')
  const late = at('before-answer')
  return {
    ...(early.length === 0
      ? {}
      : { beforeStart: ({ functionId, event }) => hangsIn(early, functionId, event) }),
    ...(late.length === 0
      ? {}
      : {
          beforeCall: (call) => (isAnswer(call) ? hangsIn(late, call.functionId, call.event) : undefined),
        }),
  }
}

export const serviceOutageHooks = (outages: readonly FaultOf<'service-outage'>[], site: Site): FaultHooks => {
  if (outages.length === 0) return {}
  return {
    beforeStart: ({ functionId, atMs }) =>
      outages.some(
        (outage) =>
          outage.service === serviceAt(site, functionId) &&
          (outage.step === undefined || outage.step === stepAt(site, functionId)) &&
          isWithin(site, outage, atMs),
      )
        ? 'crash'
        : undefined,
  }
}

const isDrawn = (
  { kind, at, probability }: Crash | Hang,
  seed: number,
  functionId: string,
  { orderId, attempt, receive }: Delivery,
): boolean => chance(seed, 'faults', kind, at, functionId, orderId, attempt, receive) < probability

/** Whether a call answers the task of one of the messages, or publishes a fact of it. */
const isAnswer = ({ service, action, input, event }: HandlerCall): boolean => {
  const { deliveries } = givenIn(event)
  switch (`${service}.${action}`) {
    case 'states.SendTaskSuccess':
    case 'states.SendTaskFailure': {
      const { taskToken } = input as { readonly taskToken?: string }
      return deliveries.some((each) => each.taskToken === taskToken)
    }
    case 'events.PutEvents': {
      const { Entries = [] } = input as { readonly Entries?: readonly { readonly Detail?: string }[] }
      const orderId = messageIn(Entries[0]?.Detail)?.orderId
      return deliveries.some((each) => each.orderId === orderId)
    }
    default:
      return false
  }
}
