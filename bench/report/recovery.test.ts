import { describe, expect, it } from 'vitest'
import type { RecoveryResult, Results } from '../results.ts'
import { disturbedResults, recoveredTo, type Told } from './effects.testing.ts'
import { fixtureResults } from './fixture.testing.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import { columnsMax } from './terminal/tables.ts'
import { renderTerminal } from './terminal.ts'

const afterAll: NonNullable<RecoveryResult['after']> = {
  outcomes: { fulfilled: 1_990, rejected: 8, stuck: 1, inconsistent: 1 },
  brokenLaws: [{ law: 'every order ends', held: false, violations: 1, examples: ['order-000007'] }],
  left: [{ what: 'dead letters', resource: 'ShippingDlq', count: 1, why: 'they were given up again' }],
  traps: [{ what: 'events replayed', resource: 'OrderArchive', count: 40, why: 'to every rule' }],
}

const recovered: RecoveryResult = {
  unaided: { open: 19, ended: 17, recoveredMs: 45_300 },
  actions: [
    { action: 'put back rule', resource: 'PaymentRule', times: 1, items: 1 },
    { action: 'redrive execution', resource: 'OrderFlow', times: 3, items: 3 },
    { action: 'redrive queue', resource: 'ShippingDlq', times: 1, items: 1 },
    { action: 'resend events', resource: 'PaymentRuleDlq', times: 2, items: 2 },
    { action: 'replay archive', resource: 'OrderArchive', times: 1, items: 40 },
  ],
  after: afterAll,
}

const withRecovery = (recovery: RecoveryResult): Results =>
  fixtureResults(['steady', 'carrier-outage'], (results) => ({
    ...results,
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      results:
        scenario.faults.length === 0
          ? scenario.results
          : Object.fromEntries(
              Object.entries(scenario.results).map(([id, result]) => [id, { ...result, recovery }]),
            ),
    })),
  }))

describe('the recovery of scenarios with faults', () => {
  it('has no section where nothing was to go wrong', () => {
    expect(renderMarkdown(fixtureResults(['steady']))).not.toContain('## Recovery')
  })

  it.each([
    { medium: 'Markdown', render: renderMarkdown },
    { medium: 'HTML', render: renderHtml },
  ])('says in $medium what somebody has to do, what came of it, and what is left', async ({ render }) => {
    const text = await render(withRecovery(recovered))
    for (const said of [
      'never: 2 of 19 open orders never ended',
      'put back PaymentRule; redrive 3 executions of OrderFlow; redrive ShippingDlq (1 message); send 2 events of PaymentRuleDlq again by hand; replay OrderArchive (40 events)',
      'every order ends (1)',
      'they were given up again',
      'to every rule',
    ])
      expect(text).toContain(said)
  })

  it('says of one in which nobody acted how it is done', () => {
    const { after: _, ...unattended } = recovered
    const text = renderMarkdown(withRecovery(unattended))
    expect(text).toContain('With --recover it is done')
    expect(text).not.toContain('stuck after')
  })

  it.each([
    { name: 'what had ended before', unaided: { open: 0, ended: 0 }, says: 'at once: all had ended' },
    {
      name: 'what healed by itself',
      unaided: { open: 2, ended: 2, recoveredMs: 45_300 },
      says: '45.3 s (2 open orders)',
    },
  ])('tells of $name', ({ unaided, says }) => {
    expect(renderMarkdown(withRecovery({ unaided, actions: [] }))).toContain(says)
  })

  it('says in the terminal what is left of it, within its columns', () => {
    const text = renderTerminal(withRecovery(recovered), { colour: false })
    expect(text).toContain('  carrier-outage, choreographed: 1 stuck, 1 inconsistent\n')
    expect(text).toContain('    left: 1 dead letters, ShippingDlq: they were given up again\n')
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(columnsMax)
  })

  it('says of what was not fulfilled how much was saved, since a rejected order is none', () => {
    const rejecting: Told = {
      harm: 'rejects orders',
      endedOtherwise: 9,
      fulfilledUndisturbed: 2_000,
      recovery: recoveredTo({ fulfilled: 1_991, rejected: 9 }),
    }
    const results = disturbedResults({ crash: [rejecting, {}, {}] })
    expect(renderTerminal(results, { colour: false })).toContain(
      '  crash, orchestrated: 0 of 9 fulfilled, 9 rejected for good; 0 stuck, 0 inconsistent\n',
    )
    expect(renderMarkdown(results)).toMatch(/redrive Dlq .*\| 0 of 9 fulfilled, 9 rejected for good +\|/)
  })

  it.each([
    { name: 'nobody acted', recovery: { ...recovered, after: undefined } },
    { name: 'nothing was to do', recovery: { ...recovered, actions: [], after: { ...afterAll, left: [] } } },
  ])('is silent in the terminal where $name', ({ recovery: { after, ...recovery } }) => {
    const text = renderTerminal(withRecovery({ ...recovery, ...(after && { after }) }), { colour: false })
    expect(text).not.toContain('somebody did')
  })
})
