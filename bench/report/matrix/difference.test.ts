import { describe, expect, it } from 'vitest'
import { disturbedResults, type Told, type ToldRow } from '../effects.testing.ts'
import { matrixRows } from './rows.ts'

const recovered = (recoveredMs: number): Told => ({
  harm: 'survives',
  recovery: { unaided: { open: 5, ended: 5, recoveredMs }, actions: [] },
})
const never: Told = { harm: 'survives', recovery: { unaided: { open: 5, ended: 4 }, actions: [] } }
const ticket = (afterMs: number): Told => ({
  harm: 'survives',
  detected: { ticket: { alarm: 'A', afterMs } },
})
const dearer = (ratio: number): Told => ({ harm: 'survives', extra: { ratio, verdict: 'dearer' } })
const late = (number: number): Told => ({ harm: 'survives', late: number })
const survives: Told = { harm: 'survives' }
const rejects: Told = { harm: 'rejects orders' }
const strands: Told = { harm: 'strands orders' }

const differs = (row: ToldRow) => matrixRows(disturbedResults({ crash: row }))[0]?.difference?.by

describe('where the styles differ under one fault', () => {
  it.each<{ name: string; row: ToldRow; by: string }>([
    { name: 'all survive', row: [survives, survives, survives], by: 'nothing' },
    { name: 'all lose orders', row: [strands, strands, strands], by: 'nothing' },
    { name: 'one style loses what the other survives', row: [survives, survives, strands], by: 'harm' },
    { name: 'one style has no counterpart', row: [survives, survives, {}], by: 'harm' },
    { name: 'one contestant does as the other style', row: [survives, rejects, survives], by: 'within' },
    { name: 'the other style lies between two contestants', row: [{}, rejects, survives], by: 'within' },
    { name: 'harms differ in both ways', row: [{}, survives, strands], by: 'harm' },
    { name: '99 of 2,000 orders more are late', row: [late(1), late(1), late(100)], by: 'nothing' },
    { name: '100 of 2,000 orders more are late', row: [late(1), late(1), late(101)], by: 'orders' },
    {
      name: 'as many are late as in one of the other style',
      row: [late(0), late(900), late(900)],
      by: 'nothing',
    },
    {
      name: 'one takes a little less than twice as long',
      row: [recovered(100_000), recovered(100_000), recovered(199_999)],
      by: 'nothing',
    },
    {
      name: 'one takes twice as long',
      row: [recovered(100_000), recovered(100_000), recovered(200_000)],
      by: 'recovery',
    },
    {
      name: 'one takes fifty times as long, within a minute',
      row: [recovered(1_000), recovered(1_000), recovered(50_000)],
      by: 'nothing',
    },
    { name: 'one never recovers', row: [recovered(1_000), recovered(1_000), never], by: 'recovery' },
    { name: 'none ever recovers', row: [never, never, never], by: 'nothing' },
    { name: 'one is told of later', row: [ticket(60_000), ticket(60_000), ticket(120_000)], by: 'detection' },
    { name: 'nobody is told of one', row: [ticket(60_000), ticket(60_000), survives], by: 'detection' },
    {
      name: 'one costs nearly twice as much more',
      row: [dearer(1.5), dearer(1.5), dearer(2.9)],
      by: 'nothing',
    },
    {
      name: 'one is as cheap as the orders that it strands',
      row: [
        { harm: 'strands orders', extra: { ratio: 0.2, verdict: 'cheaper' } },
        { harm: 'strands orders', extra: { ratio: 0.2, verdict: 'cheaper' } },
        strands,
      ],
      by: 'nothing',
    },
    { name: 'one costs twice as much more', row: [dearer(1.5), dearer(1.5), dearer(3)], by: 'cost' },
  ])('$name: $by', ({ row, by }) => {
    expect(differs(row)).toBe(by)
  })

  it('names the style whose contestants differ', () => {
    const [row] = matrixRows(disturbedResults({ crash: [survives, rejects, survives] }))
    expect(row?.difference?.within).toEqual(['orchestration'])
  })

  it('is not told of one style alone', () => {
    const alone = disturbedResults({ crash: [survives, strands, survives] }, {}, (results) => ({
      ...results,
      scenarios: results.scenarios.map(({ results: own, ...scenario }) => {
        const { choreographed: _, ...orchestration } = own
        return { ...scenario, results: orchestration }
      }),
    }))
    expect(matrixRows(alone).map(({ difference }) => difference)).toEqual([undefined])
  })
})

describe('the rows of the matrix', () => {
  const ids = (rows: Readonly<Record<string, ToldRow>>) =>
    matrixRows(disturbedResults(rows)).map(({ scenario }) => scenario.id)

  it('begin with the widest gap in harm, and of equal gaps with the worst harm', () => {
    expect(
      ids({
        alike: [strands, strands, strands],
        step: [{}, {}, survives],
        worse: [rejects, rejects, strands],
        widest: [{}, {}, strands],
      }),
    ).toEqual(['widest', 'worse', 'step', 'alike'])
  })

  it('go on with what differs within a style, then in orders, recovery, detection and cost', () => {
    expect(
      ids({
        cost: [dearer(1), dearer(1), dearer(9)],
        detection: [ticket(60_000), ticket(60_000), survives],
        recovery: [recovered(0), recovered(0), never],
        orders: [late(0), late(0), late(2_000)],
        within: [survives, {}, survives],
      }),
    ).toEqual(['within', 'orders', 'recovery', 'detection', 'cost'])
  })

  it('end with those alike: the most harmful first, then as they were run', () => {
    expect(
      ids({
        one: [survives, survives, survives],
        other: [survives, survives, survives],
        third: [strands, strands, strands],
      }),
    ).toEqual(['third', 'one', 'other'])
  })

  it('are those scenarios alone that were held against undisturbed runs', () => {
    expect(ids({ crash: [survives, survives, survives] })).toEqual(['crash'])
    expect(ids({})).toEqual([])
  })
})
