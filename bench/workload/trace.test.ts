import { existsSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { BadInput } from './bad-input.ts'
import { spellOut } from './lines.ts'
import { parseTrace } from './trace.ts'

const header = 'order_id,ts,kind,customer_id,country,lines,units,amount_gbp'
const good = '536365,2010-12-01T08:26:00,order,17850,United Kingdom,7,40,139.12'
const options = { source: 'orders.csv', seed: 1, timeScale: 1 }
const trace = (...rows: readonly string[]) => [header, ...rows, ''].join('\n')
const row = (change: Partial<Record<string, string>>) => {
  const names = header.split(',')
  const fields = good.split(',')
  return names.map((name, index) => change[name] ?? fields[index]).join(',')
}
const complaint = (text: string, more: object = {}): string => {
  try {
    parseTrace(text, { ...options, ...more })
  } catch (error) {
    if (error instanceof BadInput) return error.message
    throw error
  }
  return 'accepted'
}

describe('a trace', () => {
  it('gives an arrival for each row of kind order and counts the other kinds', () => {
    const workload = parseTrace(
      trace(
        good,
        row({ order_id: 'C1', kind: 'cancellation' }),
        row({ order_id: 'C2', kind: 'cancellation' }),
      ),
      options,
    )
    expect(workload.arrivals).toEqual([
      {
        atMs: 0,
        orderId: '536365',
        customerId: '17850',
        country: 'United Kingdom',
        lines: 7,
        units: 40,
        amount: 13_912,
      },
    ])
    expect(workload).toMatchObject({ source: 'orders.csv', currency: 'GBP', skipped: { cancellation: 2 } })
    expect(workload.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    { what: 'CRLF', text: trace(good).replaceAll('\n', '\r\n') },
    { what: 'a byte order mark', text: `\uFEFF${trace(good)}` },
    { what: 'blank lines at the end', text: `${trace(good)}\n\n` },
    { what: 'no line break at the end', text: trace(good).trimEnd() },
    { what: 'a quoted field with a comma', text: trace(row({ country: '"Korea, Republic of"' })) },
    { what: 'an order of nobody', text: trace(row({ customer_id: '' })) },
    {
      what: 'nonsense in a row that is no order',
      text: trace(good, row({ kind: 'adjustment', lines: 'x' })),
    },
    { what: 'the id of an order again on a cancellation', text: trace(good, row({ kind: 'cancellation' })) },
    { what: 'the last day of February in a leap year', text: trace(row({ ts: '2012-02-29T23:59:59' })) },
    { what: 'an amount without decimals', text: trace(row({ amount_gbp: '139' })) },
    { what: 'an id of 80 characters', text: trace(row({ order_id: 'a'.repeat(80) })) },
  ])('may have $what', ({ text }) => {
    expect(parseTrace(text, options).arrivals).toHaveLength(1)
  })

  it.each([
    ['139.12', 13_912],
    ['139.1', 13_910],
    ['139', 13_900],
    ['0.01', 1],
    ['1.15', 115],
    ['10000000.00', 1_000_000_000],
  ])('takes %s pounds for %d pence', (amount_gbp, amount) => {
    expect(parseTrace(trace(row({ amount_gbp })), options).arrivals[0]?.amount).toBe(amount)
  })
})

describe('bad input is told in one line, with file, line, column, what was expected and what came', () => {
  it.each([
    { what: 'an empty file', text: '', says: `orders.csv: expected the header ${header}, got an empty file` },
    {
      what: 'blank lines only',
      text: '\n\n',
      says: `orders.csv: expected the header ${header}, got an empty file`,
    },
    {
      what: 'a wrong header',
      text: `id,time\n${good}`,
      says: `orders.csv, line 1: expected the header ${header}, got "id,time"`,
    },
    {
      what: 'columns in another order',
      text: `ts,order_id,kind,customer_id,country,lines,units,amount_gbp\n${good}`,
      says: 'orders.csv, line 1: expected the header',
    },
    {
      what: 'the header alone',
      text: trace(),
      says: 'orders.csv: expected at least one row of kind order, got none',
    },
    {
      what: 'no order among the rows',
      text: trace(row({ kind: 'cancellation' })),
      says: 'orders.csv: expected at least one row of kind order, got none',
    },
    {
      what: 'a short line',
      text: trace(good, '536366,2010-12-01T08:28:00,order'),
      says: `orders.csv, line 3: expected 8 fields (${header}), got 3`,
    },
    { what: 'a long line', text: trace(`${good},1`), says: 'orders.csv, line 2: expected 8 fields' },
    {
      what: 'a blank line in the middle',
      text: trace(good, '', row({ order_id: '2' })),
      says: `orders.csv, line 3: expected 8 fields (${header}), got a blank line`,
    },
    {
      what: 'an open quote',
      text: trace(good, '"536366,2010'),
      says: 'orders.csv, line 3: expected comma-separated values, got Quote Not Closed',
    },
    {
      what: 'an order id twice',
      text: trace(good, row({ order_id: '2' }), good),
      says: 'orders.csv, line 4, column order_id: expected an id that is used once, got "536365" again after line 2',
    },
    {
      what: 'no kind',
      text: trace(row({ kind: '' })),
      says: 'orders.csv, line 2, column kind: expected a text',
    },
    {
      what: 'no country',
      text: trace(row({ country: '' })),
      says: 'orders.csv, line 2, column country: expected a text of one line and at most 100 characters, got ""',
    },
  ])('$what', ({ text, says }) => {
    const message = complaint(text)
    expect(message).toContain(says)
    expect(message).not.toContain('\n')
  })

  it.each([
    '0',
    '-1',
    '+7',
    '7.0',
    '1e3',
    '0x7',
    '',
    ' 7',
    'seven',
    'NaN',
    'Infinity',
    '2501',
    '9'.repeat(40),
  ])('lines: "%s"', (lines) => {
    expect(complaint(trace(good, row({ order_id: '2', lines })))).toContain(
      'orders.csv, line 3, column lines: expected a whole number from 1 to 2500, got "',
    )
  })

  it.each(['6', '0', '-40', '40.5', '', '10000001'])('units of an order with 7 lines: "%s"', (units) => {
    expect(complaint(trace(row({ units })))).toBe(
      `orders.csv, line 2, column units: expected a whole number from 7 to 10000000, got "${units}"`,
    )
  })

  it.each(['0', '0.00', '-1', '+1', '1.234', '1.', '.5', '1e2', '1,5', '£1', '', 'NaN', '10000000.01'])(
    'amount: "%s"',
    (amount) => {
      expect(complaint(trace(row({ amount_gbp: `"${amount}"` })))).toBe(
        `orders.csv, line 2, column amount_gbp: expected an amount above 0 and at most 10000000 with at most two decimals, got "${amount}"`,
      )
    },
  )

  it.each([
    '2010-12-01',
    '2010-12-01 08:26:00',
    '2010-12-01T08:26',
    '2010-12-01T08:26:00Z',
    '2010-12-01T08:26:00+01:00',
    '2010-12-01T08:26:00.5',
    '2010-02-29T08:26:00',
    '2010-13-01T08:26:00',
    '2010-12-32T08:26:00',
    '2010-12-01T24:00:00',
    '2010-12-01T08:60:00',
    '2010-12-01T08:26:60',
    '1/12/2010 8:26',
    '',
  ])('time: "%s"', (ts) => {
    expect(complaint(trace(row({ ts })))).toBe(
      `orders.csv, line 2, column ts: expected a time as 2010-12-01T08:26:00, got "${ts}"`,
    )
  })

  it.each(['', 'a b', 'a/b', 'a:b', 'a*', '[1]', 'a\u0007', 'a\u0085', '£#1', 'a'.repeat(81)])(
    'an id that cannot name an execution: "%s"',
    (order_id) => {
      const message = complaint(trace(row({ order_id })))
      expect(message).toContain('orders.csv, line 2, column order_id: expected an execution name')
      expect(message).not.toMatch(/\p{Cc}/u)
    },
  )

  it('shows no more than 80 characters of what came', () => {
    expect(complaint(trace(row({ lines: 'x'.repeat(10_000) }))).length).toBeLessThan(200)
  })

  it.each([
    { name: 'a time scale of 0', more: { timeScale: 0 }, says: '--time-scale: expected' },
    { name: 'a negative time scale', more: { timeScale: -1 }, says: '--time-scale: expected' },
    {
      name: 'a time scale that is no number',
      more: { timeScale: Number.NaN },
      says: '--time-scale: expected',
    },
    { name: 'a time scale that takes 100 years', more: { timeScale: 1e-9 }, says: 'within 100 years' },
    { name: 'a negative count', more: { count: -1 }, says: '--count: expected' },
    { name: 'a fractional count', more: { count: 1.5 }, says: '--count: expected' },
    { name: 'a count of 0', more: { count: 0 }, says: '--count: expected' },
  ])('$name', ({ more, says }) => {
    const later = row({ order_id: '2', ts: '2010-12-01T09:00:00' })
    expect(complaint(trace(good, later), more)).toContain(says)
  })
})

describe('times', () => {
  const minutes = ['00', '01', '01', '02'].map((minute, index) =>
    row({ order_id: `o${index}`, ts: `2010-12-01T08:${minute}:00` }),
  )
  const times = (rows: readonly string[], more: object = {}) =>
    parseTrace(trace(...rows), { ...options, ...more }).arrivals.map(({ orderId, atMs }) => ({
      orderId,
      atMs,
    }))

  it('put each order somewhere in its minute, the same for the same seed and another for another', () => {
    const many = Array.from({ length: 500 }, (_, index) => row({ order_id: `o${index}` }))
    const at = times(many).map(({ atMs }) => atMs)
    expect(at[0]).toBe(0)
    expect(at.at(-1)).toBeLessThan(60_000)
    expect(at.at(-1)).toBeGreaterThan(58_000)
    expect(new Set(at).size).toBeGreaterThan(480)
    expect(times(many)).toEqual(times(many))
    expect(times(many, { seed: 2 })).not.toEqual(times(many))
  })

  it('are sorted, the first at 0, whatever the order of the rows', () => {
    const backwards = times(minutes.toReversed())
    expect(backwards).toEqual(times(minutes))
    expect(backwards[0]?.atMs).toBe(0)
    expect(backwards.map(({ atMs }) => atMs)).toEqual(
      backwards.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    )
  })

  it('are divided by the time scale', () => {
    const scaled = times(minutes, { timeScale: 1000 })
    expect(scaled).toEqual(times(minutes).map(({ orderId, atMs }) => ({ orderId, atMs: atMs / 1000 })))
  })

  it('keep their seconds where the trace has any', () => {
    const seconds = ['00', '01', '07'].map((second, index) =>
      row({ order_id: `o${index}`, ts: `2010-12-01T08:26:${second}` }),
    )
    const [first, second, third] = times(seconds).map(({ atMs }) => atMs)
    expect(first).toBe(0)
    expect(second).toBeLessThan(2_000)
    expect(third).toBeGreaterThan(6_000)
  })

  it('take the earliest orders when only so many are wanted, the same whatever the seed', () => {
    const taken = (seed: number) =>
      times(minutes, { count: 2, seed })
        .map(({ orderId }) => orderId)
        .sort()
    for (const seed of [1, 2, 3, 4, 5]) expect(taken(seed)).toEqual(['o0', 'o1'])
  })

  it('take all orders when more are wanted than there are', () => {
    expect(times(minutes, { count: 100 })).toHaveLength(4)
  })

  const { TZ: zone } = process.env
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  it('do not hang on the time zone of the machine, also in the hour that summer time leaves out', () => {
    const rows = ['00:59', '01:00', '01:30', '02:00'].map((clock, index) =>
      row({ order_id: `o${index}`, ts: `2011-03-27T${clock}:00` }),
    )
    const inZone = (name: string) => {
      process.env['TZ'] = name
      return times(rows)
    }
    expect(inZone('Europe/London')).toEqual(inZone('UTC'))
    expect(inZone('Asia/Kathmandu')).toEqual(inZone('UTC'))
  })
})

const file = process.env['ORDERS_TRACE'] ?? '../shared/orders/uci-online-retail-orders.csv'
if (!existsSync(file)) console.warn(`The real trace is not at ${file} ($ORDERS_TRACE): its test is skipped.`)

describe.runIf(existsSync(file))('the real trace of a year', () => {
  const workload = existsSync(file)
    ? parseTrace(readFileSync(file, 'utf8'), { ...options, timeScale: 1000 })
    : undefined
  const arrivals = workload?.arrivals ?? []
  const sum = (of: (arrival: (typeof arrivals)[number]) => number) =>
    arrivals.reduce((total, arrival) => total + of(arrival), 0)

  it('has 19,959 orders and three other kinds', () => {
    expect(arrivals).toHaveLength(19_959)
    expect(workload?.skipped).toEqual({ cancellation: 3_836, stock_adjustment: 2_102, adjustment: 3 })
  })

  it('keeps its lines, units and pence', () => {
    expect(sum(({ lines }) => lines)).toBe(530_503)
    expect(sum(({ units }) => units)).toBe(5_590_398)
    expect(sum(({ amount }) => amount)).toBe(1_065_562_248)
    expect(Math.max(...arrivals.map(({ lines }) => lines))).toBe(1_114)
  })

  it('takes 373 days, a thousandth of it at a time scale of 1,000', () => {
    expect((arrivals.at(-1)?.atMs ?? 0) / 86_400).toBeCloseTo(373.18, 1)
  })

  it('is spelled out exactly, order by order', () => {
    for (const arrival of arrivals) {
      const { lines } = spellOut(arrival, 'GBP', 1)
      const pence = lines.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0)
      const pieces = lines.reduce((total, { quantity }) => total + quantity, 0)
      expect([lines.length, pieces, pence]).toEqual([arrival.lines, arrival.units, arrival.amount])
    }
  })
})
