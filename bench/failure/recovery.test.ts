import { DisableRuleCommand, EnableRuleCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  RedriveExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../run.ts'
import type { Deployment } from '../virtual-aws/deploy.ts'
import { disturbedRun, hourMs } from './disturbed-run.testing.ts'

const dayMs = 24 * hourMs

/** A function that dies whenever it is started, for so long. */
const dying = (functionId: string, forMs: number) => ({
  beforeStart: (invocation: { readonly functionId: string; readonly atMs: number }) =>
    invocation.functionId === functionId && invocation.atMs < epochMs + forMs
      ? ('crash' as const)
      : undefined,
})

const brokenLaws = ({
  laws,
}: {
  readonly laws: readonly { readonly law: string; readonly held: boolean }[]
}) => laws.filter(({ held }) => !held).map(({ law }) => law)

describe('when nothing went wrong', () => {
  it.each(['orchestrated', 'orchestrated-direct', 'choreographed'])(
    'there is nothing to do, nothing left, and nothing changed: %s',
    async (contestant) => {
      const { before, needed, recovered, after } = await disturbedRun({ contestant })
      expect(needed).toEqual([])
      expect(recovered).toEqual({ actions: [], left: [], traps: [] })
      expect(after).toEqual(before)
    },
  )
})

describe('executions that failed', () => {
  it('are redriven from the state that failed, and their orders end', async () => {
    const run = await disturbedRun({
      contestant: 'orchestrated-direct',
      hooks: dying('CompleteOrderFunction', hourMs),
    })
    expect(run.before.outcomes).toBe('sssss')
    const redrive = { action: 'redrive execution', resource: 'OrderFlow', times: 5, items: 5 }
    expect(run.needed).toMatchObject([redrive])
    expect(run.recovered).toMatchObject({ actions: [redrive], left: [], traps: [] })
    expect(run.after.outcomes).toBe('fffff')
    expect(brokenLaws(run.after)).toEqual([])
  })

  it('that are redriven while the cause is still there fail again, and are left', async () => {
    const { recovered, after } = await disturbedRun({
      contestant: 'orchestrated-direct',
      hooks: dying('CompleteOrderFunction', 100 * dayMs),
    })
    expect(recovered.left).toMatchObject([{ what: 'executions FAILED', resource: 'OrderFlow', count: 5 }])
    expect(recovered.left[0]?.why).toContain('by the definition that they were started with')
    expect(after.outcomes).toBe('sssss')
  })

  it('keep the definition that they were started with: redriven they fail again, though it has been mended, and are started anew', async () => {
    let mended = ''
    const define = (change: (definition: string) => string) => async (deployment: Deployment) => {
      const stateMachineArn = deployment.resource('OrderFlow')?.ref
      const { sfn }: { readonly sfn: { send(command: object): Promise<unknown> } } = deployment.operator
      const described = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))
      const { definition } = described as { readonly definition: string }
      await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: change(definition) }))
    }
    const run = await disturbedRun({
      contestant: 'orchestrated-direct',
      acts: [
        {
          atMs: 0,
          act: define((definition) => {
            mended = definition
            const broken = JSON.parse(definition)
            broken.States.CompleteOrder = { Type: 'Fail', Error: 'Unfinished' }
            return JSON.stringify(broken)
          }),
        },
        { atMs: hourMs, act: define(() => mended) },
      ],
    })
    const stuck = run.before.outcomes.replaceAll('f', '').length
    expect(stuck).toBeGreaterThan(0)
    const about = { resource: 'OrderFlow', times: stuck, items: stuck }
    expect(run.recovered).toMatchObject({
      actions: [{ action: 'start again', ...about }],
      left: [],
      traps: [{ what: 'not to be redriven', resource: 'OrderFlow', count: stuck }],
    })
    expect(run.after.outcomes).toBe('fffff')
    expect(brokenLaws(run.after)).toEqual([])

    const { deployment } = run
    const [place] = [...run.before.outcomes].flatMap((letter, index) => (letter === 's' ? [index + 1] : []))
    const { sfn }: { readonly sfn: { send(command: object): Promise<unknown> } } = deployment.operator
    const machine = deployment.resource('OrderFlow')?.ref ?? ''
    const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:order-00000${place}`
    const redriven = sfn.send(new RedriveExecutionCommand({ executionArn }))
    await deployment.kernel.run(deployment.kernel.nowMs + hourMs)
    await redriven
    const told = sfn.send(new DescribeExecutionCommand({ executionArn }))
    await deployment.kernel.run(deployment.kernel.nowMs + hourMs)
    expect(await told).toMatchObject({ status: 'FAILED', redriveCount: 1 })
  })

  it('by a definition that is still wrong are started again when it has been put right', async () => {
    const run = await disturbedRun({
      contestant: 'orchestrated',
      acts: [
        {
          atMs: 0,
          act: async ({ operator, resource }) => {
            const { sfn }: { readonly sfn: { send(command: object): Promise<unknown> } } = operator
            const stateMachineArn = resource('OrderFlow')?.ref
            const definition = JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Fail' } } })
            await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }))
          },
        },
      ],
    })
    expect(run.needed.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'deploy again OrderFlow',
      'start again OrderFlow',
    ])
    expect(run.recovered.left).toEqual([])
    expect(run.after.outcomes).toBe('fffff')
  })

  it('and caught it, and undid the order, have succeeded: AWS redrives none of them', async () => {
    const { before, needed, deployment } = await disturbedRun({
      contestant: 'orchestrated-direct',
      hooks: dying('ProcessPaymentFunction', 2 * hourMs),
      orders: 1,
    })
    expect(before.outcomes).toBe('r')
    expect(needed).toEqual([])
    const { sfn }: { readonly sfn: { send(command: object): Promise<unknown> } } = deployment.operator
    const machine = deployment.resource('OrderFlow')?.ref ?? ''
    const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:order-000001`
    const refused = sfn.send(new RedriveExecutionCommand({ executionArn })).catch((error: unknown) => error)
    await deployment.kernel.run(deployment.kernel.nowMs + hourMs)
    expect(await refused).toMatchObject({
      name: 'ExecutionNotRedrivable',
      message: 'Execution is SUCCEEDED and cannot be redriven',
    })
  })

  it('are refused a redrive after 14 days, in the words of AWS', async () => {
    const { recovered, after } = await disturbedRun({
      contestant: 'orchestrated-direct',
      hooks: dying('CompleteOrderFunction', hourMs),
      unseenForMs: 15 * dayMs,
    })
    expect(recovered.actions).toEqual([])
    expect(recovered.left).toEqual([
      {
        what: 'executions FAILED',
        resource: 'OrderFlow',
        count: 5,
        why: 'refused: ExecutionNotRedrivable: Execution redrivable period exceeded',
      },
    ])
    expect(after.outcomes).toBe('sssss')
  })
})

describe('commands in a dead-letter queue', () => {
  it('bear the tokens of tasks that have ended: they are obeyed, and answer into the void', async () => {
    const run = await disturbedRun({
      contestant: 'orchestrated',
      hooks: dying('CompleteOrderFunction', 14 * hourMs),
    })
    expect(run.before.outcomes).toBe('sssss')
    expect(run.needed.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'redrive execution OrderFlow',
      'redrive queue CompleteOrderDlq',
    ])
    expect(run.recovered.traps).toMatchObject([
      { what: 'answers into the void', resource: 'CompleteOrderFunction' },
    ])
    expect(run.recovered.left).toEqual([])
    expect(run.after.outcomes).toBe('fffff')
    expect(brokenLaws(run.after)).toEqual([])
  })
})

describe('events in a dead-letter queue', () => {
  it('of a queue go back by one move, and their orders end', async () => {
    const run = await disturbedRun({
      contestant: 'choreographed',
      hooks: dying('ShippingOnPaymentProcessedFunction', 6 * hourMs),
    })
    expect(run.before.outcomes).toBe('sssss')
    expect(run.needed).toMatchObject([
      { action: 'redrive queue', resource: 'ShippingOnPaymentProcessedDlq', times: 1, items: 5 },
    ])
    expect(run.recovered.actions).toEqual(run.needed)
    expect(run.recovered.left).toEqual([])
    expect(run.after.outcomes).not.toContain('s')
    expect(brokenLaws(run.after)).toEqual([])
  })

  it('that are given up again are left there', async () => {
    const { recovered } = await disturbedRun({
      contestant: 'choreographed',
      hooks: dying('ShippingOnPaymentProcessedFunction', 100 * dayMs),
    })
    expect(recovered.left).toEqual([
      {
        what: 'dead letters',
        resource: 'ShippingOnPaymentProcessedDlq',
        count: 5,
        why: 'they were given up again',
      },
    ])
  })

  it('of a rule have never been in a queue: they are sent again one by one', async () => {
    const refused = Object.assign(new Error('no permission'), { name: 'AccessDenied' })
    const run = await disturbedRun({
      contestant: 'choreographed',
      hooks: {
        refusal: ({ by, resource }) =>
          by === 'PaymentOnInventoryReservedRule' && resource === 'PaymentOnInventoryReservedQueue'
            ? refused
            : undefined,
      },
    })
    expect(run.before.outcomes).toBe('sssss')
    expect(run.needed).toMatchObject([
      { action: 'resend events', resource: 'PaymentOnInventoryReservedRuleDlq', times: 5, items: 5 },
    ])
    expect(run.recovered).toEqual({ actions: run.needed, left: [], traps: [] })
    expect(run.after.outcomes).toBe('fffff')
    expect(brokenLaws(run.after)).toEqual([])
  })
})

describe('events that a rule did not take', () => {
  const rule = 'PaymentOnInventoryReserved'
  const calling =
    (command: (EventBusName: string) => object) =>
    ({ operator, resource }: Deployment) => {
      const { eventBridge }: { readonly eventBridge: { send(command: object): Promise<unknown> } } = operator
      return eventBridge.send(command(resource('OrderBus')?.ref ?? ''))
    }
  const off = calling((EventBusName) => new DisableRuleCommand({ Name: rule, EventBusName }))
  const on = calling((EventBusName) => new EnableRuleCommand({ Name: rule, EventBusName }))
  const elsewhere = calling(
    (EventBusName) =>
      new PutRuleCommand({
        Name: rule,
        EventBusName,
        EventPattern: '{"source":["nobody"]}',
        State: 'ENABLED',
      }),
  )

  it('are replayed to the rule that misses them and to no other, and their orders end', async () => {
    const deliveries: string[] = []
    const run = await disturbedRun({
      contestant: 'choreographed',
      hooks: {
        refusal: ({ by, action }) => {
          if (action === 'SendMessage') deliveries.push(by)
          return undefined
        },
      },
      acts: [
        { atMs: 0, act: off },
        { atMs: hourMs, act: on },
      ],
    })
    expect(run.before.outcomes).toBe('sssss')
    expect(run.needed).toMatchObject([
      { action: 'replay archive', resource: 'OrderArchive', times: 1, items: 5 },
    ])
    const [replay] = run.recovered.actions
    expect(replay).toMatchObject({ action: 'replay archive', times: 1 })
    // Those of a minute before and after, too: the orders' creation among them, which inventory is told once all the same.
    expect(replay?.items).toBeGreaterThan(5)
    expect(deliveries.filter((by) => by === 'InventoryOnOrderCreatedRule')).toHaveLength(5)
    expect(run.recovered.traps).toMatchObject([{ what: 'events replayed', resource: 'OrderArchive' }])
    expect(run.recovered.left).toEqual([])
    expect(run.after.outcomes).toBe('fffff')
    expect(brokenLaws(run.after)).toEqual([])
  })

  it.each([
    { name: 'off', act: off },
    { name: 'listening for something else', act: elsewhere },
  ])('are replayed when the rule has been put back, where it is still $name', async ({ act }) => {
    const run = await disturbedRun({ contestant: 'choreographed', acts: [{ atMs: 0, act }] })
    expect(run.needed.map(({ action }) => action)).toEqual(['put back rule', 'replay archive'])
    expect(run.recovered.actions).toMatchObject([
      { action: 'put back rule', resource: `${rule}Rule`, times: 1 },
      { action: 'replay archive', resource: 'OrderArchive', times: 1 },
    ])
    expect(run.recovered.left).toEqual([])
    expect(run.after.outcomes).toBe('fffff')
  })

  it('are gone when the archive has forgotten them', async () => {
    const run = await disturbedRun({
      contestant: 'choreographed',
      acts: [
        { atMs: 0, act: off },
        { atMs: hourMs, act: on },
      ],
      unseenForMs: 8 * dayMs,
    })
    expect(run.recovered.left).toMatchObject([{ what: 'events missing', resource: `${rule}Rule`, count: 5 }])
    expect(run.after.outcomes).toBe('sssss')
  })
})

describe('while a fault goes on', () => {
  it.each(['orchestrated-direct', 'choreographed'])(
    'nobody acts, though all has come to rest: the operator of %s waits until it is over',
    async (contestant) => {
      const { recovered, after } = await disturbedRun({
        contestant,
        hooks: {
          beforeStart: ({ functionId, atMs }) =>
            ['CompleteOrderFunction', 'OrderOnOrderShippedFunction'].includes(functionId) &&
            atMs < epochMs + 20 * hourMs
              ? 'crash'
              : undefined,
        },
        faults: [{ fromMs: 0, forMs: 20 * hourMs }],
      })
      expect(recovered.actions).toHaveLength(1)
      expect(recovered.left).toEqual([])
      expect(after.outcomes).toBe('fffff')
    },
  )
})

describe('a queue that is not set as the template declares it', () => {
  it('is deployed again before anything else is done', async () => {
    const { needed, recovered } = await disturbedRun({
      contestant: 'choreographed',
      acts: [
        {
          atMs: 0,
          act: ({ operator, resource }) => {
            const { sqs }: { readonly sqs: { send(command: object): Promise<unknown> } } = operator
            const QueueUrl = resource('PaymentOnInventoryReservedQueue')?.ref
            const Attributes = { VisibilityTimeout: '1' }
            return sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
          },
        },
      ],
    })
    const again = { action: 'deploy again', resource: 'PaymentOnInventoryReservedQueue', times: 1, items: 1 }
    expect(needed).toEqual([again])
    expect(recovered).toEqual({ actions: [again], left: [], traps: [] })
  })
})
