import { expect, it } from 'vitest'
import type { ExecutionEnd } from '../virtual-aws/observer.ts'
import { createNeeds } from './needs.ts'
import { startAgain } from './operator.ts'
import { pathwaysOf } from './pathways.ts'

const ended = (executionName: string, status: ExecutionEnd['status'] = 'FAILED') =>
  ({ machineId: 'Flow', executionName, status, startedMs: 0, endedMs: 1 }) as ExecutionEnd

const needs = () =>
  createNeeds(
    pathwaysOf({
      Resources: { Flow: { Type: 'AWS::StepFunctions::StateMachine', Properties: { Definition: {} } } },
    }),
  )

it('an order that is named as if it had been started again is one of its own', () => {
  const { observer, find } = needs()
  observer.execution?.(ended('A'))
  observer.execution?.(ended('A-again'))
  expect(find(new Map()).failed.map(({ executionName }) => executionName)).toEqual(['A', 'A-again'])
})

it('an execution that was started again stands for the one that failed', () => {
  const { observer, startedAgain, find } = needs()
  observer.execution?.(ended('A'))
  startedAgain('Flow', 'A', 'A-again')
  observer.execution?.(ended('A-again'))
  const { failed, startedAgain: again } = find(new Map())
  expect(failed.map(({ executionName }) => executionName)).toEqual(['A-again'])
  expect([...again]).toEqual(failed)
  observer.execution?.(ended('A-again', 'SUCCEEDED'))
  expect(find(new Map()).failed).toEqual([])
})

it('whoever is started again gets a name that is free and fits', async () => {
  const long = 'x'.repeat(79)
  const taken = new Set(['A', 'A-again', long])
  const sfn = {
    send: async ({ input }: { readonly input: { readonly name?: string } }) => {
      const { name } = input
      if (name === undefined) return { input: '{}' }
      if (taken.has(name))
        throw Object.assign(new Error('taken'), { name: 'ExecutionAlreadyExists', $metadata: {} })
      return {}
    },
  }
  const stack = {
    operator: { sfn },
    resource: () => ({ ref: 'arn:aws:states:us-east-1:1:stateMachine:Flow', attributes: {} }),
  } as unknown as Parameters<typeof startAgain>[0]
  const names: string[] = []
  const done = await startAgain(stack, 'Flow', [ended('A'), ended(long)], (_, next) => names.push(next))
  expect(done.refused.size).toBe(0)
  expect(names).toEqual(['A-again-2', `${'x'.repeat(74)}-again`])
})
