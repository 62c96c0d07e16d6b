import Table from 'cli-table3'
import type { Command } from 'commander'
import { assemble, jobsOf, type Plan } from '../assemble.ts'
import {
  type Pair,
  toleranceMs,
  toleranceShares,
  type ValidationRow,
  validationOf,
} from '../calibration/validate.ts'
import { contestants } from '../contestants.ts'
import type { Job, JobResult } from '../jobs.ts'
import { fixed, ms } from '../report/format.ts'
import { labelOf } from '../report/view.ts'
import type { Results } from '../results.ts'
import { scenarios } from '../scenarios/all.ts'
import { BadInput } from '../workload/bad-input.ts'
import { type PartedWorkload, workloadOfPart } from '../workload/parts.ts'
import { tagged, tagOf } from '../workload/tagged.ts'
import { bare, resultsFile } from './calibrate.ts'
import { readJsonFile } from './json-file.ts'
import { type LatencyChoice, latencyWords } from './latency-options.ts'
import { pricedAndLimited, type RunOptions, workloadOf } from './run-options.ts'
import { templates } from './templates.ts'
import { version } from './version.ts'

export interface ValidateOptions {
  readonly validate: string
  readonly orders?: string
  readonly latency?: string
}

/** What may be said beside --validate: the rest is in the file. */
const companions: ReadonlySet<string> = new Set(['validate', 'orders', 'latency'])

/** Refuses options that the file answers. Throws BadInput. */
export const checkAlone = (command: Command): void => {
  const strangers = command.options
    .filter(
      (option) =>
        !companions.has(option.attributeName()) &&
        command.getOptionValueSource(option.attributeName()) === 'cli',
    )
    .map(({ long }) => long)
  if (strangers.length > 0)
    throw new BadInput(`--validate: the load is that of the file; leave out ${strangers.join(', ')}`)
}

/** The live run in the file, and the plan that repeats its load in the virtual AWS. Throws BadInput. */
export const replayOf = async (
  options: ValidateOptions,
  choice: LatencyChoice | undefined,
): Promise<{ readonly observed: Results; readonly plan: Plan; readonly jobs: readonly Job[] }> => {
  const observed = readJsonFile('--validate', options.validate, resultsFile)
  const { run } = observed
  const refuse = (why: string): BadInput => new BadInput(`--validate ${options.validate}: ${why}`)
  const { tag } = run
  if (run.runtime === 'virtual' || tag === undefined)
    throw refuse('expected results of a run with --target, got those of the virtual AWS')
  if (!pricedAndLimited.includes(run.region))
    throw refuse(`expected a region of ${pricedAndLimited.join(', ')}, got ${run.region}`)
  const workload = loadOf(observed, options, refuse)
  const plan: Plan = {
    contestants: observed.contestants.map(({ id }) => known(contestants, id, refuse)),
    scenarios: observed.scenarios.map(({ id }) => known(scenarios, id, refuse)),
    workload,
    material: {
      templates: await templates(),
      seed: run.seed,
      region: run.region,
      watchesHops: true,
      ...(choice === undefined ? {} : { latency: choice.latency }),
    },
    timeScale: run.workload.timeScale,
    command: run.command,
    version,
  }
  return { observed, plan, jobs: jobsOf(plan).flatMap((job) => replayed(job, tag)) }
}

/** The same orders under the ids that they had: what becomes of an order hangs on its id. */
const replayed = (job: Job, tag: string): readonly Job[] =>
  job.kind !== 'run'
    ? []
    : [
        {
          ...job,
          workload: {
            kind: 'given',
            workload: tagged(workloadOfPart(job.workload), tagOf(tag, job.scenario)),
          },
        },
      ]

const loadOf = (
  { run }: Results,
  { orders, validate }: ValidateOptions,
  refuse: (why: string) => BadInput,
): PartedWorkload => {
  const { source, ratePerSecond, timeScale, sha256 } = run.workload
  const isBuiltIn = ratePerSecond !== undefined
  if (isBuiltIn && orders !== undefined) throw refuse('its load is the built-in workload; leave out --orders')
  if (!isBuiltIn && orders === undefined)
    throw refuse(`expected the trace ${source} that it ran, in --orders, got none`)
  const options: Omit<RunOptions, 'region'> = {
    count: run.workload.orders,
    seed: run.seed,
    timeScale,
    ...(isBuiltIn ? { rate: ratePerSecond } : {}),
    ...(orders === undefined ? {} : { orders }),
  }
  const workload = workloadOf({ ...options, region: run.region })
  if (workload.sha256 === sha256) return workload
  throw isBuiltIn
    ? refuse('its built-in workload is not that of this version: run it anew')
    : new BadInput(
        `--orders ${orders ?? ''}: expected the trace that ${validate} ran (SHA-256 ${sha256.slice(0, 12)}), got another (${workload.sha256.slice(0, 12)})`,
      )
}

const known = <Thing extends { readonly id: string }>(
  things: readonly Thing[],
  id: string,
  refuse: (why: string) => BadInput,
): Thing => {
  const found = things.find((thing) => thing.id === id)
  if (found === undefined) throw refuse(`it has ${id}, which this version does not know`)
  return found
}

/** What `--validate` prints: a report, whatever it finds. */
export const validationText = (
  observed: Results,
  plan: Plan,
  answers: readonly JobResult[],
  choice: LatencyChoice | undefined,
): string => {
  const rows = validationOf(observed, assemble(plan, answers, 0))
  const { run } = observed
  const shares = Object.entries(toleranceShares).map(([name, share]) => `${name} ${share * 100}%`)
  const off = rows.filter(({ p50, p90, p99 }) => p50.isOff || p90.isOff || p99.isOff).length
  return [
    `Observed: run ${run.id}, ${labelOf(observed)}, ${run.workload.orders} orders, seed ${run.seed}, ${run.region}`,
    ...(run.runtime === 'emulator'
      ? ["The observed latencies are an emulator's: what follows says nothing of AWS."]
      : []),
    ...(run.version === plan.version
      ? []
      : [`It was made by version ${run.version}; this is ${plan.version}.`]),
    `Predicted: the same load in the virtual AWS, simulated, latencies ${latencyWords(choice)}`,
    '',
    ...groupsOf(rows).flatMap(([title, own]) => [title, tableOf(own), '']),
    `! predicted and observed are further apart than ${toleranceMs} ms and than ${shares.join(', ')} of the observed.`,
    `${off} of ${rows.length} rows are.`,
    '',
    ...[...notes, ...backwardsNotes(observed)].map((note) => `* ${note}`),
    '',
  ].join('\n')
}

const notes = [
  'A path is a stretch that can be seen from outside; half an API call, or an invocation, is in those with an arrow.',
  'The front door is called from where the run was made: the way from there to the region is in what was observed.',
  'Messages that waited for a poller or a quota waited in both; what an account has to itself or shares, nobody sees.',
]

/** Where clocks differ by more than a stretch takes, its quantiles are those of the rest. */
const backwardsNotes = ({ scenarios: observed }: Results): readonly string[] =>
  observed.flatMap(({ id, paths = [] }) =>
    paths.flatMap(({ path, n, backwards }) =>
      backwards === undefined
        ? []
        : [`${id}: ${path}: ${backwards} beside those ${n} ended before they began, by two clocks.`],
    ),
  )

const groupsOf = (
  rows: readonly ValidationRow[],
): readonly (readonly [string, readonly ValidationRow[]])[] => {
  const titleOf = ({ scenario, group }: ValidationRow): string => `${scenario}: ${group}`
  return [...new Set(rows.map(titleOf))].map((title) => [title, rows.filter((row) => titleOf(row) === title)])
}

const tableOf = (rows: readonly ValidationRow[]): string => {
  const quantiles = ['p50', 'p90', 'p99'] as const
  const table = new Table({
    head: ['', 'n', ...quantiles.flatMap((name) => [`${name} pred.`, 'obs.', 'ratio', ''])],
    colAligns: ['left', 'right', ...quantiles.flatMap(() => quantileAligns)],
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true },
  })
  for (const { name, n, ...row } of rows)
    table.push([name, String(n.observed), ...quantiles.flatMap((quantile) => cellsOf(row[quantile]))])
  return table.toString().replaceAll(/ +$/gm, '')
}

const quantileAligns = ['right', 'right', 'right', 'left'] as const

const cellsOf = ({ predicted, observed, ratio, isOff }: Pair): readonly string[] => [
  ms(predicted),
  ms(observed),
  ratio === undefined ? '–' : fixed(ratio, 2),
  isOff ? '!' : '',
]
