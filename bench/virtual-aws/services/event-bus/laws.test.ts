import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer, ServiceCall } from '../../world.ts'
import {
  queueArn,
  queueUrl,
  type Resources,
  type SmallWorld,
  smallAccount,
  smallWorld,
} from '../small-world.ts'

/** How a target behaves, and what becomes of what it does not take. */
interface TargetPlan {
  readonly queue: 'takes all' | 'lets nobody in' | 'is not there' | { readonly downForMs: number }
  readonly deadLetters: 'takes all' | 'lets nobody in' | 'is not there' | 'none'
  readonly retriesMax: number
  readonly ageSecondsMax: number
}
interface Plan {
  readonly rules: readonly { readonly source: string; readonly targets: readonly TargetPlan[] }[]
  readonly events: readonly string[]
  readonly copies: readonly number[]
}

const sources = ['shop', 'depot']
const anyTarget: fc.Arbitrary<TargetPlan> = fc.record({
  queue: fc.oneof(
    fc.constantFrom('takes all' as const, 'lets nobody in' as const, 'is not there' as const),
    fc.record({ downForMs: fc.constantFrom(1, 5000, 3_600_000, Number.MAX_SAFE_INTEGER) }),
  ),
  deadLetters: fc.constantFrom('takes all', 'lets nobody in', 'is not there', 'none'),
  retriesMax: fc.constantFrom(0, 1, 5, 185),
  ageSecondsMax: fc.constantFrom(60, 3600, 86_400),
})
const anyPlan: fc.Arbitrary<Plan> = fc.record({
  rules: fc.array(
    fc.record({
      source: fc.constantFrom(...sources),
      targets: fc.array(anyTarget, { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  events: fc.array(fc.constantFrom(...sources), { minLength: 1, maxLength: 5 }),
  copies: fc.constantFrom([], [250], [0, 90_000]),
})

const nameOf = (rule: number, target: number): string => `R${rule}T${target}`
const dayMs = 86_400_000

const resourcesOf = ({ rules }: Plan): Resources => {
  const resources: Record<string, Resources[string]> = {}
  const queue = (name: string, how: string): void => {
    if (how === 'is not there' || how === 'none') return
    resources[name] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } }
    if (how === 'lets nobody in') return
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    }
    resources[`${name}Policy`] = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [queueUrl(name)], PolicyDocument: { Statement: [statement] } },
    }
  }
  rules.forEach(({ source, targets }, index) => {
    const Targets = targets.map((target, position) => {
      const name = nameOf(index, position)
      queue(name, typeof target.queue === 'string' ? target.queue : 'takes all')
      queue(`${name}D`, target.deadLetters)
      return {
        Id: name,
        Arn: queueArn(name),
        ...(target.deadLetters === 'none' ? {} : { DeadLetterConfig: { Arn: queueArn(`${name}D`) } }),
        RetryPolicy: {
          MaximumRetryAttempts: target.retriesMax,
          MaximumEventAgeInSeconds: target.ageSecondsMax,
        },
      }
    })
    const EventPattern = { source: [source] }
    resources[`R${index}`] = { Type: 'AWS::Events::Rule', Properties: { EventPattern, Targets } }
  })
  return resources
}

interface Attempt {
  readonly queue: string
  readonly atMs: number
  readonly taken: boolean
  readonly input: ServiceCall['input']
}

/** Runs a plan to its end, and a day and more beyond the last event. */
const run = async (plan: Plan): Promise<{ readonly world: SmallWorld; readonly attempts: Attempt[] }> => {
  const world = smallWorld(resourcesOf(plan), {
    faults: { copies: ({ resource }) => (resource.startsWith('R') ? plan.copies : []) },
  })
  const startMs = world.kernel.nowMs
  const upAtMs = new Map<string, number>()
  for (const [index, { targets }] of plan.rules.entries())
    for (const [position, { queue }] of targets.entries())
      if (typeof queue !== 'string') upAtMs.set(nameOf(index, position), startMs + queue.downForMs)
  const attempts: Attempt[] = []
  const call = world.world.call.bind(world.world)
  world.world.call = (request, done) => {
    if (request.service !== 'sqs') {
      call(request, done)
      return
    }
    const queue = String(request.input['QueueUrl']).split('/').at(-1) ?? ''
    const atMs = world.kernel.nowMs
    const hear = typeof done === 'function' ? done : (answer: Answer) => done.answered(answer)
    const note = (taken: boolean): void => void attempts.push({ queue, atMs, taken, input: request.input })
    if (atMs < (upAtMs.get(queue) ?? 0)) {
      note(false)
      hear({ ok: false, error: Object.assign(new Error(''), { name: 'ServiceUnavailable' }) })
    } else
      call(request, (answer) => {
        note(answer.ok)
        hear(answer)
      })
  }
  for (const [n, Source] of plan.events.entries()) {
    const entry = { Source, DetailType: 'Made', Detail: JSON.stringify({ n }) }
    await world.call('events', 'PutEvents', { Entries: [entry] })
    await world.pass(1000)
  }
  await world.pass(dayMs + 3_600_000)
  return { world, attempts }
}

const eachTarget = (plan: Plan) =>
  plan.rules.flatMap(({ source, targets }, index) =>
    targets.map((target, position) => ({
      ...target,
      rule: `R${index}`,
      name: nameOf(index, position),
      arn: queueArn(nameOf(index, position)),
      due: plan.events.filter((event) => event === source).length * (1 + plan.copies.length),
    })),
  )

describe('whatever the rules, their targets and what befalls them', () => {
  it('every match is delivered, dead-lettered or told to be lost, as often as it was published or copied', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const { world, attempts } = await run(plan)
        for (const { name, arn, rule, due, deadLetters } of eachTarget(plan)) {
          const delivered = attempts.filter(({ queue, taken }) => queue === name && taken).length
          const dead = attempts.filter(({ queue, taken }) => queue === `${name}D` && taken).length
          const told = world.lost.filter(({ how, resource }) => how !== 'unmatched' && resource === rule)
          const deadTold = told.filter(
            ({ how, reason }) => how === 'dead-lettered' && reason.includes(`${arn})`),
          )
          expect(dead).toBe(deadTold.length)
          if (deadLetters === 'takes all') expect(delivered + dead).toBe(due)
          else expect(dead).toBe(0)
        }
        for (const [index, { targets }] of plan.rules.entries()) {
          const ofRule = eachTarget(plan).filter(({ rule }) => rule === `R${index}`)
          const names = new Set(ofRule.map(({ name }) => name))
          const delivered = attempts.filter(({ queue, taken }) => names.has(queue) && taken).length
          const told = world.lost.filter(
            ({ how, resource }) => how !== 'unmatched' && resource === `R${index}`,
          )
          expect(delivered + told.length).toBe(targets.length * (ofRule[0]?.due ?? 0))
        }
      }),
      { seed: 20260105, numRuns: 60 },
    )
  })

  it('no delivery is tried more often than allowed, nor later', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const { attempts } = await run(plan)
        const latest = Math.max(0, ...plan.copies)
        for (const { name, due, retriesMax, ageSecondsMax } of eachTarget(plan)) {
          const tries = attempts.filter(({ queue }) => queue === name)
          expect(tries.length).toBeLessThanOrEqual(due * (1 + retriesMax))
          for (const { atMs, input } of tries) {
            const { time } = JSON.parse(String(input['MessageBody'])) as { readonly time: string }
            expect(atMs - Date.parse(time)).toBeLessThanOrEqual(Math.max(ageSecondsMax * 1000, latest))
          }
        }
      }),
      { seed: 20260106, numRuns: 40 },
    )
  })

  it('what is dead-lettered says which rule, which target and why', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const { attempts } = await run(plan)
        for (const { name, arn, rule, queue, retriesMax } of eachTarget(plan))
          for (const { input } of attempts.filter((attempt) => attempt.queue === `${name}D`)) {
            const given = input['MessageAttributes'] as Record<string, { readonly StringValue: string }>
            const attribute = (name: string) => given[name]?.StringValue
            expect(attribute('RULE_ARN')).toBe(`arn:aws:events:us-east-1:${smallAccount}:rule/Stack-${rule}`)
            expect(attribute('TARGET_ARN')).toBe(arn)
            const code = {
              'lets nobody in': 'NO_PERMISSIONS',
              'is not there': 'NO_RESOURCE',
              'takes all': '',
            }
            const wasTried = typeof queue !== 'string'
            expect(attribute('ERROR_CODE')).toBe(wasTried ? 'ERROR_FROM_TARGET' : code[queue])
            expect(attribute('ERROR_MESSAGE')).not.toBe('')
            expect(attribute('EXHAUSTED_RETRY_CONDITION') !== undefined).toBe(wasTried)
            expect(Number(attribute('RETRY_ATTEMPTS') ?? 0)).toBeLessThanOrEqual(retriesMax)
          }
      }),
      { seed: 20260107, numRuns: 40 },
    )
  })
})
