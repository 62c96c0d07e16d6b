import { type ChanceKey, chance } from '../../shared/chance.ts'
import { sha256Hex } from '../../shared/sha256.ts'
import { BadInput } from './bad-input.ts'
import { checkSpan } from './span.ts'
import type { Arrival, Workload } from './workload.ts'

/** In the shape of a trading day, or all along at the one mean rate. */
export const arrivalShapes = ['day', 'even'] as const
export type ArrivalShape = (typeof arrivalShapes)[number]

export interface BuiltInOptions {
  readonly count: number
  /** Mean over the run; the busiest hour of a day brings 2.4 times as many. */
  readonly ratePerSecond: number
  readonly seed: number
  /** Undefined: as in a day. */
  readonly arrivals?: ArrivalShape
  /** Which one of several such days with other orders, from 1; undefined: the only one. */
  readonly part?: number
}

/** Above it the busiest moments of a burst would come near the default quotas of Step Functions. */
export const ratePerSecondMax = 5

/**
 * Orders by hour of the day, from 06h: the shape of a day at a real shop, 19,959 orders of 2010-12-01 to 2011-12-09.
 * Source: Chen, D. (2015), Online Retail, UCI Machine Learning Repository (CC BY 4.0); invoices counted by hour.
 */
const ordersByHour = [1, 29, 566, 1484, 2361, 2396, 3219, 2753, 2456, 2336, 1335, 667, 192, 146, 18] as const

/** Pence a piece at rising probabilities: p10, p50 and p90 are those of an order's mean price in the same source. */
const pricePence = [
  [0, 50],
  [0.1, 103],
  [0.5, 195],
  [0.9, 449],
  [1, 1500],
] as const

/** Share of baskets with 1 to 5 lines. An assumption: consumers buy little, the real trace is of wholesalers. */
const basketLines = [0.45, 0.27, 0.15, 0.08, 0.05] as const

/** Share of lines with 1 to 3 pieces. An assumption, too. */
const linePieces = [0.85, 0.12, 0.03] as const

/** Share of orders by country, from the same source; the small ones are left out. */
const countries = [
  ['United Kingdom', 0.927],
  ['Germany', 0.024],
  ['France', 0.02],
  ['Ireland', 0.015],
  ['Belgium', 0.005],
  ['Netherlands', 0.005],
  ['Spain', 0.004],
] as const

const customers = 4_000

/**
 * A workload that needs no file: one trading day, 06h to 21h, run in count ÷ rate seconds. Given their number, the
 * arrivals of a Poisson process are independent draws from the day's shape, or evenly from its time; so they are drawn
 * here, each by a hash of the seed and its number. Throws BadInput.
 */
export const builtInWorkload = (options: BuiltInOptions): Workload => {
  checkBuiltIn(options)
  const { count, seed, part, arrivals = 'day' } = options
  const spanMs = spanMsOf(options)
  const times = Array.from({ length: count }, (_, position) => {
    const uniform = chance(seed, 'workload', ...arrivalKeys(position, part))
    return Math.round((arrivals === 'even' ? uniform : shareOfDay(uniform)) * spanMs)
  }).sort((a, b) => a - b)
  const firstMs = times[0] ?? 0
  return {
    source: 'built-in',
    sha256: builtInSha256([...builtInParameters(options), ...(part === undefined ? [] : [part])]),
    currency: builtInCurrency,
    arrivals: times.map((timeMs, position) =>
      arrivalOf(builtInOrderId(position + 1, part), timeMs - firstMs, seed),
    ),
    skipped: {},
  }
}

const spanMsOf = ({ count, ratePerSecond }: BuiltInOptions): number => (count / ratePerSecond) * 1000

/** Throws BadInput. */
export const checkBuiltIn = (options: BuiltInOptions): void => {
  const { count, ratePerSecond } = options
  if (!(Number.isSafeInteger(count) && count > 0)) {
    throw new BadInput(`--count: expected a whole number of at least 1, got ${count}`)
  }
  if (!(ratePerSecond > 0 && ratePerSecond <= ratePerSecondMax)) {
    throw new BadInput(
      `--rate: expected a number above 0 and at most ${ratePerSecondMax}, got ${ratePerSecond}`,
    )
  }
  checkSpan(spanMsOf(options), '--rate', ratePerSecond)
}

export const builtInCurrency = 'GBP'

export const builtInSha256 = (parameters: readonly (string | number)[]): string =>
  sha256Hex(JSON.stringify(parameters))

/** Those that every part of a workload has as the whole has. */
export const builtInParameters = ({
  count,
  ratePerSecond,
  seed,
  arrivals = 'day',
}: BuiltInOptions): readonly (string | number)[] => [
  'built-in/1',
  count,
  ratePerSecond,
  seed,
  ...(arrivals === 'day' ? [] : [arrivals]),
]

const arrivalKeys = (position: number, part: number | undefined): readonly ChanceKey[] =>
  part === undefined ? ['arrival', position] : ['arrival', part, position]

export const builtInOrderId = (number: number, part?: number): string =>
  `order-${part === undefined ? '' : `${part}-`}${String(number).padStart(6, '0')}`

const arrivalOf = (orderId: string, atMs: number, seed: number): Arrival => {
  const draw = (...keys: readonly (string | number)[]) => chance(seed, 'workload', ...keys, orderId)
  const lines = 1 + pick(basketLines, draw('lines'))
  const pieces = Array.from({ length: lines }, (_, line) => 1 + pick(linePieces, draw('pieces', line)))
  const units = pieces.reduce((sum, piece) => sum + piece, 0)
  return {
    atMs,
    orderId,
    customerId: `customer-${String(1 + Math.floor(draw('customer') * customers)).padStart(4, '0')}`,
    country:
      countries[
        pick(
          countries.map(([, share]) => share),
          draw('country'),
        )
      ]?.[0] ?? countries[0][0],
    lines,
    units,
    amount: units * Math.round(priceAt(draw('price'))),
  }
}

/** Where in the day, as a share of it, the given share of its orders has come. */
const shareOfDay = (uniform: number): number => {
  let left = uniform * ordersByHour.reduce((sum, orders) => sum + orders, 0)
  for (const [hour, orders] of ordersByHour.entries()) {
    if (left < orders) return (hour + left / orders) / ordersByHour.length
    left -= orders
  }
  return 1
}

/** The index of the share into which the uniform falls; the last one takes what rounding leaves. */
const pick = (shares: readonly number[], uniform: number): number => {
  let upTo = 0
  const index = shares.findIndex((share) => {
    upTo += share
    return uniform < upTo
  })
  return index < 0 ? shares.length - 1 : index
}

const priceAt = (uniform: number): number => {
  const upper = pricePence.findIndex(([probability]) => uniform < probability)
  const [p0, low] = pricePence[upper - 1] ?? pricePence[0]
  const [p1, high] = pricePence[upper] ?? pricePence[pricePence.length - 1] ?? pricePence[0]
  return low * (high / low) ** ((uniform - p0) / (p1 - p0))
}
