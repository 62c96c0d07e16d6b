import { chance } from '../../shared/chance.ts'
import type { FaultHooks, HandlerCall } from '../virtual-aws/faults.ts'
import { type Delivery, givenIn, messageIn } from './deliveries.ts'
import type { Fault, Scenario } from './scenario.ts'

type Crash = Extract<Fault, { readonly kind: 'crash' }>
type Duplicate = Extract<Fault, { readonly kind: 'duplicate' }>

/**
 * The disturbances of a scenario as hooks of the virtual AWS; an outage of a provider is not among them, see
 * provider-model.ts. Every decision is a hash of the seed and of what it is about (order, function, attempt, receive
 * and point; queue, message and attempt), so the same message meets the same fate whatever happens around it.
 * Without such faults there are no hooks.
 */
export const faultHooks = ({ faults }: Pick<Scenario, 'faults'>, seed: number): FaultHooks => ({
  ...crashHooks(
    faults.filter((fault) => fault.kind === 'crash'),
    seed,
  ),
  ...duplicateHooks(
    faults.filter((fault) => fault.kind === 'duplicate'),
    seed,
  ),
})

/**
 * `before-answer` is the call that answers the task or publishes, which comes after the save. A function that is
 * invoked directly answers by returning: for it, `before-answer` is before the return as well, and there is no
 * `after-answer`. An invocation has one fate,
 * that of its first message: batches of many die as often as batches of one.
 */
const crashHooks = (crashes: readonly Crash[], seed: number): FaultHooks => {
  if (crashes.length === 0) return {}
  const isFated = (at: Crash['at'], functionId: string, { orderId, attempt, receive }: Delivery): boolean =>
    crashes.some(
      (crash) =>
        crash.at === at &&
        chance(seed, 'faults', 'crash', at, functionId, orderId, attempt, receive) < crash.probability,
    )
  const dies = (at: Crash['at'], call: HandlerCall): 'crash' | undefined => {
    const [first] = givenIn(call.event).deliveries
    const isDoomed = first !== undefined && isAnswer(call) && isFated(at, call.functionId, first)
    return isDoomed ? 'crash' : undefined
  }
  return {
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

const duplicateHooks = (duplicates: readonly Duplicate[], seed: number): FaultHooks => {
  if (duplicates.length === 0) return {}
  return {
    copies: ({ resource, body }) => {
      const message = messageIn(body)
      if (message === undefined) return []
      const draw = (purpose: string) =>
        chance(seed, 'faults', purpose, resource, message.orderId, message.messageId, message.attempt)
      return duplicates
        .filter(({ at, probability }) => at === placeOf(resource) && draw('duplicate') < probability)
        .map(({ delayMs: [least, most] }) => least + draw('duplicate-delay') * (most - least))
    },
  }
}

/** Logical ids say what a resource is, as the templates name them. */
const placeOf = (resource: string): Duplicate['at'] => (resource.endsWith('Rule') ? 'rule' : 'queue')
