import type { Order } from '../../shared/order.ts'

/** One order of a workload, before its lines are spelled out. */
export interface Arrival {
  /** Intended start, ms after the first order. */
  readonly atMs: number
  readonly orderId: string
  readonly customerId: string
  readonly country: string
  readonly lines: number
  readonly units: number
  /** Minor units. */
  readonly amount: number
  /** What the skus of its lines begin with, in place of the catalogue's own; see tagged.ts. */
  readonly shelf?: string
}

export interface Workload {
  /** `built-in`, or the file's name as the user gave it. */
  readonly source: string
  /** Hex SHA-256 of what it was made from: the file's bytes, or the built-in's parameters. */
  readonly sha256: string
  readonly currency: string
  /** In the order of `atMs`, ties by position in the source. */
  readonly arrivals: readonly Arrival[]
  /** Rows that are no orders, by kind. */
  readonly skipped: Readonly<Record<string, number>>
}

/** Spells an arrival out: lines with sku, quantity and unit price; the same for the same seed. */
export type SpellOut = (arrival: Arrival, currency: string, seed: number) => Order
