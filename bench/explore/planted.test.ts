import { describe, expect, it } from 'vitest'
import { type StackName, synthAll } from '../../infra/synth.ts'
import type { Clients, FunctionEntry } from '../../shared/runtime.ts'
import { type Contestant, contestants } from '../contestants.ts'
import { laws } from '../laws.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { type Arena, findingsOf, firstFound } from './findings.ts'
import { shrink } from './shrink.ts'

const templates = synthAll().contestants as Readonly<Record<StackName, Template>>

/** A contestant with other code, or with another template, alone in the arena. */
const arenaOf = (
  id: string,
  {
    code = (entry) => entry,
    template = (sound) => sound,
  }: {
    readonly code?: (entry: FunctionEntry) => FunctionEntry
    readonly template?: (sound: Template) => Template
  },
): Arena => {
  const sound = contestants.find((each) => each.id === id) as Contestant
  const planted = {
    ...sound,
    code: Object.fromEntries(Object.entries(sound.code).map(([name, entry]) => [name, code(entry)])),
  }
  const stack = sound.stack as StackName
  return {
    contestants: [planted],
    templates: { ...templates, [stack]: template(templates[stack]) },
    region: 'us-east-1',
  }
}

/** A charge that is asked for again bears the key of its attempt. */
const keyOfTheAttempt =
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
const silentOnRedelivery =
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

/** The catcher of a state that takes such an error. */
const catcher = (states: States, state: string, error: string): { Next: string } => {
  const found = states[state]?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error))
  if (found === undefined) throw new Error(`${state} does not catch ${error}.`)
  return found
}

/** What is undone begins one step too late: the payment stays. */
const undoingTooLate = rerouted((states) => {
  catcher(states, 'ArrangeShipping', 'ShippingFailed').Next = 'ReleaseInventory'
})

/** The queue of that step dead-letters what was received that often. */
const impatientQueue =
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

describe('a planted bug is found within 1,000 runs, and shrunk to what it takes', () => {
  const planted: readonly { name: string; arena: Arena; law: string; faults: number }[] = [
    {
      name: 'idempotency: a repeated charge has another key (orchestrated)',
      arena: arenaOf('orchestrated', { code: keyOfTheAttempt }),
      law: laws.onlyWhatWasOrdered,
      faults: 1,
    },
    {
      name: 'idempotency: a repeated charge has another key (choreographed)',
      arena: arenaOf('choreographed', { code: keyOfTheAttempt }),
      law: laws.onlyWhatWasOrdered,
      faults: 1,
    },
    {
      name: 're-publication: on redelivery nobody is told again (choreographed)',
      arena: arenaOf('choreographed', { code: silentOnRedelivery }),
      law: laws.ends,
      faults: 1,
    },
    {
      name: 're-publication: on redelivery nobody is told again (orchestrated)',
      arena: arenaOf('orchestrated', { code: silentOnRedelivery }),
      law: laws.ends,
      faults: 1,
    },
    {
      name: 'compensation order: the reservation is undone and the payment left (orchestrated)',
      arena: arenaOf('orchestrated', { template: undoingTooLate }),
      law: laws.paidMeansFulfilled,
      faults: 0,
    },
    {
      name: 'DLQ wiring: a queue gives its messages up after three receives (choreographed)',
      arena: arenaOf('choreographed', { template: impatientQueue('PaymentOnInventoryReservedQueue', 3) }),
      law: laws.ends,
      faults: 1,
    },
  ]
  it.each(planted)(
    '$name',
    async ({ arena, law, faults }) => {
      const found = await firstFound({ seed: 1, faultsMax: 3, from: 0, upTo: 1_000 }, arena)
      if (found === undefined) throw new Error('Nothing was found.')
      const shrunk = await shrink(found, arena)
      expect(shrunk.finding.law).toBe(law)
      expect(shrunk.schedule.faults.length).toBeLessThanOrEqual(faults)
      // An invocation has one fate: a batch of two may be what it takes.
      expect(shrunk.schedule.orders.length).toBeLessThanOrEqual(2)
      // What was planted broke it, not the design.
      const sound = { ...arena, contestants, templates }
      expect(await findingsOf(shrunk.schedule, sound)).toEqual([])
    },
    120_000,
  )
})
