import { unreachable } from '../../shared/unreachable.ts'
import type { LoadShape } from '../scenarios/scenario.ts'
import type { Arrival } from './workload.ts'

/** Bends the arrivals of a workload; they stay sorted, and the first stays at 0. */
export const applyLoad = (arrivals: readonly Arrival[], load: LoadShape): readonly Arrival[] => {
  switch (load.kind) {
    case 'as-given':
      return arrivals
    case 'burst':
      return burst(arrivals, load)
    default:
      return unreachable(load)
  }
}

/**
 * Runs `factor` × `forMs` of arrivals around the middle order in `forMs`; later ones come earlier by what is saved:
 *
 *     given  |──────|============================|──────|
 *     bent   |──────|===|──────|
 */
const burst = (
  arrivals: readonly Arrival[],
  { factor, forMs }: { readonly factor: number; readonly forMs: number },
): readonly Arrival[] => {
  if (!(factor >= 1 && forMs > 0))
    throw new Error(`Expected factor ≥ 1 and forMs > 0, got ${factor}, ${forMs}`)
  const middleMs = arrivals[Math.floor(arrivals.length / 2)]?.atMs ?? 0
  const fromMs = Math.max(0, middleMs - (factor * forMs) / 2)
  const untilMs = fromMs + factor * forMs
  const bent = (atMs: number): number =>
    Math.min(atMs, fromMs) + clamp(atMs - fromMs, 0, untilMs - fromMs) / factor + Math.max(0, atMs - untilMs)
  return arrivals.map((arrival) => ({ ...arrival, atMs: bent(arrival.atMs) }))
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)
