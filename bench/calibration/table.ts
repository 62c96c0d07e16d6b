import { z } from 'zod'
import { type Hop, type HopFigure, hopFigures } from '../virtual-aws/latency/hops.ts'
import type { LatencyOverrides } from '../virtual-aws/latency.ts'

/** Latencies that were observed in one run, for use in place of the published ones. Times in ms. */

export const hopNames = Object.keys(hopFigures) as readonly Hop[]

const ms = z.number().positive()

const rowSchema = z
  .strictObject({
    p10: ms,
    p50: ms,
    p90: ms,
    p95: ms,
    p99: ms,
    max: ms,
    n: z.int().positive(),
    confidence: z.enum(['H', 'M', 'L', 'assumption']),
    derivation: z.string(),
  })
  .refine(({ p10, p50, p90, p95, p99, max }) => isRising([p10, p50, p90, p95, p99, max]), {
    error: 'expected quantiles that rise from p10 to max',
  })

export const latencyTableSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('latency table'),
  label: z.string().describe('What these latencies are, in words.'),
  source: z.strictObject({
    run: z.string(),
    runtime: z.enum(['emulator', 'aws']),
    region: z.string(),
    scenario: z.string(),
    startedAt: z.iso.datetime().optional(),
    version: z.string(),
    inRegion: z.boolean().describe('Whether the front door was called from within the region.'),
  }),
  hops: z.partialRecord(z.enum(hopNames), rowSchema),
  published: z
    .array(z.strictObject({ hop: z.enum(hopNames), why: z.string() }))
    .describe('Hops that keep their published row.'),
})

export type LatencyTable = z.infer<typeof latencyTableSchema>
export type LatencyRow = z.infer<typeof rowSchema>

const isRising = (values: readonly number[]): boolean =>
  values.every((value, index) => value >= (values[index - 1] ?? 0))

/** The rows of a table as a run takes them, each with its source. */
export const figuresOf = ({ hops, source }: LatencyTable): LatencyOverrides =>
  Object.fromEntries(
    Object.entries(hops).map(([hop, { p95, ...row }]): [string, HopFigure] => [
      hop,
      {
        ...row,
        about: hopFigures[hop as Hop].about,
        more: [[0.95, p95]],
        source: sourceInWords(source),
        date: source.startedAt?.slice(0, 'yyyy-mm-dd'.length) ?? 'unknown',
      },
    ]),
  )

/** "observed in run 1f2e3d on AWS, us-east-1, scenario steady". */
const sourceInWords = ({ run, runtime, region, scenario }: LatencyTable['source']): string =>
  runtime === 'aws'
    ? `observed in run ${run} on AWS, ${region}, scenario ${scenario}`
    : `observed in run ${run} on an emulator, scenario ${scenario}: says nothing of AWS`
