import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import { providerModel } from '../scenarios/provider-model.ts'
import { refusals } from '../scenarios/refusals.ts'
import { testClock } from './clock.testing.ts'
import { instrumentsOf, runIdAt } from './instruments.ts'
import type { LiveStack } from './stack.ts'
import type { LiveClients } from './target.ts'

const stackOf = (...names: readonly string[]): LiveStack => ({
  name: 'Orchestrated',
  region: 'us-east-1',
  outputs: {},
  resources: [
    ...names.map((name) => ({
      type: 'AWS::Lambda::Function',
      logicalId: `${name}-function`,
      physicalId: name,
    })),
    { type: 'AWS::SQS::Queue', logicalId: 'CreateOrderQueue', physicalId: 'https://queue' },
  ],
})
const stack = stackOf('create-order')

const named = (name: string, message = name): Error => Object.assign(new Error(message), { name })

interface Refusing {
  /** An error in place of an update. */
  readonly refusal?: (name: string, update: number) => Error | undefined
  /** How often an update is still under way when it is asked for. */
  readonly slowness?: number
  readonly status?: string
}

/** A Lambda that keeps the variables of its functions, and takes no update while one is under way. */
const fakeLambda = (
  deployed: Record<string, string>,
  { refusal, slowness = 0, status = 'Successful' }: Refusing = {},
) => {
  const updates: Record<string, string>[] = []
  const variables = new Map<string, Record<string, string>>()
  const underWay = new Map<string, number>()
  let asked = 0
  const update = (name: string, wanted: Record<string, string>) => {
    asked += 1
    const error = refusal?.(name, asked)
    if (error !== undefined) throw error
    if ((underWay.get(name) ?? 0) > 0) throw named('ResourceConflictException')
    updates.push(wanted)
    variables.set(name, wanted)
    underWay.set(name, slowness)
    return {}
  }
  const read = (name: string) => {
    const left = underWay.get(name) ?? 0
    underWay.set(name, left - 1)
    return {
      Environment: { Variables: variables.get(name) ?? deployed },
      LoggingConfig: { LogGroup: 'the-group' },
      LastUpdateStatus: left > 0 ? 'InProgress' : status,
      LastUpdateStatusReason: 'no room',
    }
  }
  const send = async (command: unknown) => {
    if (command instanceof UpdateFunctionConfigurationCommand)
      return update(command.input.FunctionName ?? '', command.input.Environment?.Variables ?? {})
    if (command instanceof GetFunctionConfigurationCommand) return read(command.input.FunctionName ?? '')
    throw named('AccessDeniedException', 'not in the policy')
  }
  return {
    clients: { lambda: { config: {}, send } } as unknown as LiveClients,
    updates,
    set: (name: string, wanted: Record<string, string>) => void variables.set(name, wanted),
    variables: (name: string) => Object.keys(variables.get(name) ?? deployed),
  }
}

const hourMs = 3_600_000
const nowMs = Date.UTC(2026, 10, 26)
const traceOf = (ageMs: number): string => `log ${runIdAt(nowMs - ageMs)}`

describe('instruments', () => {
  it('are put on beside what was deployed, and taken off again', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't' })
    const instruments = await instrumentsOf(clients, stack, { clock: testClock() })
    expect(instruments.functions).toEqual([
      { logicalId: 'create-order-function', name: 'create-order', logGroup: 'the-group' },
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
    const instruments = await instrumentsOf(clients, stack, { clock: testClock() })
    const model = providerModel(refusals, 7, 0)
    await instruments.setWorld(model, 'log')
    await instruments.setWorld(model, 'log')
    expect(updates).toHaveLength(1)
  })

  it('that tell another run by now are found out, and left to it', async () => {
    const { clients, set, updates } = fakeLambda({ TABLE_NAME: 't' })
    const instruments = await instrumentsOf(clients, stack, { clock: testClock() })
    await instruments.setWorld(providerModel(refusals, 1, 0), 'log run-1')
    await instruments.checkOurs()
    set('create-order', { TABLE_NAME: 't', TRACE: 'log run-2' })
    await expect(instruments.checkOurs()).rejects.toThrow(
      'Another run has taken over the functions of Orchestrated while this one ran',
    )
    await instruments.takeOff()
    expect(updates).toHaveLength(1)
  })

  it('that were never put on are not taken off', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't' })
    await (await instrumentsOf(clients, stack, { clock: testClock() })).takeOff()
    expect(updates).toEqual([])
  })

  it('that a killed run left on are no part of what was deployed', async () => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't', TRACE: 'log', PROVIDERS: '{}' })
    await (await instrumentsOf(clients, stack, { clock: testClock(nowMs) })).takeOff()
    expect(updates).toEqual([{ TABLE_NAME: 't' }])
  })

  it.each([
    { name: 'that has just begun', ageMs: 0, said: 'for 0 minutes' },
    { name: 'that may still go on', ageMs: 5 * hourMs - 1, said: 'for 300 minutes' },
    { name: 'of a machine whose clock is ahead', ageMs: -60_000, said: 'for 0 minutes' },
  ])('of a run $name are refused, and left as they are', async ({ ageMs, said }) => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't', TRACE: traceOf(ageMs), PROVIDERS: '{}' })
    const finding = instrumentsOf(clients, stack, { clock: testClock(nowMs) })
    await expect(finding).rejects.toThrow(new RegExp(`${said}.*if it was killed, say --take-over`))
    expect(updates).toEqual([])
  })

  it.each([
    { name: 'older than any run', ageMs: 5 * hourMs, takesOver: false },
    { name: 'young, of a run that whoever runs this knows to be dead', ageMs: 60_000, takesOver: true },
  ])('that are $name are taken over, and taken off', async ({ ageMs, takesOver }) => {
    const { clients, updates } = fakeLambda({ TABLE_NAME: 't', TRACE: traceOf(ageMs), PROVIDERS: '{}' })
    await (await instrumentsOf(clients, stack, { takesOver, clock: testClock(nowMs) })).takeOff()
    expect(updates).toEqual([{ TABLE_NAME: 't' }])
  })

  it('of a run that began since are not taken from it, when the turn of the contestant comes', async () => {
    const { clients, set, updates } = fakeLambda({ TABLE_NAME: 't' })
    const instruments = await instrumentsOf(clients, stack, { clock: testClock(nowMs) })
    set('create-order', { TABLE_NAME: 't', TRACE: traceOf(60_000) })
    const putOn = instruments.setWorld(providerModel(refusals, 1, 0), traceOf(0))
    await expect(putOn).rejects.toThrow(/for 1 minutes.*--take-over/)
    await instruments.takeOff()
    expect(updates).toEqual([])
  })

  it('are on when every function has taken them, by calls that the policy of a run allows', async () => {
    const { clients } = fakeLambda({ TABLE_NAME: 't' }, { slowness: 3 })
    const instruments = await instrumentsOf(clients, stackOf('a', 'b'), { clock: testClock() })
    await instruments.setWorld(providerModel(refusals, 7, 0), 'log')
    for (const name of ['a', 'b']) {
      const { LastUpdateStatus } = await clients.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      )
      expect(LastUpdateStatus).toBe('Successful')
    }
  })

  it('are put on again where somebody else changed the function at the same time', async () => {
    const conflict = (_: string, update: number) =>
      update < 4 ? named('ResourceConflictException') : undefined
    const { clients, updates } = fakeLambda({}, { refusal: conflict })
    const instruments = await instrumentsOf(clients, stack, { clock: testClock() })
    await instruments.setWorld(providerModel(refusals, 7, 0), 'log')
    expect(updates).toHaveLength(1)
  })

  it('that one function refused are taken off all others', async () => {
    const { clients, variables } = fakeLambda(
      { TABLE_NAME: 't' },
      { slowness: 2, refusal: (name) => (name === 'a' ? named('AccessDeniedException') : undefined) },
    )
    const instruments = await instrumentsOf(clients, stackOf('a', 'b', 'c'), { clock: testClock() })
    const putOn = instruments.setWorld(providerModel(refusals, 7, 0), 'log')
    await expect(putOn).rejects.toThrow('The variables of a were not set: AccessDeniedException')
    for (const name of ['b', 'c']) expect(variables(name)).toContain('TRACE')
    await instruments.takeOff()
    for (const name of ['a', 'b', 'c']) expect(variables(name)).toEqual(['TABLE_NAME'])
  })

  it('that Lambda could not put on are an error with its reason', async () => {
    const { clients } = fakeLambda({}, { status: 'Failed' })
    const instruments = await instrumentsOf(clients, stack, { clock: testClock() })
    await expect(instruments.setWorld(providerModel(refusals, 7, 0), 'log')).rejects.toThrow('no room')
  })

  it('are given up for when an update is not done in two minutes', async () => {
    const { clients } = fakeLambda({}, { slowness: Number.POSITIVE_INFINITY })
    const clock = testClock()
    const instruments = await instrumentsOf(clients, stack, { clock })
    await expect(instruments.setWorld(providerModel(refusals, 7, 0), 'log')).rejects.toThrow('120 s')
    expect(clock.nowMs()).toBeLessThan(125_000)
  })
})
