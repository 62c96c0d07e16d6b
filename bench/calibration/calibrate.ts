import type { PathId } from '../measure/hops.ts'
import type { Results, ScenarioResults } from '../results.ts'
import { type Hop, type HopFigure, hopFigures } from '../virtual-aws/latency/hops.ts'
import { BadInput } from '../workload/bad-input.ts'
import { hopNames, type LatencyRow, type LatencyTable } from './table.ts'

/** With fewer observations a hop keeps its published row. */
export const observationsMin = 30

/** Functions' clocks and queues tell whole milliseconds: what took none of them took about half a one. */
const shortestMs = 0.5

/** Where a hop can be seen: in a path, once the medians of what else lies in it are taken out. */
export interface Way {
  readonly path: PathId
  readonly less?: readonly [share: number, hop: Hop]
  /** Seen from where the run was made: the way to the region is in it, unless that is where it was made. */
  readonly isFrontDoor?: true
}

const halfCall = [0.5, 'sqs.call'] as const
const invocation = [1, 'lambda.invoke'] as const

/** The better way first. `sqs.call` comes first of all, since others take half of it out. */
export const ways: readonly (readonly [Hop, readonly Way[]])[] = [
  ['sqs.call', [{ path: 'sqs.call' }, { path: 'front door: SendMessage', isFrontDoor: true }]],
  ['states.startExecution', [{ path: 'front door: StartExecution', isFrontDoor: true }]],
  [
    'states.start',
    [
      { path: 'states.start → queue', less: halfCall },
      { path: 'states.start → function', less: invocation },
    ],
  ],
  [
    'states.transition',
    [
      { path: 'states.transition → queue', less: halfCall },
      { path: 'states.transition → function', less: invocation },
    ],
  ],
  ['states.answer', [{ path: 'states.answer' }]],
  ['sqs.deliver', [{ path: 'sqs.deliver' }]],
  ['sqs.deliverFifo', [{ path: 'sqs.deliverFifo' }]],
  ['events.put', [{ path: 'events.put' }]],
  ['events.route', [{ path: 'events.route → queue', less: halfCall }]],
  ['lambda.init', [{ path: 'lambda.init' }]],
  ['dynamodb.read', [{ path: 'dynamodb.read' }]],
  ['dynamodb.write', [{ path: 'dynamodb.write' }]],
  ['dynamodb.transact', [{ path: 'dynamodb.transact' }]],
]

/** Why a hop that no path shows keeps its published row. */
const unseen: Partial<Record<Hop, string>> = {
  'lambda.invoke':
    'not told from the transition before it; its published median is what is taken out of that where no queue shows it',
  'lambda.asyncQueue': 'no contestant invokes a function asynchronously',
  'lambda.placement': 'Lambda reports the INIT of a cold start, and not what goes before it',
}

export interface CalibrateOptions {
  /** The scenario to read; else `steady`, or the first that was observed. */
  readonly scenario?: string
  /** Whether the run was made from within the region, so that its own calls take what any call there takes. */
  readonly inRegion: boolean
}

/** Turns what a live run observed into a latency table. Throws BadInput for results that observed nothing. */
export const calibrate = (
  results: Results,
  { scenario: asked, inRegion }: CalibrateOptions,
): LatencyTable => {
  const { run } = results
  if (run.runtime === 'virtual')
    throw new BadInput('expected results of a run with --target, got those of the virtual AWS')
  const scenario = observedScenario(results, asked)
  // Whatever calls an emulator stands beside it.
  const isNear = inRegion || run.runtime === 'emulator'
  const rows = new Map<Hop, LatencyRow>()
  const published: { hop: Hop; why: string }[] = []
  for (const [hop, ownWays] of ways) {
    const row = rowOf(ownWays, scenario, rows, { isNear, runtime: run.runtime })
    if (typeof row === 'string') published.push({ hop, why: row })
    else rows.set(hop, row)
  }
  for (const hop of hopNames) {
    const why = unseen[hop]
    if (why !== undefined) published.push({ hop, why })
  }
  if (rows.size === 0)
    throw new BadInput(
      `expected at least ${observationsMin} observations of some hop in scenario ${scenario.id}, got too few of each: run more orders`,
    )
  return {
    schemaVersion: 1,
    kind: 'latency table',
    label:
      run.runtime === 'aws'
        ? `measured on AWS, ${run.region}`
        : "emulated: an emulator's latencies, which say nothing of AWS",
    source: {
      run: run.id,
      runtime: run.runtime,
      region: run.region,
      scenario: scenario.id,
      ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
      version: run.version,
      inRegion: isNear,
    },
    hops: Object.fromEntries(hopNames.flatMap((hop) => (rows.has(hop) ? [[hop, rows.get(hop)]] : []))),
    published,
  }
}

type Observed = ScenarioResults & { readonly paths: NonNullable<ScenarioResults['paths']> }

const observedScenario = ({ scenarios }: Results, asked: string | undefined): Observed => {
  const observed = scenarios.flatMap((scenario) => {
    const { paths } = scenario
    return paths === undefined ? [] : [{ ...scenario, paths }]
  })
  const found =
    asked === undefined
      ? (observed.find(({ id }) => id === 'steady') ?? observed[0])
      : observed.find(({ id }) => id === asked)
  if (found !== undefined) return found
  throw new BadInput(
    asked === undefined
      ? 'expected results that tell what was observed hop by hop, got none: the run was made by an older version'
      : `--scenario ${asked}: expected one that was observed: ${observed.map(({ id }) => id).join(', ') || 'there is none'}`,
  )
}

interface Circumstances {
  readonly isNear: boolean
  readonly runtime: 'emulator' | 'aws'
}

/** The row by the first way that shows enough; else why there is none. */
const rowOf = (
  own: readonly Way[],
  { paths }: Observed,
  rows: ReadonlyMap<Hop, LatencyRow>,
  { isNear, runtime }: Circumstances,
): LatencyRow | string => {
  const seen = own.map((way) => ({ way, path: paths.find(({ path }) => path === way.path) }))
  const enough = seen.flatMap(({ way, path }) =>
    path !== undefined && path.n >= observationsMin ? [{ way, path }] : [],
  )
  const usable = enough.find(({ way }) => way.isFrontDoor === undefined || isNear)
  if (usable === undefined)
    return enough.length > 0
      ? 'seen from where the run was made only, with the way to the region in it: say --in-region if it was made there'
      : `${Math.max(0, ...seen.map(({ path }) => path?.n ?? 0))} observations, fewer than ${observationsMin}`
  const { way, path } = usable
  const [share, hop] = way.less ?? [0, undefined]
  const lessMs = hop === undefined ? 0 : share * (rows.get(hop)?.p50 ?? (hopFigures[hop] as HopFigure).p50)
  const left = (value: number): number => Math.max(shortestMs, Math.round((value - lessMs) * 1000) / 1000)
  const backwardsWords =
    path.backwards === undefined ? '' : ` ${path.backwards} more ended before they began, by two clocks.`
  return {
    p10: left(path.p10),
    p50: left(path.p50),
    p90: left(path.p90),
    p95: left(path.p95),
    p99: left(path.p99),
    max: left(path.max),
    n: path.n,
    confidence: runtime === 'aws' ? confidenceOf(path.n, hop !== undefined) : 'assumption',
    derivation:
      hop === undefined
        ? `The path "${path.path}" as it was observed.${backwardsWords}`
        : `The path "${path.path}" less ${share === 1 ? '' : 'half '}the median of ${hop}, ${lessMs} ms (${rows.has(hop) ? 'observed' : 'published'}).${backwardsWords}`,
  }
}

/** What a p99 can rest on: of a hundred observations it is the longest or the one below. */
const confidenceOf = (n: number, isSplit: boolean): LatencyRow['confidence'] => {
  if (n < 100) return 'L'
  return n < 1_000 || isSplit ? 'M' : 'H'
}
