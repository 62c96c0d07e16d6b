import { expect, it } from 'vitest'
import { recoveryOf } from './recovery-result.ts'

it('of nothing watched there is no recovery', () => {
  expect(recoveryOf([])).toBeUndefined()
})

it('the recovery of shards takes what all of them take', () => {
  const redrive = { action: 'redrive queue' as const, resource: 'Dlq', times: 1, items: 3 }
  const remark = { what: 'dead letters', resource: 'Dlq', count: 2, why: 'they were given up again' }
  const after = { laws: [], left: [remark], traps: [] }
  expect(
    recoveryOf([
      {
        actions: [redrive],
        after: { ...after, outcomes: 'fs' },
      },
      { actions: [redrive], after: { ...after, outcomes: 'ri' } },
    ]),
  ).toMatchObject({
    actions: [{ ...redrive, times: 2, items: 6 }],
    after: {
      outcomes: { fulfilled: 1, rejected: 1, stuck: 1, inconsistent: 1 },
      brokenLaws: [],
      left: [{ ...remark, count: 4 }],
      traps: [],
    },
  })
})
