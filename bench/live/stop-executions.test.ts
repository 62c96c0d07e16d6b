import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { type ServiceOutputTypes, SFNClient } from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { BadInput } from '../workload/bad-input.ts'
import { stopExecutions } from './stop-executions.ts'

type Input = Readonly<Record<string, unknown>>
type Answer = (input: Input) => Record<string, unknown>

const named = (name: string, message = name): Error => Object.assign(new Error(message), { name })
const fail = (error: Error) => (): never => {
  throw error
}

/** Real clients whose requests are answered before they leave. */
const clientsOf = (answers: Readonly<Record<string, Answer>>) => {
  const asked: { readonly command: string; readonly input: Input }[] = []
  const config = { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const [sfn, cloudFormation] = [new SFNClient(config), new CloudFormationClient(config)]
  for (const { middlewareStack } of [sfn, cloudFormation])
    (middlewareStack as SFNClient['middlewareStack']).add(
      (_, { commandName = '' }) =>
        async ({ input }) => {
          const command = commandName.replace(/Command$/, '')
          asked.push({ command, input: { ...input } })
          const output = answers[command]?.({ ...input })
          if (output === undefined) throw new Error(`Nothing answers to ${command}.`)
          return { output: { ...output, $metadata: {} } as ServiceOutputTypes, response: {} }
        },
      { step: 'initialize' },
    )
  const countOf = (command: string): number => asked.filter((each) => each.command === command).length
  return { clients: { sfn, cloudFormation }, asked, countOf }
}

const stackOf: Answer = () => ({
  StackResourceSummaries: [
    { ResourceType: 'AWS::SQS::Queue', PhysicalResourceId: 'https://queue' },
    { ResourceType: 'AWS::StepFunctions::StateMachine', PhysicalResourceId: 'the-machine' },
  ],
})

/** A state machine of so many executions, listed in pages of 1,000. */
const machineOf = (count: number) => {
  const running = new Set(Array.from({ length: count }, (_, index) => `execution-${index}`))
  const pageSize = 1_000
  const list: Answer = ({ nextToken, statusFilter, stateMachineArn, maxResults }) => {
    expect({ statusFilter, stateMachineArn, maxResults }).toEqual({
      statusFilter: 'RUNNING',
      stateMachineArn: 'the-machine',
      maxResults: pageSize,
    })
    const first = Number(nextToken ?? 0)
    const next = first + pageSize
    return {
      executions: [...running].slice(first, next).map((executionArn) => ({ executionArn })),
      ...(next < running.size ? { nextToken: String(next) } : {}),
    }
  }
  const stop: Answer = ({ executionArn }) => {
    expect(running.delete(String(executionArn))).toBe(true)
    return {}
  }
  return { running, answers: { ListStackResources: stackOf, ListExecutions: list, StopExecution: stop } }
}

const atOnce = { pause: () => Promise.resolve() }

describe('stopping what runs', () => {
  it('stops each execution of every page once, and says how many were found', async () => {
    const { running, answers } = machineOf(2_005)
    const { clients, countOf } = clientsOf(answers)
    const found: number[] = []
    const onFound = (count: number): void => void found.push(count)
    expect(await stopExecutions(clients, 'Orchestrated', { ...atOnce, onFound })).toBe(2_005)
    expect(found).toEqual([2_005])
    expect(running.size).toBe(0)
    expect(countOf('StopExecution')).toBe(2_005)
  })

  it('stays below 25 stops and two lists a second', async () => {
    const { answers } = machineOf(2_005)
    const { clients, countOf } = clientsOf(answers)
    let pausedMs = 0
    const sinceMs: number[] = []
    const pause = (ms: number): Promise<void> => {
      sinceMs.push(countOf('StopExecution'))
      pausedMs += ms
      return Promise.resolve()
    }
    await stopExecutions(clients, 'Orchestrated', { pause })
    expect(countOf('StopExecution') / (pausedMs / 1_000)).toBeLessThan(25)
    for (const [index, count] of sinceMs.entries()) expect(count - (sinceMs[index - 1] ?? 0)).toBeLessThan(25)
    expect(sinceMs.filter((count) => count === 0)).toHaveLength(2)
  })

  it('looks again, since a list is late: what began in between is stopped, and what still stands there is not anew', async () => {
    const lists = [['a', 'b'], ['b', 'c'], ['c']]
    const { clients, asked } = clientsOf({
      ListStackResources: stackOf,
      ListExecutions: () => ({
        executions: (lists.shift() ?? []).map((executionArn) => ({ executionArn })),
      }),
      StopExecution: () => ({}),
    })
    expect(await stopExecutions(clients, 'Orchestrated', atOnce)).toBe(3)
    const stopped = asked.filter(({ command }) => command === 'StopExecution')
    expect(stopped.map(({ input }) => input['executionArn'])).toEqual(['a', 'b', 'c'])
    expect(lists).toEqual([])
  })

  it('gives up where new ones keep coming, and says what to do', async () => {
    let begun = 0
    const { clients } = clientsOf({
      ListStackResources: stackOf,
      ListExecutions: () => {
        begun += 1
        return { executions: [{ executionArn: `execution-${begun}` }] }
      },
      StopExecution: () => ({}),
    })
    const error = await stopExecutions(clients, 'Orchestrated', atOnce).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BadInput)
    expect(error).toMatchObject({ message: expect.stringMatching(/Orchestrated keep starting.*End the run/) })
  })

  it.each([
    {
      name: 'a stack that is not there',
      answers: {
        ListStackResources: fail(named('ValidationError', 'Stack with id Orchestrated does not exist')),
      },
    },
    {
      name: 'a stack without a state machine',
      answers: { ListStackResources: () => ({ StackResourceSummaries: [] }) },
    },
    {
      name: 'a state machine that is gone',
      answers: { ListStackResources: stackOf, ListExecutions: fail(named('StateMachineDoesNotExist')) },
    },
    { name: 'a state machine that is idle', answers: machineOf(0).answers },
  ])('has nothing to do in $name', async ({ answers }) => {
    const { clients, countOf } = clientsOf(answers)
    expect(await stopExecutions(clients, 'Orchestrated', atOnce)).toBe(0)
    expect(countOf('StopExecution')).toBe(0)
  })

  it.each(['ExecutionDoesNotExist', 'ValidationException'])(
    'does not count an execution that has ended meanwhile (%s), and makes sure that it has',
    async (name) => {
      const lists = [['a'], ['a'], []]
      const { clients, countOf } = clientsOf({
        ListStackResources: stackOf,
        ListExecutions: () => ({
          executions: (lists.shift() ?? []).map((executionArn) => ({ executionArn })),
        }),
        StopExecution: fail(named(name)),
      })
      expect(await stopExecutions(clients, 'Orchestrated', atOnce)).toBe(0)
      expect({ stops: countOf('StopExecution'), left: lists }).toEqual({ stops: 2, left: [] })
    },
  )

  it.each(['ListStackResources', 'ListExecutions', 'StopExecution'])(
    'does not pass over a %s that is not allowed',
    async (command) => {
      const denied = fail(named('AccessDeniedException'))
      const { clients } = clientsOf({ ...machineOf(1).answers, [command]: denied })
      await expect(stopExecutions(clients, 'Orchestrated', atOnce)).rejects.toThrow('AccessDenied')
    },
  )
})
