import { chance } from '../../shared/chance.ts'
import type { WorldModel } from '../scenarios/scenario.ts'
import { catalogueSize, skuOf, spellOut } from './lines.ts'
import type { Workload } from './workload.ts'

/** More of an article than any workload asks for. */
export const ample = 1_000_000_000_000

/**
 * What the warehouse holds before the first order, by sku, for the whole catalogue: ample, nothing, or half of what
 * the workload asks for, rounded down. Which articles, hangs on (seed, article) alone; nothing takes precedence.
 */
export const initialStock = (
  workload: Workload,
  world: Pick<WorldModel, 'skusOutOfStock' | 'skusScarce'>,
  seed: number,
): ReadonlyMap<string, number> => {
  const demand = world.skusScarce > 0 ? demandOf(workload, seed) : new Map<string, number>()
  const shelf = workload.arrivals[0]?.shelf
  return new Map(
    Array.from({ length: catalogueSize }, (_, article): [string, number] => {
      const sku = skuOf(article, shelf)
      return [sku, stockOf(skuOf(article), demand.get(sku) ?? 0, world, seed)]
    }),
  )
}

/** The same, of the articles alone that the workload asks for: a warehouse for a handful of orders. */
export const stockOfOrdered = (
  workload: Workload,
  world: Pick<WorldModel, 'skusOutOfStock' | 'skusScarce'>,
  seed: number,
): ReadonlyMap<string, number> =>
  new Map([...demandOf(workload, seed)].map(([sku, demanded]) => [sku, stockOf(sku, demanded, world, seed)]))

/** Bears the name of its article on whatever shelf: an article is as scarce on one as on another. */
const stockOf = (
  name: string,
  demanded: number,
  { skusOutOfStock, skusScarce }: Pick<WorldModel, 'skusOutOfStock' | 'skusScarce'>,
  seed: number,
): number => {
  if (chance(seed, 'workload', 'out-of-stock', name) < skusOutOfStock) return 0
  return chance(seed, 'workload', 'scarce', name) < skusScarce ? Math.floor(demanded / 2) : ample
}

const demandOf = ({ arrivals, currency }: Workload, seed: number): ReadonlyMap<string, number> => {
  const demand = new Map<string, number>()
  for (const arrival of arrivals) {
    for (const { sku, quantity } of spellOut(arrival, currency, seed).lines) {
      demand.set(sku, (demand.get(sku) ?? 0) + quantity)
    }
  }
  return demand
}
