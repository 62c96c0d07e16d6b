import { Command } from 'commander'
import { assemble, breaches, jobsOf, type Plan } from '../assemble.ts'
import { contestants } from '../contestants.ts'
import type { Job, JobResult } from '../jobs.ts'
import type { Target } from '../live/target.ts'
import { type Advance, runJobs } from '../pool.ts'
import { renderHtml } from '../report/html.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderTerminal } from '../report/terminal.ts'
import type { Results } from '../results.ts'
import { everydayScenarios } from '../scenarios/all.ts'
import { resultsWithTimelines, timelineJobs } from '../timelines.ts'
import { describedMax } from '../virtual-aws/services/states/executions.ts'
import { BadInput } from '../workload/bad-input.ts'
import { ordersIn } from '../workload/parts.ts'
import { bundleOf } from './bundle.ts'
import type { Answers, Keep } from './compare-live.ts'
import { Interrupted, interruptible } from './interrupt.ts'
import { latencyChoice } from './latency-options.ts'
import {
  addLiveOptions,
  inItsRegion,
  type LiveOptions,
  liveOrders,
  liveScenarios,
  targetOf,
  targetWords,
} from './live-options.ts'
import { checkWritable, writeAll } from './output.ts'
import { createProgress } from './progress.ts'
import {
  addRunOptions,
  addScenarioOption,
  addShardsOption,
  builtInRate,
  commandLine,
  explainLine,
  scenariosOf,
  sizedForScenarios,
  workloadOf,
} from './run-options.ts'
import { templates } from './templates.ts'
import { checkAlone, replayOf, type ValidateOptions, validationText } from './validate.ts'
import { version } from './version.ts'

interface CompareOptions extends LiveOptions {
  readonly out: string
  readonly latency?: string
  readonly validate?: string
  readonly recover?: true
}

/** The main job: every contestant under every scenario, measured, compared, and reported. */
export const compareCommand = (): Command =>
  addLiveOptions(
    addShardsOption(
      addScenarioOption(
        addRunOptions(
          new Command('compare').description(
            'Run the same orders through every contestant and every scenario, and report the differences.',
          ),
        ),
        `those of every day, ${everydayScenarios.map(({ id }) => id).join(', ')}`,
      ),
    ),
  )
    .option('--out <dir>', 'folder for results.json, report.md and report.html', 'results')
    .option('--latency <file>', 'a table of calibrate, in place of the published latencies')
    .option(
      '--recover',
      'when a scenario with faults is at rest, do what its operator has to do, and see what is left',
    )
    .option(
      '--validate <results.json>',
      'repeat the load of a run with --target in the virtual AWS, and print predicted against observed',
    )
    .allowExcessArguments(false)
    .action(async (given: CompareOptions, command: Command) => {
      if (given.validate === undefined)
        await compareRun(await inItsRegion(given, command.getOptionValueSource('region') !== 'default'))
      else {
        checkAlone(command)
        await validateRun({ ...given, validate: given.validate })
      }
    })

const compareRun = async (given: CompareOptions): Promise<void> => {
  const startedMs = performance.now()
  const target = targetOf(given)
  const options =
    target === undefined
      ? sizedForScenarios(given)
      : given.orders === undefined
        ? { count: liveOrders, ...given }
        : given
  if (target !== undefined && options.latency !== undefined)
    throw new BadInput('--latency: goes with --target virtual; a real target has its own')
  if (target !== undefined && options.recover === true)
    throw new BadInput('--recover: goes with --target virtual; no fault is injected on a real one')
  const choice = latencyChoice(options.latency)
  const workload = workloadOf(options)
  if (options.recover === true) checkRecoverable(workload)
  checkWritable(options.out, ['results.json', 'report.md', 'report.html'])
  const plan: Plan = {
    contestants: contestants.filter(({ id }) => isChosen(options.contestant, id)),
    scenarios: target === undefined ? scenariosOf(options) : liveScenarios(options),
    workload,
    material: {
      templates: await templates(),
      seed: options.seed,
      region: options.region,
      ...(choice === undefined ? {} : { latency: choice.latency }),
      ...(options.recover === undefined ? {} : { recovers: options.recover }),
    },
    timeScale: options.timeScale,
    command: commandLine('compare', options, [
      ...targetWords(options),
      ...latencyOption(options),
      ...(options.recover === true ? ['--recover'] : []),
    ]),
    explain: (scenario, orderId) => explainLine(options, scenario, orderId),
    version,
    ...(choice === undefined ? {} : { latencies: choice.latencies }),
    ...(target === undefined ? {} : { real: realOf(target, options) }),
  }
  const wallMs = (): number => Math.round(performance.now() - startedMs)
  if (target === undefined) {
    const results = await interruptible((signal) => virtualResults(plan, signal))
    await writeResults({ ...results, run: { ...results.run, wallMs: wallMs() } }, options.out)
    return
  }
  const keep: Keep = (answers) => writeFiles(assemble(plan, answers, wallMs()), options.out)
  await writeRun(plan, await liveAnswers(plan, target, options, keep), options.out, wallMs())
}

/** Writes and prints what was measured, and sets the exit code; then throws what ended the run before its last job. */
export const writeRun = async (
  plan: Plan,
  { answers, failure }: Answers,
  out: string,
  wallMs: number,
): Promise<void> => {
  await writeResults(assemble(plan, answers, wallMs), out)
  if (failure !== undefined) throw failure
}

const writeResults = async (results: Results, out: string): Promise<void> => {
  const written = await writeFiles(results, out)
  process.stdout.write(`${renderTerminal(results, { colour: process.stdout.isTTY === true })}\n`)
  process.stdout.write(`\nWritten: ${written.join(', ')}\n`)
  process.exitCode = conclude(results)
}

const writeFiles = async (results: Results, out: string): Promise<readonly string[]> =>
  writeAll(out, {
    'results.json': `${JSON.stringify(results, null, 2)}\n`,
    'report.md': renderMarkdown(results),
    'report.html': await renderHtml(results),
  })

/** Whoever redrives executions needs them all described; a virtual AWS keeps the last ones that have closed. */
const checkRecoverable = ({ parts }: Plan['workload']): void => {
  const most = Math.max(
    ...parts.map((part) => (part.kind === 'given' ? part.workload.arrivals.length : part.options.count)),
  )
  if (most > describedMax)
    throw new BadInput(
      `--recover: expected at most ${describedMax} orders in each part of the run, got ${most}; see --count and --shards`,
    )
}

const latencyOption = ({ latency }: CompareOptions): readonly string[] =>
  latency === undefined ? [] : ['--latency', latency]

/** Prints a report, whatever it finds: what is off is marked, and nothing is broken by it. */
const validateRun = async (options: ValidateOptions): Promise<void> => {
  const choice = latencyChoice(options.latency)
  const { observed, plan, jobs } = await replayOf(options, choice)
  const answers = await interruptible((signal) => runWatched(jobs, plan, signal))
  process.stdout.write(validationText(observed, plan, answers, choice))
}

/** Runs all in the virtual AWS, and again those of which orders are shown, to tell what happened to these. */
const virtualResults = async (plan: Plan, signal: AbortSignal): Promise<Results> => {
  const jobs = jobsOf(plan)
  const answers = await runWatched(jobs, plan, signal)
  const results = assemble(plan, answers, 0)
  const repeats = timelineJobs(results, plan)
  if (repeats.length === 0) return results
  return resultsWithTimelines(results, { jobs, answers }, await runWatched(repeats, plan, signal))
}

const liveAnswers = async (
  plan: Plan,
  target: Target,
  options: LiveOptions,
  keep: Keep,
): Promise<Answers> => {
  if (plan.real === undefined) throw new Error('A run on real stacks is planned as one.')
  // Loads the real clients of eight services: a run in the virtual AWS need not wait for that.
  const { checkLiveSize, compareLive } = await import('./compare-live.ts')
  checkLiveSize(plan, options)
  return compareLive(plan, target, options, plan.real.tag, keep)
}

const realOf = ({ kind }: Target, { orders, rate }: LiveOptions): NonNullable<Plan['real']> => {
  const nowMs = Date.now()
  return {
    kind,
    // New with every second: order ids begin with it.
    tag: Math.floor(nowMs / 1_000).toString(36),
    startedAt: new Date(nowMs).toISOString(),
    ...(orders === undefined ? { ratePerSecond: rate ?? builtInRate } : {}),
  }
}

/** Runs the jobs with a line of progress; whoever stops it hears how far it came. */
const runWatched = async (
  jobs: readonly Job[],
  { material }: Plan,
  signal: AbortSignal,
): Promise<readonly JobResult[]> => {
  const total = jobs.reduce((sum, job) => sum + ('workload' in job ? ordersIn(job.workload) : 0), 0)
  const progress = createProgress(total)
  let orders = 0
  try {
    return await runJobs(jobs, material, {
      signal,
      workerFile: await bundleOf('bench/job-worker.ts'),
      onAdvance: (advance) => {
        orders = advance.orders
        progress.step(orders, whatIsDone(advance))
      },
    })
  } catch (error) {
    if (error instanceof Interrupted)
      process.stderr.write(`\novc: stopped after ${orders} of ${total} orders; nothing was written\n`)
    throw error
  } finally {
    progress.end()
  }
}

const whatIsDone = ({ job }: Advance): string => {
  switch (job.kind) {
    case 'run':
      return `${job.scenario}${job.isUndisturbed === true ? ' undisturbed' : ''}: ${job.contestant}`
    case 'explain':
      return `timelines of ${job.scenario}: ${job.contestant}`
    case 'listener':
      return `nobody hears ${job.message}`
    case 'explore':
      return `schedules from ${job.from}`
  }
}

/**
 * Exit code of an ended run; what is missing of it is told on stderr, and so is a broken law or promise, with the command
 * that repeats it.
 */
export const conclude = (results: Results): 0 | 1 => {
  for (const gap of results.run.gaps ?? []) process.stderr.write(`missing: ${gap}\n`)
  const broken = breaches(results)
  if (broken.length === 0) return 0
  process.stderr.write(`${broken.join('\n')}\nRepeat with: ${results.run.command}\n`)
  return 1
}

const isChosen = (chosen: readonly string[] | undefined, id: string): boolean =>
  chosen === undefined || chosen.includes(id)
