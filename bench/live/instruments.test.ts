import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import { providerModel } from '../scenarios/provider-model.ts'
import { refusals } from '../scenarios/refusals.ts'
import { instrumentsOf } from './instruments.ts'
import type { LiveStack } from './stack.ts'
import type { LiveClients } from './target.ts'

const stack: LiveStack = {
  name: 'Orchestrated',
  region: 'us-east-1',
  outputs: {},
  resources: [
    { type: 'AWS::Lambda::Function', logicalId: 'CreateOrderFunction', physicalId: 'create-order' },
    { type: 'AWS::SQS::Queue', logicalId: 'CreateOrderQueue', physicalId: 'https://queue' },
  ],
}

/** A Lambda that keeps the variables of its functions. */
const fakeLambda = (variables: Record<string, string>) => {
  const updates: Record<string, string>[] = []
  let current = variables
  const lambda = {
    config: {},
    send: (command: unknown) => {
      if (command instanceof UpdateFunctionConfigurationCommand) {
        current = command.input.Environment?.Variables ?? {}
        updates.push(current)
      }
      if (command instanceof GetFunctionConfigurationCommand)
        return Promise.resolve({
          Environment: { Variables: current },
          LoggingConfig: { LogGroup: 'the-group' },
        })
      return Promise.resolve({ Configuration: { LastUpdateStatus: 'Successful' } })
    },
  }
  return { clients: { lambda } as unknown as LiveClients, updates }
}

describe('instruments', () => {
  it('are put on beside what was deployed, and taken off again', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't' })
    const instruments = await instrumentsOf(clients, stack)
    expect(instruments.functions).toEqual([
      { logicalId: 'CreateOrderFunction', name: 'create-order', logGroup: 'the-group' },
    ])
    expect(updates).toEqual([])
    const model = providerModel(refusals, 7, 0)
    await instruments.setWorld(model, 'log')
    await instruments.takeOff()
    expect(updates).toEqual([
      { TABLE_NAME: 't', TRACE: 'log', PROVIDERS: JSON.stringify(model) },
      { TABLE_NAME: 't' },
    ])
  })

  it('are left alone when the world stays as it is: a change throws all environments away', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't' })
    const instruments = await instrumentsOf(clients, stack)
    const model = providerModel(refusals, 7, 0)
    await instruments.setWorld(model, 'log')
    await instruments.setWorld(model, 'log')
    expect(updates).toHaveLength(1)
  })

  it('that were never put on are not taken off', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't' })
    await (await instrumentsOf(clients, stack)).takeOff()
    expect(updates).toEqual([])
  })

  it('that a killed run left on are no part of what was deployed', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't', TRACE: 'log', PROVIDERS: '{}' })
    await (await instrumentsOf(clients, stack)).takeOff()
    expect(updates).toEqual([{ TABLE_NAME: 't' }])
  })
})
