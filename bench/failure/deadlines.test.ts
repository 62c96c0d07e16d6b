import { describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import type { RecoveryAction } from '../results.ts'
import { withDeadlines } from './deadlines.ts'
import { pathwaysOf } from './pathways.ts'

const dayMs = 24 * 60 * 60_000
const startMs = 1_000_000
const { Orchestrated, Choreographed } = synth()

const ended = (endedMs: number) => ({
  machineId: 'OrderFlow',
  executionName: `order-${endedMs}`,
  status: 'FAILED' as const,
  startedMs: startMs,
  endedMs: startMs + endedMs,
})
const lost = (fromMs: number) => ({
  resource: 'SomeRule',
  bus: 'OrderBus',
  events: 1,
  fromMs: startMs + fromMs,
  toMs: startMs + 900,
})

const deadline = (
  template: typeof Orchestrated,
  action: RecoveryAction['action'],
  resource: string,
): number | undefined =>
  withDeadlines(
    [{ action, resource, times: 1, items: 2 }],
    { failed: [ended(700), ended(300)], missing: [lost(500), lost(200)] },
    pathwaysOf(template),
    startMs,
  )[0]?.until

describe('an action is in time', () => {
  it('until four days have passed, where a dead-letter queue says nothing of its retention', () => {
    const queue = { action: 'redrive queue', resource: 'Dead', times: 1, items: 1 } as const
    const pathways = { ...pathwaysOf(Orchestrated), queues: new Map([['Dead', {}]]) }
    const [told] = withDeadlines([queue], { failed: [], missing: [] }, pathways, startMs)
    expect(told?.until).toBe(4 * dayMs)
  })

  it.each([
    {
      what: 'the first failed execution can be redriven',
      template: Orchestrated,
      action: 'redrive execution',
      resource: 'OrderFlow',
      until: 300 + 14 * dayMs,
    },
    {
      what: 'a dead-letter queue may forget the first order',
      template: Orchestrated,
      action: 'redrive queue',
      resource: 'CompleteOrderDlq',
      until: 14 * dayMs,
    },
    {
      what: 'the dead-letter queue of a rule may',
      template: Choreographed,
      action: 'resend events',
      resource: 'PaymentOnInventoryReservedRuleDlq',
      until: 14 * dayMs,
    },
    {
      what: 'the archive forgets the first missing event',
      template: Choreographed,
      action: 'replay archive',
      resource: 'OrderArchive',
      until: 200 + 7 * dayMs,
    },
    {
      what: 'for ever, where it is about nothing that is forgotten',
      template: Choreographed,
      action: 'put back rule',
      resource: 'SomeRule',
      until: undefined,
    },
  ] as const)('until $what', ({ template, action, resource, until }) => {
    expect(deadline(template, action, resource)).toBe(until)
  })
})
