import { reaction } from '../../choreographed/reaction.ts'
import { type StackName, synthAll } from '../../infra/synth.ts'
import type { Clients, FunctionEntry } from '../../shared/runtime.ts'
import { type Contestant, contestants } from '../contestants.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import type { Arena } from './findings.ts'

/* Bugs that somebody might make, for the tests of whoever should find them. */

export const soundTemplates = synthAll().contestants as Readonly<Record<StackName, Template>>

/** A contestant with other code, or with another template, alone in the arena. */
export const arenaOf = (
  id: string,
  {
    code = (entry) => entry,
    template = (sound) => sound,
  }: {
    readonly code?: (entry: FunctionEntry, handler: string) => FunctionEntry
    readonly template?: (sound: Template) => Template
  },
): Arena => {
  const sound = contestants.find((each) => each.id === id) as Contestant
  const planted = {
    ...sound,
    code: Object.fromEntries(Object.entries(sound.code).map(([name, entry]) => [name, code(entry, name)])),
  }
  const stack = sound.stack as StackName
  return {
    contestants: [planted],
    templates: { ...soundTemplates, [stack]: template(soundTemplates[stack]) },
    region: 'us-east-1',
  }
}

/** A charge that is asked for again bears the key of its attempt. */
export const keyOfTheAttempt =
  (entry: FunctionEntry): FunctionEntry =>
  (clients, env, providers, clock) =>
    entry(
      clients,
      env,
      {
        ...providers,
        gateway: {
          ...providers.gateway,
          charge: (request) =>
            providers.gateway.charge(
              request.attempt === 1 ? request : { ...request, key: `${request.key}#${request.attempt}` },
            ),
        },
      },
      clock,
    )

/** What an environment has not saved itself, it does not publish: on redelivery the record is there, and nobody is told. */
export const silentOnRedelivery =
  (entry: FunctionEntry): FunctionEntry =>
  (clients, env, providers, clock) => {
    const saved: string[] = []
    const dynamo: Clients['dynamo'] = {
      send: (command: { readonly input: object }) => {
        saved.push(JSON.stringify(command.input))
        return clients.dynamo.send(command as Parameters<typeof clients.dynamo.send>[0])
      },
    } as Clients['dynamo']
    const eventBridge: Clients['eventBridge'] = {
      send: async (command: { readonly input: { readonly Entries?: readonly { Detail?: string }[] } }) => {
        const { subject, type } = JSON.parse(command.input.Entries?.[0]?.Detail ?? '{}')
        const isNews = saved.some((text) => text.includes(`"type":"${type}","`) && text.includes(subject))
        return isNews
          ? clients.eventBridge.send(command as Parameters<typeof clients.eventBridge.send>[0])
          : { FailedEntryCount: 0, Entries: [] }
      },
    } as Clients['eventBridge']
    return entry({ ...clients, dynamo, eventBridge }, env, providers, clock)
  }

interface States {
  readonly [name: string]: {
    readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; Next: string }[]
    Next?: string
    Default?: string
  }
}

/** The state machine with other ways from state to state. */
const rerouted =
  (reroute: (states: States) => void) =>
  (sound: Template): Template => {
    const machine = sound.Resources['OrderFlow']
    if (machine === undefined) throw new Error('There is no OrderFlow.')
    const { DefinitionString, ...rest } = machine.Properties as { readonly DefinitionString: string }
    const definition = JSON.parse(DefinitionString)
    reroute(definition.States)
    const Properties = { ...rest, DefinitionString: JSON.stringify(definition) }
    return {
      ...sound,
      Resources: { ...sound.Resources, OrderFlow: { ...machine, Properties } },
    }
  }

const stateOf = (states: States, name: string): States[string] => {
  const found = states[name]
  if (found === undefined) throw new Error(`There is no state ${name}.`)
  return found
}

/** The catcher of a state that takes such an error. */
const catcher = (states: States, state: string, error: string): { Next: string } => {
  const found = stateOf(states, state).Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error))
  if (found === undefined) throw new Error(`${state} does not catch ${error}.`)
  return found
}

/** What is undone begins one step too late: the payment stays. */
export const undoingTooLate = rerouted((states) => {
  catcher(states, 'ArrangeShipping', 'ShippingFailed').Next = 'ReleaseInventory'
})

/** The goods go back before the money does; all goes back in the end. */
export const releasingBeforeRefunding = rerouted((states) => {
  catcher(states, 'ArrangeShipping', 'ShippingFailed').Next = 'ReleaseInventory'
  stateOf(states, 'HasItShipped').Default = 'ReleaseInventory'
  stateOf(states, 'ReleaseInventory').Next = 'RefundPayment'
  stateOf(states, 'RefundPayment').Next = 'RejectOrder'
})

/** The money goes back before the carrier is asked to cancel: what has left by then is given away. */
export const refundingBeforeCancelling = rerouted((states) => {
  catcher(states, 'ArrangeShipping', 'States.ALL').Next = 'RefundPayment'
  stateOf(states, 'RefundPayment').Next = 'CancelShipping'
  stateOf(states, 'HasItShipped').Default = 'ReleaseInventory'
})

const hasty = 'choreographed.inventoryOnPaymentRefunded'

/** The goods go back on hearing that nothing will ship, while the money may still be on its way. */
export const releasingOnShippingFailed = (entry: FunctionEntry, handler: string): FunctionEntry =>
  handler === hasty
    ? reaction('ShippingFailed', ({ type, data }) => ({
        type: 'ReleaseInventory',
        data: { order: data.order, reason: type },
      }))
    : entry

/** A rule listens for another event. */
export const listening =
  (rule: string, source: string, event: string) =>
  (sound: Template): Template => {
    const resource = sound.Resources[rule]
    if (resource === undefined) throw new Error(`There is no ${rule}.`)
    const EventPattern = { source: [source], 'detail-type': [event] }
    const Properties = { ...(resource.Properties as object), EventPattern }
    return { ...sound, Resources: { ...sound.Resources, [rule]: { ...resource, Properties } } }
  }

/** The queue of that step dead-letters what was received that often. */
export const impatientQueue =
  (queue: string, receives: number) =>
  (sound: Template): Template => {
    const resource = sound.Resources[queue]
    if (resource === undefined) throw new Error(`There is no ${queue}.`)
    const { RedrivePolicy } = resource.Properties as { readonly RedrivePolicy: object }
    const Properties = {
      ...(resource.Properties as object),
      RedrivePolicy: { ...RedrivePolicy, maxReceiveCount: receives },
    }
    return { ...sound, Resources: { ...sound.Resources, [queue]: { ...resource, Properties } } }
  }
