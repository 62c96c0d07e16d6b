import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { chance } from '../../shared/chance.ts'
import type { OrderLine } from '../../shared/order.ts'
import type { Arrival, SpellOut } from './workload.ts'

/** How many articles the warehouse knows. */
export const catalogueSize = 4_000

/** What skus begin with where nobody says otherwise. */
const ownShelf = 'sku-'

/** Characters of a shelf: skus of all shelves are equally long. */
export const shelfLength = ownShelf.length

/** The article's number from 0 to `catalogueSize` - 1, as a sku. */
export const skuOf = (article: number, shelf = ownShelf): string =>
  shelf === ownShelf ? (skus[article] ?? '') : `${shelf}${(skus[article] ?? '').slice(shelfLength)}`

const skus: readonly string[] = Array.from(
  { length: catalogueSize },
  (_, article) => `${ownShelf}${String(article + 1).padStart(4, '0')}`,
)

/**
 * Spells out an arrival's lines: as many as it says, their quantities adding up to its units, their prices exactly to
 * its amount. The last line is a single piece that takes the remainder. An order of one line whose units do not
 * divide its amount is sold as one lot: quantity 1, whatever its units. The same article may come twice. All of it
 * hangs on (seed, order id) alone.
 */
export const spellOut: SpellOut = (arrival, currency, seed) => ({
  orderId: arrival.orderId,
  customerId: arrival.customerId,
  country: arrival.country,
  currency,
  amount: arrival.amount,
  lines: linesOf(arrival, seed),
})

const linesOf = (arrival: Arrival, seed: number): readonly OrderLine[] => {
  // One hash an order and a stream from it: a hash a draw would cost a second for the orders of a year.
  const generator = xoroshiro128plus(chance(seed, 'workload', 'lines', arrival.orderId) * 2 ** 32)
  if (arrival.lines === 1) return [{ sku: skuAt(uniformOf(generator), arrival), ...oneLine(arrival) }]
  const quantities = [...shares(arrival.units - 1, arrival.lines - 1, generator), 1]
  const weights = quantities.map(() => 0.5 + uniformOf(generator))
  const pencePerWeight =
    arrival.amount / quantities.reduce((sum, quantity, line) => sum + quantity * (weights[line] ?? 0), 0)
  const skus = quantities.map(() => skuAt(uniformOf(generator), arrival))
  let remainder = arrival.amount
  return quantities.map((quantity, line) => {
    const isLast = line === quantities.length - 1
    const unitPrice = isLast ? remainder : Math.floor(pencePerWeight * (weights[line] ?? 0))
    remainder -= quantity * unitPrice
    return { sku: skus[line] ?? '', quantity, unitPrice }
  })
}

type Generator = ReturnType<typeof xoroshiro128plus>

const uniformOf = (generator: Generator): number => (generator.next() >>> 0) / 2 ** 32

const skuAt = (uniform: number, { shelf }: Arrival): string =>
  skuOf(Math.floor(uniform * catalogueSize), shelf)

const oneLine = ({ units, amount }: Arrival): Omit<OrderLine, 'sku'> =>
  amount % units === 0 ? { quantity: units, unitPrice: amount / units } : { quantity: 1, unitPrice: amount }

/** Whole numbers of at least 1, `parts` of them, that add up to `total`; every way to cut it is about as likely. */
const shares = (total: number, parts: number, generator: Generator): readonly number[] => {
  const spare = total - parts
  const weights = Array.from({ length: parts }, () => -Math.log(1 - uniformOf(generator)))
  const weightTotal = weights.reduce((sum, weight) => sum + weight, 0)
  let weightSoFar = 0
  let given = 0
  return weights.map((weight, part) => {
    weightSoFar += weight
    const upTo = part === parts - 1 ? spare : Math.min(spare, Math.floor((spare * weightSoFar) / weightTotal))
    const share = upTo - given
    given = upTo
    return 1 + share
  })
}
