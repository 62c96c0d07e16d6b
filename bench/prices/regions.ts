import type { Figure } from '../results.ts'
import type { Meter } from '../virtual-aws/observer.ts'
import { apSoutheast1 } from './ap-southeast-1.ts'
import { euCentral1 } from './eu-central-1.ts'
import { euWest1 } from './eu-west-1.ts'
import { everywhere } from './everywhere.ts'
import { meters, type Price, rareMeters, type StandingMeter, standingMeters } from './price.ts'
import { saEast1 } from './sa-east-1.ts'
import { usEast1 } from './us-east-1.ts'

const regions: Readonly<Record<string, readonly Price[]>> = {
  'us-east-1': usEast1,
  'eu-west-1': euWest1,
  'eu-central-1': euCentral1,
  'ap-southeast-1': apSoutheast1,
  'sa-east-1': saEast1,
}

/** Every meter has its tiers, in ascending order; the first one is the list price. */
export interface PriceList {
  readonly region: string
  readonly tiers: Readonly<Record<Meter, readonly [Price, ...Price[]]>>
  readonly standing: Readonly<Record<StandingMeter, Price>>
}

/** A run was asked for in a region of which not every price is known: nothing is guessed, nothing is run. */
export class PricesMissing extends Error {
  override readonly name = 'PricesMissing'
  readonly region: string
  readonly missing: readonly Price['meter'][]
  constructor(region: string, missing: readonly Price['meter'][]) {
    super(
      `Region "${region}": no published price was found for ${missing.join(', ')}; expected one of ${pricedRegions().join(', ')}.`,
    )
    this.region = region
    this.missing = missing
  }
}

const meterNames = Object.keys(meters) as Meter[]
const standingNames = Object.keys(standingMeters) as StandingMeter[]

const tiersOf = (region: string, meter: Price['meter']): Price[] =>
  (Object.hasOwn(regions, region) ? [...(regions[region] ?? []), ...everywhere] : [])
    .filter((figure) => figure.meter === meter)
    .toSorted((a, b) => a.fromUnits - b.fromUnits)

const missingIn = (region: string): Price['meter'][] =>
  [...meterNames, ...standingNames].filter((meter) => tiersOf(region, meter)[0]?.fromUnits !== 0)

/** Regions in which every meter has a price. */
export const pricedRegions = (): string[] =>
  Object.keys(regions).filter((region) => missingIn(region).length === 0)

/** The price list of a region; throws PricesMissing, which names what is lacking, when it is not whole. */
export const pricesOf = (region: string): PriceList => {
  const missing = missingIn(region)
  if (missing.length > 0) throw new PricesMissing(region, missing)
  const tiers = Object.fromEntries(meterNames.map((meter) => [meter, tiersOf(region, meter)]))
  const standing = Object.fromEntries(standingNames.map((meter) => [meter, tiersOf(region, meter)[0]]))
  // Each meter has a first tier: that is what missingIn has just made sure of.
  return {
    region,
    tiers: tiers as unknown as PriceList['tiers'],
    standing: standing as unknown as PriceList['standing'],
  }
}

/** Every price of a region with its source, as a report lists them; of a rare meter only when it is in `billed`. */
export const priceFigures = (region: string, billed: ReadonlySet<string> = new Set()): Figure[] => {
  const { tiers, standing } = pricesOf(region)
  const listed = meterNames.filter((meter) => !rareMeters.has(meter) || billed.has(meter))
  return [
    ...listed.flatMap((meter) => tiers[meter].map((tier) => figureOf(tier, meters[meter].unit, region))),
    ...standingNames.map((meter) => figureOf(standing[meter], standingMeters[meter].unit, region)),
  ]
}

const figureOf = (
  { meter, fromUnits, nanoUsd, per, usageType, source, date, confidence }: Price,
  unit: string,
  region: string,
): Figure => ({
  figure: `price of ${meter} in ${region}${fromUnits > 0 ? ` above ${grouped(fromUnits)} a month` : ''} (${usageType})`,
  value: `${nanoUsd / 1e9} USD per ${grouped(per)} ${unit}`,
  source,
  date,
  confidence,
})

/** 1234567 → 1,234,567, whatever the locale of the machine. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')
