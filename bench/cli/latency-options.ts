import { figuresOf, type LatencyTable } from '../calibration/table.ts'
import type { Results } from '../results.ts'
import type { LatencyOverrides } from '../virtual-aws/latency.ts'
import { latencyFile } from './calibrate.ts'
import { readJsonFile } from './json-file.ts'

/** Latencies that a run draws from in place of the published ones, and where they are from. */
export interface LatencyChoice {
  readonly latency: LatencyOverrides
  readonly latencies: NonNullable<Results['run']['latencies']>
  readonly label: string
}

/** Reads the file of --latency; undefined where nobody named one. Throws BadInput. */
export const latencyChoice = (file: string | undefined): LatencyChoice | undefined =>
  file === undefined ? undefined : choiceOf(readJsonFile('--latency', file, latencyFile))

const choiceOf = (table: LatencyTable): LatencyChoice => {
  const { run, runtime, region } = table.source
  return {
    latency: figuresOf(table),
    latencies: { run, runtime, region, hops: Object.keys(table.hops) },
    label: table.label,
  }
}

/** "published", or whose they are. */
export const latencyWords = (choice: LatencyChoice | undefined): string =>
  choice === undefined
    ? 'as published'
    : `of run ${choice.latencies.run} (${choice.label}), the others as published`
