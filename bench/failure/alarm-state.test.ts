import { describe, expect, it } from 'vitest'
import type { MissingData } from './alarm-definition.ts'
import { type AlarmState, type DataPoint, rangeOf, stateAfter } from './alarm-state.ts'

const words: Readonly<Record<string, DataPoint>> = { '0': 'good', X: 'bad', '-': 'missing' }
const pointsOf = (row: string): readonly DataPoint[] => row.split(' ').map((sign) => words[sign] ?? 'missing')

const after = (
  row: string,
  datapointsToAlarm: number,
  missingData: MissingData,
  state: AlarmState = 'OK',
): AlarmState => stateAfter(pointsOf(row), { evaluationPeriods: 3, datapointsToAlarm, missingData }, state)

/** In the order of AWS's columns; `same` is "retain current state". */
const forms = ['missing', 'ignore', 'breaching', 'notBreaching'] as const

interface Documented {
  readonly row: string
  readonly states: readonly string[]
}

const expectRow = ({ row, states }: Documented, datapointsToAlarm: number): void => {
  for (const state of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const)
    expect(forms.map((form) => after(row, datapointsToAlarm, form, state))).toEqual(
      states.map((documented) => (documented === 'same' ? state : documented)),
    )
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html (read 2026-11-26)
describe('the state of an alarm of three evaluation periods, as AWS tabulates it', () => {
  it('looks at five data points, as in the example', () => {
    expect(rangeOf({ evaluationPeriods: 3 })).toBe(5)
  })

  it.each<Documented>([
    { row: '0 - X - X', states: ['OK', 'OK', 'OK', 'OK'] },
    { row: '0 - - - -', states: ['OK', 'OK', 'OK', 'OK'] },
    { row: '- - - - -', states: ['INSUFFICIENT_DATA', 'same', 'ALARM', 'OK'] },
    { row: '0 X X - X', states: ['ALARM', 'ALARM', 'ALARM', 'ALARM'] },
    { row: '- - X - -', states: ['ALARM', 'same', 'ALARM', 'OK'] },
  ])('three of three: $row', (documented) => {
    expectRow(documented, 3)
  })

  it.each<Documented>([
    { row: '0 - X - X', states: ['ALARM', 'ALARM', 'ALARM', 'ALARM'] },
    { row: '0 0 X 0 X', states: ['ALARM', 'ALARM', 'ALARM', 'ALARM'] },
    { row: '0 - X - -', states: ['OK', 'OK', 'ALARM', 'OK'] },
    { row: '- - - - 0', states: ['OK', 'OK', 'ALARM', 'OK'] },
    { row: '- - - X -', states: ['ALARM', 'same', 'ALARM', 'OK'] },
  ])('two of three: $row', (documented) => {
    expectRow(documented, 2)
  })

  it.each(['- - - - X', '- - - X -'])('is not ALARM at once of %s when it takes three', (row) => {
    expect(after(row, 3, 'missing')).not.toBe('ALARM')
  })
})

describe('the state of an alarm of one evaluation period', () => {
  const one = (row: string, missingData: MissingData, state: AlarmState = 'OK'): AlarmState =>
    stateAfter(pointsOf(row), { evaluationPeriods: 1, datapointsToAlarm: 1, missingData }, state)

  it.each(forms)('follows the latest data there is, however missing data is treated: %s', (form) => {
    expect(['0 0 X', 'X 0 -', '0 X -', 'X - -'].map((row) => one(row, form))).toEqual([
      'ALARM',
      'OK',
      'ALARM',
      'ALARM',
    ])
  })

  it.each([
    { form: 'missing', state: 'INSUFFICIENT_DATA' },
    { form: 'ignore', state: 'ALARM' },
    { form: 'breaching', state: 'ALARM' },
    { form: 'notBreaching', state: 'OK' },
  ] as const)('without any data in range, $form, an ALARM becomes $state', ({ form, state }) => {
    expect(one('- - -', form, 'ALARM')).toBe(state)
  })
})
