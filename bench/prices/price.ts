import type { Figure } from '../results.ts'
import type { Meter } from '../virtual-aws/observer.ts'

/** What costs money as long as it stands, whether or not an order comes: no call is ever metered for it. */
export type StandingMeter = 'cloudwatch.alarm' | 'cloudwatch.dashboard'

/** One figure of AWS's price list: what `per` units of a meter cost from `fromUnits` a month on, without tax. */
export interface Price {
  readonly meter: Meter | StandingMeter
  /** Where its tier begins, in units a month; 0 is the list price that runs are priced at. */
  readonly fromUnits: number
  /** Integer nano-dollars for `per` units. */
  readonly nanoUsd: number
  readonly per: number
  readonly usageType: string
  readonly source: string
  /** The day of the price list where it is known, else the day it was read. */
  readonly date: string
  readonly confidence: Figure['confidence']
}

/** Where a figure was read, and when. */
export interface Source {
  readonly source: string
  readonly date: string
}

export const price = (
  meter: Price['meter'],
  fromUnits: number,
  nanoUsd: number,
  per: number,
  usageType: string,
  { source, date }: Source,
  confidence: Price['confidence'],
): Price => ({ meter, fromUnits, nanoUsd, per, usageType, source, date, confidence })

/** What each meter counts, and who sells it. Its keys are the meters that a region must have a price for. */
export const meters: Readonly<Record<Meter, { readonly service: string; readonly unit: string }>> = {
  'states.transition': { service: 'Step Functions', unit: 'state transitions' },
  'states.express.request': { service: 'Step Functions', unit: 'Express executions started' },
  'states.express.gbMs': { service: 'Step Functions', unit: 'GB-milliseconds of Express executions' },
  'events.put': { service: 'EventBridge', unit: 'started 64 KB of published events' },
  'events.archive.bytes': { service: 'EventBridge', unit: 'bytes put into an archive' },
  'events.replay': { service: 'EventBridge', unit: 'started 64 KB of replayed events' },
  'sqs.request': { service: 'SQS', unit: 'requests (started 64 KB)' },
  'sqs.fifoRequest': { service: 'SQS', unit: 'requests on FIFO queues (started 64 KB)' },
  'lambda.request': { service: 'Lambda', unit: 'invocations' },
  'lambda.gbMs': { service: 'Lambda', unit: 'GB-milliseconds on arm64' },
  'dynamodb.wru': { service: 'DynamoDB', unit: 'write request units' },
  'dynamodb.rru': { service: 'DynamoDB', unit: 'read request units' },
  'logs.bytes': { service: 'CloudWatch Logs', unit: 'bytes ingested' },
}

/** Meters that few stacks have a use for: a result names their prices only when something was billed by them. */
export const rareMeters: ReadonlySet<Price['meter']> = new Set([
  'events.replay',
  'sqs.fifoRequest',
  'states.express.gbMs',
  'states.express.request',
])

/** What each standing meter counts, for a month. AWS bills it by the hour, so a part of a month costs that part. */
export const standingMeters: Readonly<
  Record<StandingMeter, { readonly service: string; readonly unit: string }>
> = {
  'cloudwatch.alarm': { service: 'CloudWatch Alarms', unit: 'standard-resolution alarm metrics for a month' },
  'cloudwatch.dashboard': { service: 'CloudWatch Dashboards', unit: 'dashboards for a month' },
}

/** The month of standing cost: 30 days. */
export const monthMs = 30 * 24 * 60 * 60_000

/** AWS bills logs and archives by the GB of 2^30 bytes. */
export const gigabyte = 2 ** 30

/** 10^9: nano-dollars in a dollar, and the scale of the tiers. */
export const billion = 1_000_000_000

// Memory is a multiple of 1 MiB, so GB-ms come in 1024ths; every other unit is whole. Scaled by it, all are integers.
const fractions = 1024

/** Units at a price, in whole nano-dollars, rounded half up once, at the end. */
export const chargeNanoUsd = (units: number, { nanoUsd, per }: Pick<Price, 'nanoUsd' | 'per'>): bigint => {
  if (!(units >= 0 && units < Number.POSITIVE_INFINITY))
    throw new RangeError(`Units of a meter are counted from 0; got ${units}.`)
  const divisor = BigInt(per) * BigInt(fractions)
  return (2n * BigInt(Math.round(units * fractions)) * BigInt(nanoUsd) + divisor) / (2n * divisor)
}

/** What `count` standing units cost over `spanMs`: by the millisecond, since a run may be a tiny part of a month. */
export const chargeStandingNanoUsd = (
  count: number,
  spanMs: number,
  { nanoUsd, per }: Pick<Price, 'nanoUsd' | 'per'>,
): bigint => chargeNanoUsd(count * spanMs, { nanoUsd, per: per * monthMs })

/** A month's units of one meter: free units off first, the rest through the tiers, which must be in ascending order. */
export const chargeMonthNanoUsd = (units: number, tiers: readonly Price[], freeUnits = 0): bigint => {
  const billed = Math.max(0, units - freeUnits)
  return tiers.reduce((sum, tier, index) => {
    const until = tiers[index + 1]?.fromUnits ?? Number.POSITIVE_INFINITY
    const inTier = Math.max(0, Math.min(billed, until) - tier.fromUnits)
    return sum + chargeNanoUsd(inTier, tier)
  }, 0n)
}

/** Dollars for showing; sums are made in nano-dollars before. */
export const usd = (nanoUsd: bigint): number => Number(nanoUsd) / 1e9
