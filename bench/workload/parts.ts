import { chance } from '../../shared/chance.ts'
import {
  type BuiltInOptions,
  builtInCurrency,
  builtInOrderId,
  builtInParameters,
  builtInSha256,
  builtInWorkload,
  checkBuiltIn,
} from './built-in.ts'
import type { Workload } from './workload.ts'

/** One run's share of a workload: spelled out, or as what it is generated from, so that it is small on its way. */
export type WorkloadPart =
  | { readonly kind: 'given'; readonly workload: Workload }
  | { readonly kind: 'built-in'; readonly options: BuiltInOptions }

/** Orders in independent parts: each runs on a stack of its own, with its own stock and quotas, from its own start. */
export interface PartedWorkload extends Omit<Workload, 'arrivals'> {
  readonly orders: number
  /** From the first to the last intended start, where that is known before the orders are generated. */
  readonly spanMs?: number
  readonly parts: readonly WorkloadPart[]
}

/** Orders a part where nobody says otherwise: what one stack's tables hold in memory stays bounded. */
export const ordersPerPartMax = 100_000

export const partsNeeded = (orders: number): number => Math.ceil(orders / ordersPerPartMax)

/** A whole workload as one part. */
export const wholeOf = (workload: Workload): PartedWorkload => {
  const { arrivals, ...rest } = workload
  const spanMs = (arrivals.at(-1)?.atMs ?? 0) - (arrivals[0]?.atMs ?? 0)
  return { ...rest, orders: arrivals.length, spanMs, parts: [{ kind: 'given', workload }] }
}

/** Stretches of a workload one after the other, as equal in orders as can be; each begins at 0. */
export const stretchesOf = (workload: Workload, parts: number): PartedWorkload => {
  const { arrivals } = workload
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.round((part * arrivals.length) / parts))
  return {
    ...wholeOf(workload),
    parts: bounds.slice(1).map((end, part) => {
      const stretch = arrivals.slice(bounds[part] ?? 0, end)
      const firstMs = stretch[0]?.atMs ?? 0
      const shifted = stretch.map((arrival) => ({ ...arrival, atMs: arrival.atMs - firstMs }))
      return { kind: 'given', workload: { ...workload, arrivals: shifted } }
    }),
  }
}

/** Built-in days, each with orders of its own, that come to `count` orders together. Throws BadInput. */
export const builtInParts = (options: BuiltInOptions, parts: number): PartedWorkload => {
  const { count } = options
  checkBuiltIn(options)
  const upTo = (part: number): number => Math.round((part * count) / parts)
  return {
    source: 'built-in',
    sha256: builtInSha256([...builtInParameters(options), 'parts', parts]),
    currency: builtInCurrency,
    skipped: {},
    orders: count,
    parts: Array.from({ length: parts }, (_, index) => ({
      kind: 'built-in',
      options: { ...options, count: upTo(index + 1) - upTo(index), part: index + 1 },
    })),
  }
}

export const workloadOfPart = (part: WorkloadPart): Workload =>
  part.kind === 'given' ? part.workload : builtInWorkload(part.options)

export const ordersIn = (part: WorkloadPart): number =>
  part.kind === 'given' ? part.workload.arrivals.length : part.options.count

/** The id of the order at a position of the whole workload. */
export const orderIdAt = (parts: readonly WorkloadPart[], position: number): string => {
  let left = position
  for (const part of parts) {
    const orders = ordersIn(part)
    if (left >= orders) left -= orders
    else if (part.kind === 'given') return part.workload.arrivals[left]?.orderId ?? ''
    else return builtInOrderId(left + 1, part.options.part)
  }
  throw new Error(`The workload has no order ${position}`)
}

/** The seed of a part's infrastructure: parts meet the same distributions, and not the same draws. */
export const seedOfPart = (seed: number, index: number): number =>
  index === 0 ? seed : Math.floor(chance(seed, 'part', index) * 2 ** 32)
