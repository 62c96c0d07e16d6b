import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { type MeasuredRun, measureRun } from '../measured-run.ts'
import { busTakingLong } from '../scenarios/bus-taking-long.ts'
import { definitionUpdated } from '../scenarios/definition-updated.ts'
import { doorClosed } from '../scenarios/door-closed.ts'
import { duplicates } from '../scenarios/duplicates.ts'
import { lateCopies } from '../scenarios/late-copies.ts'
import { lateDelivery } from '../scenarios/late-delivery.ts'
import { poison } from '../scenarios/poison.ts'
import { providerSlow } from '../scenarios/provider-slow.ts'
import { refusals } from '../scenarios/refusals.ts'
import { ruleDisabled } from '../scenarios/rule-disabled.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { serviceDown } from '../scenarios/service-down.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { heldAgainst } from './effect.ts'

const templates = synth()
const load = { seed: 4, count: 80, ratePerSecond: 1 }
const remembered = new Map<string, Promise<MeasuredRun>>()

const runOf = (id: string, scenario: Scenario): Promise<MeasuredRun> => {
  const key = `${id} ${scenario.id}`
  const contestant = contestants.find((each) => each.id === id)
  if (contestant === undefined) throw new Error(`There is no contestant ${id}.`)
  const run =
    remembered.get(key) ??
    measureRun({
      contestant,
      template: templates[contestant.stack as StackName],
      scenario,
      workload: builtInWorkload(load),
      seed: load.seed,
      region: 'us-east-1',
      keepsFootprint: true,
    })
  remembered.set(key, run)
  return run
}

const held = async (id: string, scenario: Scenario) => {
  const [run, twin] = await Promise.all([runOf(id, scenario), runOf(id, refusals)])
  return { run, twin, ...heldAgainst(run, twin, load.seed) }
}

const changed = ({ outcomes, ...run }: MeasuredRun, change: (outcomes: string) => string): MeasuredRun => ({
  ...run,
  outcomes: change(outcomes),
})

describe('the harm of a fault', () => {
  it('is the worst that became of an order, against what it became undisturbed', async () => {
    const run = await runOf('orchestrated', refusals)
    const harmAfter = (change: (outcomes: string) => string) =>
      heldAgainst(changed(run, change), run, load.seed).effect.harm
    const places = [...run.outcomes.matchAll(/f/g)].map(({ index }) => index)
    const set = (letters: string) => (outcomes: string) =>
      [...outcomes].map((old, place) => letters[places.indexOf(place)] ?? old).join('')
    expect(harmAfter((same) => same)).toBe('untouched')
    expect(harmAfter(set('r'))).toBe('rejects orders')
    expect(harmAfter(set('rs'))).toBe('strands orders')
    expect(harmAfter(set('rsi'))).toBe('breaks orders')
    // As many orders are rejected, but not the same ones: somebody goes without.
    expect(harmAfter((outcomes) => set('r')(outcomes.replace('r', 'f')))).toBe('rejects orders')
  })

  it('is that it survives where all orders end alike and anything else differs', async () => {
    const { effect } = await held('orchestrated', providerSlow)
    expect(effect).toMatchObject({ harm: 'survives', orders: { endedOtherwise: 0 }, services: [] })
  })

  it('is that it survives where an alarm rang and nothing else differs', async () => {
    const twin = await runOf('orchestrated', refusals)
    const { rang = [] } = (await runOf('orchestrated', serviceDown)).result.alarms ?? {}
    const { alarms } = twin.result
    if (alarms === undefined) throw new Error('Nobody watched.')
    const run = { ...twin, result: { ...twin.result, alarms: { ...alarms, rang } } }
    expect(rang.length).toBeGreaterThan(0)
    expect(heldAgainst(run, twin, load.seed).effect.harm).toBe('survives')
  })

  it('says how many orders are fulfilled undisturbed, whatever became of them', async () => {
    const { effect, run, twin } = await held('choreographed', ruleDisabled)
    expect(effect.orders.fulfilledUndisturbed).toBe(twin.result.outcomes.fulfilled)
    expect(effect.orders.fulfilledUndisturbed).toBeGreaterThan(run.result.outcomes.fulfilled)
  })

  it('is none where nothing whatever differs, and then nothing else is told', async () => {
    const { effect, twin, witnesses } = await held('orchestrated', ruleDisabled)
    expect(effect).toEqual({
      harm: 'untouched',
      orders: { endedOtherwise: 0, late: 0, fulfilledUndisturbed: twin.result.outcomes.fulfilled },
      services: [],
      extra: {
        usdPerMillionOrders: 0,
        ratio: 1,
        ci95: [1, 1],
        verdict: 'no difference',
        invocations: 0,
      },
    })
    expect(witnesses.orders).toEqual([])
  })
})

describe('the orders that a fault touched', () => {
  it('are late when they ended as they would have, but later than any did undisturbed', async () => {
    const { run, twin, effect } = await held('choreographed', lateDelivery)
    const longestMs = twin.result.latencyMs.completion.max
    const over = [...(run.footprint?.completionMs ?? [])].filter((ms) => ms > longestMs)
    expect(effect.orders.endedOtherwise).toBe(0)
    expect(effect.orders.late).toBe(over.length)
    expect(effect.orders.late).toBeGreaterThan(10)
  })

  it('are not late when they ended otherwise, however late that was', async () => {
    const { effect } = await held('orchestrated', poison)
    expect(effect.orders.endedOtherwise).toBeGreaterThan(0)
    expect(effect.orders.late).toBeLessThan(3)
  })
})

describe('the services that a fault touched', () => {
  it('are those whose work failed, and only those, where all is made good', async () => {
    for (const { id } of contestants) {
      const { effect } = await held(id, serviceDown)
      expect(effect.services).toEqual([{ service: 'payment', failed: expect.any(Number), otherwise: 0 }])
      expect(effect.services[0]?.failed).toBeGreaterThan(10)
    }
  })

  it('are not those whose work fails as often undisturbed, and what is told is what failed more often', async () => {
    const run = await runOf('orchestrated', refusals)
    const failing = (...failures: readonly (readonly [string, number])[]): MeasuredRun => {
      const { footprint } = run
      if (footprint === undefined) throw new Error('Nobody followed the orders.')
      return { ...run, footprint: { ...footprint, failures: new Map(failures) } }
    }
    const disturbed = failing(['payment', 7], ['order', 5], ['shipping', 1])
    const undisturbed = failing(['payment', 5], ['order', 5], ['shipping', 3])
    const { services } = heldAgainst(disturbed, undisturbed, load.seed).effect
    expect(services).toEqual([{ service: 'payment', failed: 2, otherwise: 0 }])
  })

  it('are all whose records lack what was never asked of them', async () => {
    const { run, effect } = await held('choreographed', ruleDisabled)
    const { stuck } = run.result.outcomes
    const row = (service: string) => effect.services.find((each) => each.service === service)
    expect(row('payment')).toEqual({ service: 'payment', failed: stuck, otherwise: stuck })
    expect(row('order')).toEqual({ service: 'order', failed: 0, otherwise: stuck })
    expect(row('view')).toMatchObject({ otherwise: stuck })
    expect(row('conductor')).toBeUndefined()
  })

  it('include whoever is in charge, who was asked in vain', async () => {
    const { run, effect } = await held('orchestrated', doorClosed)
    // The SDK of the caller asks three times.
    expect(effect.services.find(({ service }) => service === 'conductor')).toEqual({
      service: 'conductor',
      failed: 3 * run.result.outcomes.stuck,
      otherwise: 0,
    })
  })
})

describe('the extra cost of a fault', () => {
  it('is what is paid for retries', async () => {
    const { run, twin, effect } = await held('orchestrated-direct', serviceDown)
    const { extra } = effect
    expect(extra.verdict).toBe('dearer')
    expect(extra.ratio).toBeGreaterThan(1.5)
    expect(extra.ci95[0]).toBeLessThanOrEqual(extra.ratio)
    expect(extra.usdPerMillionOrders).toBeCloseTo(
      run.result.cost.usdPerMillionOrders - twin.result.cost.usdPerMillionOrders,
      9,
    )
    expect(extra.ratio).toBeCloseTo(
      run.result.cost.usdPerMillionOrders / twin.result.cost.usdPerMillionOrders,
      1,
    )
    expect(extra.invocations).toBe(run.result.coldStarts.invocations - twin.result.coldStarts.invocations)
  })

  it('is less than nothing where orders are lost: nobody pays for what is not done', async () => {
    const { effect } = await held('choreographed', doorClosed)
    expect(effect.extra).toMatchObject({ verdict: 'cheaper' })
    expect(effect.extra.usdPerMillionOrders).toBeLessThan(0)
    expect(effect.extra.invocations).toBeLessThan(0)
  })
})

describe('a run that has not come to rest by its horizon', () => {
  const copiesOfCopies: Scenario = {
    ...lateCopies,
    id: 'copies of copies',
    faults: [{ kind: 'duplicate', at: 'queue', probability: 0.4, delayMs: [7_200_000, 36_000_000] }],
  }

  it('is told to cost at least what it cost until then, and no other is', async () => {
    expect((await held('choreographed', copiesOfCopies)).effect.extra.atLeast).toBe(true)
    expect((await held('orchestrated', copiesOfCopies)).effect.extra).not.toHaveProperty('atLeast')
  })
})

describe('the time to recover', () => {
  it('is of the orders that are late, and of no others that were open when the fault was over', async () => {
    const { run, twin, effect, result } = await held('orchestrated', serviceDown)
    const { intendedMs, completionMs } = run.footprint ?? {}
    const longestMs = twin.result.latencyMs.completion.max
    const endMs = run.faultsEndMs ?? Number.NaN
    const endsMs = Array.from(completionMs ?? [], (ms, order) => ({
      ms,
      fromMs: intendedMs?.[order] ?? Number.NaN,
    })).flatMap(({ ms, fromMs }) => (ms > longestMs && fromMs + ms > endMs ? [fromMs + ms] : []))
    expect(effect.orders.late).toBeGreaterThan(0)
    expect(result.recovery?.unaided).toEqual({
      open: endsMs.length,
      ended: endsMs.length,
      recoveredMs: Math.max(...endsMs) - endMs,
    })
  })

  it('is never where an order that was touched never ended', async () => {
    const { run, result } = await held('orchestrated', doorClosed)
    expect(result.recovery?.unaided).toEqual({ open: run.result.outcomes.stuck, ended: 0 })
  })

  it.each([
    { name: 'nothing was touched', of: 'orchestrated', scenario: ruleDisabled },
    { name: 'the fault has no duration', of: 'orchestrated', scenario: definitionUpdated },
    { name: 'the fault goes on as long as the run', of: 'choreographed', scenario: poison },
  ])('is none where $name', async ({ of, scenario }) => {
    const { result } = await held(of, scenario)
    expect(result.recovery).toBeDefined()
    expect(result.recovery?.unaided).toBeUndefined()
  })
})

describe('an alarm', () => {
  it('that rings when nothing is wrong is no sign of a fault: direct invocation has no other for a service that is down', async () => {
    const direct = await held('orchestrated-direct', serviceDown)
    const queued = await held('orchestrated', serviceDown)
    const payment = 'ProcessPaymentFunctionErrorsAlarm'
    expect(direct.twin.result.alarms?.rang.map(({ alarm }) => alarm)).toContain(payment)
    expect(direct.run.result.alarms?.detected.ticket).toBeDefined()
    expect(direct.result.alarms?.detected).toEqual({})
    expect(direct.result.alarms?.rang).toContainEqual(
      expect.objectContaining({ alarm: payment, undisturbed: true }),
    )
    expect(queued.twin.result.alarms?.rang).toEqual([])
    expect(queued.result.alarms?.detected.ticket?.alarm).toBe(payment)
  })
})

describe('the orders that may show an effect', () => {
  it('are those that ended as badly as any did', async () => {
    const { run, witnesses } = await held('choreographed', poison)
    expect(witnesses.orders.length).toBe(run.result.outcomes.stuck)
    for (const order of witnesses.orders) expect(run.outcomes[order]).toBe('s')
  })

  it('are the late ones where all ended as they would have, and not whatever else ended later', async () => {
    const { effect, witnesses } = await held('choreographed', lateDelivery)
    const places = Array.from({ length: load.count }, (_, order) => order)
    const later = places.filter((order) => witnesses.delayMs(order) > 0)
    expect(witnesses.orders).toHaveLength(effect.orders.late)
    expect(later.length).toBeGreaterThan(witnesses.orders.length)
    for (const order of witnesses.orders) expect(later).toContain(order)
  })

  it('are those of which something came again, where none is late', async () => {
    const { run, twin, effect, witnesses } = await held('choreographed', duplicates)
    expect(effect).toMatchObject({ harm: 'survives', orders: { late: 0 }, services: [] })
    expect(witnesses.orders.length).toBeGreaterThan(0)
    for (const order of witnesses.orders)
      expect(run.footprint?.troubles[order]).toBeGreaterThan(twin.footprint?.troubles[order] ?? 0)
  })

  it('are those that ended later, where nothing failed or came again', async () => {
    const aMomentLonger: Scenario = {
      ...busTakingLong,
      id: 'a moment longer',
      faults: [{ kind: 'bus-slow', extraMs: 10, fromMs: 40_000, forMs: 10_000 }],
    }
    const { effect, witnesses } = await held('orchestrated', aMomentLonger)
    expect(effect).toMatchObject({ harm: 'survives', orders: { endedOtherwise: 0, late: 0 }, services: [] })
    expect(witnesses.orders.length).toBeGreaterThan(0)
    for (const order of witnesses.orders) expect(witnesses.delayMs(order)).toBeGreaterThan(0)
  })
})
