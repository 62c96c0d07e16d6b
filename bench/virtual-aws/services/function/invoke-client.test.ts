import {
  InvalidRequestContentException,
  InvokeCommand,
  type InvokeCommandOutput,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import { createClients } from '../../clients.ts'
import { functionF, functionWorld } from './function-world.testing.ts'

const deployed = () => {
  const events: unknown[] = []
  const test = functionWorld(functionF(), () => async (event) => {
    events.push(event)
    return { done: event }
  })
  const { lambda } = createClients(test.world, { by: 'caller', principal: { kind: 'outside' } })
  const send = async (command: object): Promise<InvokeCommandOutput> => {
    const sent: Promise<InvokeCommandOutput> = lambda.send(command)
    const [output] = await Promise.all([sent, sent.catch(() => undefined), test.pass(10_000)])
    return output
  }
  return { ...test, events, send }
}

describe('InvokeCommand', () => {
  it.each([
    { as: 'text', Payload: '{"order":7}' },
    { as: 'bytes', Payload: new TextEncoder().encode('{"order":7}') },
  ])('takes JSON as $as and gives it back as bytes', async ({ Payload }) => {
    const { send, events } = deployed()
    const output = await send(new InvokeCommand({ FunctionName: 'F', Payload }))
    expect(events).toEqual([{ order: 7 }])
    expect(output).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', $metadata: {} })
    expect(output.Payload?.transformToString()).toBe('{"done":{"order":7}}')
    expect(new TextDecoder().decode(output.Payload)).toBe('{"done":{"order":7}}')
  })

  it('hands an event over without waiting for its end', async () => {
    const { send, events } = deployed()
    const output = await send(
      new InvokeCommand({ FunctionName: 'F', InvocationType: 'Event', Payload: '{"order":7}' }),
    )
    expect(output).toEqual({ StatusCode: 202, $metadata: {} })
    expect(events).toEqual([{ order: 7 }])
  })

  it('without a payload invokes with null', async () => {
    const { send, events } = deployed()
    await send(new InvokeCommand({ FunctionName: 'F' }))
    expect(events).toEqual([null])
  })

  it('refuses a payload that is no JSON', async () => {
    const { send, events } = deployed()
    const sent = send(new InvokeCommand({ FunctionName: 'F', Payload: '{order' }))
    await expect(sent).rejects.toBeInstanceOf(InvalidRequestContentException)
    await expect(sent).rejects.toThrow('Could not parse request body into json')
    expect(events).toEqual([])
  })

  it('is the only command of Lambda: another is refused by name and ends the run', async () => {
    await expect(deployed().send(new ListFunctionsCommand({}))).rejects.toThrow(
      'ListFunctionsCommand is not modelled',
    )
  })
})
