import type { Observer } from './virtual-aws/observer.ts'

/** One observer that tells several, in their order. */
export const tell = (observers: readonly Observer[]): Observer => {
  const those = <K extends keyof Observer>(kind: K): Required<Observer>[K][] =>
    observers.flatMap((observer) => {
      const method = observer[kind]
      return method === undefined ? [] : [method.bind(observer) as Required<Observer>[K]]
    })
  const calls = those('call')
  const invocations = those('invocation')
  const transitions = those('transition')
  const executions = those('execution')
  const meters = those('metered')
  const losses = those('lost')
  const throttles = those('throttled')
  const duplicates = those('duplicate')
  return {
    call: (call) => {
      for (const told of calls) told(call)
    },
    invocation: (invocation) => {
      for (const told of invocations) told(invocation)
    },
    transition: (transition) => {
      for (const told of transitions) told(transition)
    },
    execution: (end) => {
      for (const told of executions) told(end)
    },
    metered: (meter, resource, units) => {
      for (const told of meters) told(meter, resource, units)
    },
    lost: (loss) => {
      for (const told of losses) told(loss)
    },
    throttled: (throttle) => {
      for (const told of throttles) told(throttle)
    },
    duplicate: (resource, body) => {
      for (const told of duplicates) told(resource, body)
    },
  }
}
