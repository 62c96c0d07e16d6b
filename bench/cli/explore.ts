import { Command, Option } from 'commander'
import { contestants } from '../contestants.ts'
import { diagramsOf, exploredKinds } from '../explore/explain.ts'
import { type Arena, type Finding, type Found, findingsOf } from '../explore/findings.ts'
import { parseSchedule, type Schedule, scheduleText } from '../explore/schedule.ts'
import { shrink } from '../explore/shrink.ts'
import type { Job } from '../jobs.ts'
import { runJobs } from '../pool.ts'
import { faultWords } from '../report/fault-words.ts'
import { bundleOf } from './bundle.ts'
import { Interrupted, interruptible } from './interrupt.ts'
import { createProgress } from './progress.ts'
import { defaultRegion, oneOf, quoted, seedMax, wholeNumber } from './run-options.ts'
import { templates } from './templates.ts'

interface ExploreOptions {
  readonly runs: number
  readonly faults: number
  readonly seed: number
  readonly contestant?: readonly string[]
  readonly replay?: Schedule
}

const runsMax = 1_000_000
const faultsMax = 20
/** Schedules a job: enough that handing them over costs nothing, few enough that both cores end at once. */
const runsPerJob = 20

/** Looks for a schedule of faults that breaks what is promised, of the stacks that are given. */
export const exploreCommand = (stacks: () => Promise<Arena['templates']> = templates): Command =>
  new Command('explore')
    .description(
      `Run random schedules of faults that the design promises to survive (${exploredKinds.join(', ')}) over a handful of orders, in each contestant, and shrink the first that breaks a law.`,
    )
    .option('--runs <n>', 'schedules to run', wholeNumber(1, runsMax), 1_000)
    .option('--faults <k>', 'faults of a schedule at most', wholeNumber(1, faultsMax), 3)
    .option('--seed <s>', 'what all schedules hang on', wholeNumber(0, seedMax), 1)
    .option(
      '--contestant <id...>',
      `which to run: ${contestants.map(({ id }) => id).join(', ')} (default: all)`,
      oneOf(contestants.map(({ id }) => id)),
    )
    .addOption(
      new Option('--replay <schedule>', 'one schedule, as a finding prints it, in place of random ones')
        .argParser(parseSchedule)
        .conflicts(['runs', 'faults', 'seed']),
    )
    .allowExcessArguments(false)
    .action(async (options: ExploreOptions) => {
      const arena = {
        contestants: contestants.filter(({ id }) => options.contestant?.includes(id) ?? true),
        templates: await stacks(),
        region: defaultRegion,
      }
      process.exitCode = await (options.replay === undefined
        ? explore(options, arena)
        : replay(options.replay, options, arena))
    })

const explore = async (options: ExploreOptions, arena: Arena): Promise<0 | 1> => {
  const found = await interruptible((signal) => search(options, arena, signal))
  if (found === undefined) {
    process.stdout.write(
      `${counted(options.runs, 'schedule')} of up to ${counted(options.faults, 'fault')}, seed ${options.seed}, in ${counted(arena.contestants.length, 'contestant')}: no promise was broken.\nDrawn from: ${exploredKinds.join(', ')}.\n`,
    )
    return 0
  }
  const which = `Schedule ${found.run + 1} of ${options.runs}, seed ${options.seed}, breaks a promise: ${sizeOf(found.schedule)}`
  const { schedule, finding, tries } = await interruptible((signal) =>
    shrink(found, arena, () => signal.throwIfAborted()),
  ).catch((error: unknown) => {
    // What took long to find is not to be lost with what was left to do.
    if (error instanceof Interrupted)
      process.stdout.write(
        `${which}, stopped before it was shrunk.\n\n${findingLines(found.schedule, found.finding, options)}`,
      )
    throw error
  })
  process.stdout.write(`${which}, shrunk to ${sizeOf(schedule)} in ${counted(tries, 'run')}.\n\n`)
  await tell(schedule, finding, options, arena)
  return 1
}

/** One schedule again; all that it breaks is told, and the first of it is drawn. */
const replay = async (schedule: Schedule, options: ExploreOptions, arena: Arena): Promise<0 | 1> => {
  const [finding, ...others] = await findingsOf(schedule, arena)
  if (finding === undefined) {
    process.stdout.write(`${sizeOf(schedule)}: no promise was broken.\n`)
    return 0
  }
  await tell(schedule, finding, options, arena)
  for (const other of others) process.stdout.write(`Also broken: ${findingText(other)}\n`)
  return 1
}

const search = async (
  { runs, faults, seed }: ExploreOptions,
  { contestants, ...material }: Arena,
  signal: AbortSignal,
): Promise<Found | undefined> => {
  const jobs = Array.from(
    { length: Math.ceil(runs / runsPerJob) },
    (_, index): Job => ({
      kind: 'explore',
      contestants: contestants.map(({ id }) => id),
      seed,
      faultsMax: faults,
      from: index * runsPerJob,
      upTo: Math.min(runs, (index + 1) * runsPerJob),
    }),
  )
  const progress = createProgress(runs, { unit: 'schedules' })
  let explored = 0
  try {
    const results = await runJobs(
      jobs,
      { ...material, seed },
      {
        signal,
        workerFile: await bundleOf('bench/job-worker.ts'),
        isEnough: (result) => result.kind === 'explore' && result.found !== undefined,
        onAdvance: ({ orders }) => {
          explored = orders
          progress.step(orders, 'nothing found so far')
        },
      },
    )
    // Jobs begin in their order, so that all before the first finding have been done.
    for (const result of results)
      if (result.kind === 'explore' && result.found !== undefined) return result.found
    return undefined
  } catch (error) {
    if (error instanceof Interrupted)
      process.stderr.write(
        `\novc: stopped after ${explored} of ${runs} schedules; nothing was found in them\n`,
      )
    throw error
  } finally {
    progress.end()
  }
}

const tell = async (
  schedule: Schedule,
  finding: Finding,
  options: ExploreOptions,
  arena: Arena,
): Promise<void> => {
  process.stdout.write(`${findingLines(schedule, finding, options)}\n`)
  for (const { contestant, orderId, diagram } of await diagramsOf(schedule, finding, arena))
    process.stdout.write(`${orderId}, ${contestant}:\n\n\`\`\`mermaid\n${diagram}\n\`\`\`\n\n`)
}

/** What is broken, by which faults, and the command that repeats it. */
const findingLines = (
  schedule: Schedule,
  finding: Finding,
  { contestant = [] }: Pick<ExploreOptions, 'contestant'>,
): string => {
  const chosen = contestant.flatMap((id) => ['--contestant', id])
  const words = ['--replay', scheduleText(schedule), ...chosen]
  return [
    `Broken: ${findingText(finding)}`,
    ...schedule.faults.map((fault) => `  ${faultWords(fault)}`),
    `Repeat with: npm run -s ovc -- explore ${words.map(quoted).join(' ')}`,
    '',
  ].join('\n')
}

const findingText = ({ law, contestants, examples }: Finding): string =>
  `${law} (${contestants.join(' and ')}${examples.length === 0 ? '' : `: ${examples.join(', ')}`})`

const sizeOf = ({ faults, orders }: Schedule): string =>
  `${counted(faults.length, 'fault')} and ${counted(orders.length, 'order')}`

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
