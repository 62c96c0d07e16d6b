import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { contestants } from '../contestants.ts'
import { pricedRegions } from '../prices/regions.ts'
import { everydayScenarios, scenarios } from '../scenarios/all.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { regions as quotaRegions } from '../virtual-aws/quotas.ts'
import { BadInput } from '../workload/bad-input.ts'
import { type ArrivalShape, arrivalShapes, builtInWorkload } from '../workload/built-in.ts'
import {
  builtInParts,
  ordersPerPartMax,
  type PartedWorkload,
  partsNeeded,
  stretchesOf,
  wholeOf,
} from '../workload/parts.ts'
import { parseTrace } from '../workload/trace.ts'
import type { Workload } from '../workload/workload.ts'

/** The options that make a run, shared by the commands that run one. */
export interface RunOptions {
  readonly orders?: string
  readonly count?: number
  readonly rate?: number
  /** Undefined: in the shape of a day. */
  readonly arrivals?: ArrivalShape
  readonly timeScale: number
  readonly seed: number
  /** Ids, or `all`. Undefined: what the command takes by default. */
  readonly scenario?: readonly string[]
  /** Undefined: all. */
  readonly contestant?: readonly string[]
  readonly region: string
  /** Undefined: as many as keep a part within its bound. */
  readonly shards?: number
}

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !(value >= least && value <= most))
      throw new InvalidArgumentError(`Expected a whole number of at least ${least} and at most ${most}.`)
    return value
  }

/** Orders a run: their outcomes, a letter each, are held in memory. */
const countMax = 10_000_000
const shardsMax = 1_000
/** Seeds are mixed as 32-bit numbers; larger ones would repeat smaller ones. */
export const seedMax = 2 ** 32 - 1

const positive =
  (most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0) || value > most)
      throw new InvalidArgumentError(
        most === Number.POSITIVE_INFINITY
          ? 'Expected a number above 0.'
          : `Expected a number above 0 and at most ${most}.`,
      )
    return value
  }

export const oneOf =
  (known: readonly string[]) =>
  (text: string, previous: readonly string[] = []): readonly string[] => {
    if (!known.includes(text)) throw new InvalidArgumentError(`Expected one of: ${known.join(', ')}.`)
    return previous.includes(text) ? previous : [...previous, text]
  }

/** Orders a second of the built-in workload where nobody says otherwise. */
export const builtInRate = 2

/** Regions in which every price and every quota has a source. */
export const pricedAndLimited = quotaRegions.filter((region) => pricedRegions().includes(region))

/** Where nobody says otherwise. */
export const defaultRegion = 'us-east-1'

export const addRunOptions = (command: Command): Command =>
  command
    .option('--orders <file>', 'CSV trace of orders (default: a built-in workload that needs no file)')
    .option(
      '--count <n>',
      'take at most so many orders (default: all of a trace, 2000 of the built-in, 300 with --scenario all or --recover)',
      wholeNumber(1, countMax),
    )
    .option(
      '--rate <r>',
      'mean orders per second of the built-in workload (default: 2, 0.1 with --scenario all or --recover)',
      positive(5),
    )
    .option(
      '--arrivals <shape>',
      `how the orders of the built-in workload come, ${arrivalShapes.join(' or ')}: as in a trading day, or all along at the one mean rate (default: day, even with --scenario all or --recover)`,
      (text: string) => arrivalShapes.find((shape) => shape === oneOf(arrivalShapes)(text)[0]),
    )
    .option(
      '--time-scale <x>',
      'how many times faster than in the trace the orders come',
      positive(Number.POSITIVE_INFINITY),
      1,
    )
    .option('--seed <s>', 'the one seed of the run', wholeNumber(0, seedMax), 1)
    .option(
      '--contestant <id...>',
      `which to run: ${contestants.map((each) => each.id).join(', ')} (default: all)`,
      oneOf(contestants.map((each) => each.id)),
    )
    .option(
      '--region <r>',
      `AWS Region whose prices and quotas apply: ${pricedAndLimited.join(', ')}`,
      (text: string) => oneOf(pricedAndLimited)(text)[0],
      defaultRegion,
    )

export const addShardsOption = (command: Command): Command =>
  command.option(
    '--shards <n>',
    `split the orders into parts that each run on a stack of their own, with their own stock and quotas (default: 1 for each started ${ordersPerPartMax} orders)`,
    wholeNumber(1, shardsMax),
  )

/** In place of an id: every scenario. */
const every = 'all'

export const addScenarioOption = (command: Command, fallback: string): Command =>
  command.option(
    '--scenario <id...>',
    `which to run: ${scenarios.map((each) => each.id).join(', ')}, or ${every} (default: ${fallback})`,
    oneOf([...scenarios.map((each) => each.id), every]),
  )

/** The scenarios that were asked for, in the order of reports; those of every day where nobody asked. */
export const scenariosOf = ({ scenario }: Pick<RunOptions, 'scenario'>): readonly Scenario[] => {
  if (scenario === undefined) return everydayScenarios
  return scenario.includes(every) ? scenarios : scenarios.filter(({ id }) => scenario.includes(id))
}

/** Orders of the built-in workload where every scenario is asked for and nobody says how many: enough to meet each fault. */
const ordersOfEvery = 300

/**
 * They come over 50 minutes, so that orders still come when a fault of ten minutes, or of 45, is over; and evenly, so
 * that the share of them that a fault meets is that of its time, and not of the hour of the day at which it begins.
 */
export const loadOfEvery = { count: ordersOfEvery, rate: 0.1, arrivals: 'even' } as const

/** The same options, with a load that faults are seen by where every scenario or a recovery is asked for and nobody said otherwise. */
export const sizedForScenarios = <Options extends RunOptions & { readonly recover?: true }>(
  options: Options,
): Options =>
  (options.scenario?.includes(every) || options.recover === true) && options.orders === undefined
    ? { ...loadOfEvery, ...options }
    : options

/** Reads and checks the workload that the options ask for, in its parts. */
export const workloadOf = (options: RunOptions): PartedWorkload => {
  if (options.orders === undefined) {
    if (options.timeScale !== 1)
      throw new BadInput('--time-scale: goes with --orders; the built-in workload takes --rate')
    const builtIn = {
      count: options.count ?? 2000,
      ratePerSecond: options.rate ?? builtInRate,
      seed: options.seed,
      ...(options.arrivals === undefined ? {} : { arrivals: options.arrivals }),
    }
    const shards = shardsFor(options, builtIn.count)
    return shards === 1 ? wholeOf(builtInWorkload(builtIn)) : builtInParts(builtIn, shards)
  }
  const trace = traceOf(options, options.orders)
  const shards = shardsFor(options, trace.arrivals.length)
  return shards === 1 ? wholeOf(trace) : stretchesOf(trace, shards)
}

const shardsFor = ({ shards }: RunOptions, orders: number): number => {
  if (shards !== undefined && shards > orders)
    throw new BadInput(`--shards: expected at most one for each of the ${orders} orders, got ${shards}`)
  return shards ?? partsNeeded(orders)
}

const traceOf = (options: RunOptions, file: string): Workload => {
  if (options.rate !== undefined)
    throw new BadInput('--rate: goes with the built-in workload; a trace takes --time-scale')
  if (options.arrivals !== undefined)
    throw new BadInput('--arrivals: goes with the built-in workload; the orders of a trace come as it says')
  return parseTrace(textOf(file), {
    source: basename(file),
    seed: options.seed,
    timeScale: options.timeScale,
    ...(options.count === undefined ? {} : { count: options.count }),
  })
}

/** The text of a file; bytes that are no UTF-8 are refused, since two ids could become one. */
const textOf = (path: string): string => {
  const refusal = (why: string, cause?: unknown): BadInput =>
    new BadInput(`--orders ${path}: expected a CSV file that can be read, but ${why}`, { cause })
  let bytes: Buffer
  try {
    if (!statSync(path).isFile()) throw refusal('it is no file')
    bytes = readFileSync(path)
  } catch (cause) {
    if (cause instanceof BadInput) throw cause
    throw refusal(reason(cause), cause)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw refusal('it is not UTF-8', cause)
  }
}

const reason = (cause: unknown): string => {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  if (code === 'ENOENT') return 'there is none'
  return cause instanceof Error ? cause.message : String(cause)
}

/** The command that repeats a run, with nothing but what was asked for. */
export const commandLine = (command: string, options: RunOptions, extra: readonly string[] = []): string => {
  const words = [
    ...(options.orders === undefined ? [] : ['--orders', options.orders]),
    ...(options.count === undefined ? [] : ['--count', String(options.count)]),
    ...(options.rate === undefined ? [] : ['--rate', String(options.rate)]),
    ...(options.arrivals === undefined ? [] : ['--arrivals', options.arrivals]),
    ...(options.timeScale === 1 ? [] : ['--time-scale', String(options.timeScale)]),
    '--seed',
    String(options.seed),
    ...(options.scenario ?? []).flatMap((id) => ['--scenario', id]),
    ...(options.contestant ?? []).flatMap((id) => ['--contestant', id]),
    ...(options.region === defaultRegion ? [] : ['--region', options.region]),
    ...(options.shards === undefined ? [] : ['--shards', String(options.shards)]),
    ...extra,
  ]
  return `npm run -s ovc -- ${command} ${words.map(quoted).join(' ')}`
}

/** The command that shows an order of a run, in each contestant that it had. */
export const explainLine = (
  options: RunOptions & { readonly latency?: string },
  scenario: string,
  orderId: string,
): string =>
  commandLine('explain', { ...options, scenario: [scenario] }, [
    ...(options.latency === undefined ? [] : ['--latency', options.latency]),
    '--order',
    orderId,
  ])

/** As a POSIX shell takes it for one word. */
export const quoted = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
