import { describe, expect, it } from 'vitest'
import { type StackName, synthAll } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { laws } from '../laws.ts'
import { faultWords } from '../report/fault-words.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { diagramsOf } from './explain.ts'
import { type Arena, findingsOf, runSchedule } from './findings.ts'
import { drawSchedule, type Schedule } from './schedule.ts'

const templates = synthAll().contestants as Readonly<Record<StackName, Template>>
const arena: Arena = { contestants, templates, region: 'us-east-1' }

const schedule = (changed: Partial<Schedule>): Schedule => ({
  seed: 1,
  count: 1,
  ratePerSecond: 5,
  orders: [1],
  world: {},
  faults: [],
  ...changed,
})

/** What exploration found to be a property of a style: the promise is narrower since. */
const found: readonly { name: string; schedule: Schedule; broken: readonly string[] }[] = [
  {
    name: 'a compensation that cannot be read for three seconds ends the execution of a state that invokes its function itself',
    schedule: schedule({
      seed: 2529019193,
      count: 3,
      world: { shipmentsRefused: 0.4 },
      faults: [{ kind: 'schema', step: 'ReleaseInventory', producer: 'ahead', fromMs: 0, forMs: 3_000 }],
    }),
    broken: [`orchestrated-direct: ${laws.ends}`],
  },
  {
    name: 'a notification that cannot be read is given up on no record by a state that invokes its function itself',
    schedule: schedule({
      faults: [{ kind: 'schema', step: 'NotifyCustomer', producer: 'ahead', fromMs: 0, forMs: 430_000 }],
    }),
    broken: [`orchestrated-direct: ${laws.told}`],
  },
  {
    name: 'a carrier that is out for 78 minutes leaves an order stuck under a conductor, and not in choreography',
    schedule: schedule({
      seed: 236072227,
      count: 4,
      ratePerSecond: 0.05,
      orders: [4],
      faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 0, forMs: 4_658_000 }],
    }),
    broken: ['orchestrated', 'orchestrated-direct'].map((id) => `${id}: ${laws.ends}`),
  },
]

describe('schedules that were found, beyond what is promised now', () => {
  it.each(found)('$name', async ({ schedule, broken }) => {
    const findings = await findingsOf(schedule, arena)
    expect(findings.map(({ contestants, law }) => `${contestants}: ${law}`)).toEqual(broken)
  })
})

describe('crashes after the publication, more often than exploration draws them', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index + 1)
  it.each(['after-answer', 'before-return'] as const)(
    'break no promise at one half, %s, and multiply in choreography alone: each tells the next step once more',
    async (at) => {
      const often = schedule({
        count: twenty.length,
        ratePerSecond: 1,
        orders: twenty,
        faults: [{ kind: 'crash', at, probability: 0.5 }],
      })
      expect(await findingsOf(often, arena)).toEqual([])
      const invocations = []
      for (const contestant of contestants) {
        let count = 0
        await runSchedule(often, contestant, arena, { observers: [{ invocation: () => (count += 1) }] })
        invocations.push(count / twenty.length)
      }
      const [orchestrated = 0, direct = 0, choreographed = 0] = invocations
      expect(Math.max(orchestrated, direct)).toBeLessThan(20)
      expect(choreographed).toBeGreaterThan(100)
    },
    120_000,
  )
})

describe('the first schedules of seed 1', () => {
  it('break no promise, and come to the same again', async () => {
    for (let run = 0; run < 10; run++) expect(await findingsOf(drawSchedule(1, run, 3), arena)).toEqual([])
  }, 30_000)
})

describe('a finding', () => {
  const [{ schedule } = { schedule: drawSchedule(1, 0, 3) }] = found
  it('is drawn with its participants, messages, attempts, and where one failed', async () => {
    const [finding] = await findingsOf(schedule, arena)
    if (finding === undefined) throw new Error('Nothing was found.')
    const [drawn, ...others] = await diagramsOf(schedule, finding, arena)
    expect(others).toEqual([])
    expect(drawn).toMatchObject({ contestant: 'orchestrated-direct', orderId: 'order-000001' })
    const lines = drawn?.diagram.split('\n').map((line) => line.trim()) ?? []
    expect(lines[0]).toBe('sequenceDiagram')
    expect(lines).toContain('caller->>OrderFlow: StartExecution')
    expect(lines).toContain('ProcessPaymentFunction->>gateway: charge')
    expect(lines).toContain('Note over ReleaseInventoryFunction: ✗ failed in attempt 1')
    for (const line of lines.slice(1)) expect(line).toMatch(/^(\w+(->>|-x)\w+: |Note over \w+: |%% )\S/)
  })

  it('says its faults in words', () => {
    expect(schedule.faults.map(faultWords)).toEqual([
      'schema, step ReleaseInventory, producer ahead, from 0 s, for 3 s',
    ])
  })
})
