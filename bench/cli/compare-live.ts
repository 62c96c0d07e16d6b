import { setTimeout as sleep } from 'node:timers/promises'
import { confirm, isCancel } from '@clack/prompts'
import type { Plan } from '../assemble.ts'
import type { JobResult } from '../jobs.ts'
import { runLiveJobs } from '../live/live-job.ts'
import { placeOf } from '../live/stack.ts'
import type { Target } from '../live/target.ts'
import { measureRun } from '../measured-run.ts'
import { BadInput } from '../workload/bad-input.ts'
import { workloadOfPart } from '../workload/parts.ts'
import { Interrupted, interruptible } from './interrupt.ts'
import { type LiveOptions, waitMinutes } from './live-options.ts'
import { createProgress } from './progress.ts'

/** All that the functions tell is kept until a run ends: some 60 KB an order of the real trace. */
const liveOrdersMax = 10_000
const liveHoursMax = 4
/** Above it the run asks first. */
const askAboveUsd = 1

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** How long the logs must be silent: CloudWatch shows a line some seconds after it was written. */
const quietMs = { aws: 20_000, endpoint: 3_000 } as const

/** A run waits for its last orders, then for the last lines of its logs: each as long as `--wait` says, at the most. */
const waitsPerRun = 2

/** Refuses what would take too long or too many orders, before anything is asked of the target. */
export const checkLiveSize = (
  { workload, scenarios, contestants }: Plan,
  { wait = waitMinutes }: Pick<LiveOptions, 'wait'>,
): void => {
  if (workload.orders > liveOrdersMax)
    throw new BadInput(`--count: with a real target at most ${liveOrdersMax}, got ${workload.orders}`)
  const runs = scenarios.length * contestants.length
  const ordersMs = runs * (workload.spanMs ?? 0)
  const waitsMs = runs * waitsPerRun * wait * minuteMs
  if (ordersMs + waitsMs > liveHoursMax * hourMs)
    throw new BadInput(
      `${runs} runs one after the other may take ${hours(ordersMs + waitsMs)} hours, at most ${liveHoursMax}: ${hours(ordersMs)} for the orders to come, and up to ${hours(waitsMs)} of waiting for their ends and their logs. Ask for fewer orders, scenarios or contestants, for a higher --rate or --time-scale, or for a shorter --wait`,
    )
}

const hours = (ms: number): string => (Math.ceil((10 * ms) / hourMs) / 10).toFixed(1)

/** The runs that were measured, in the plan's order, and what ended it before the last. */
export interface Answers {
  readonly answers: readonly JobResult[]
  readonly failure?: unknown
}

/** Writes what was measured so far, whole. */
export type Keep = (answers: readonly JobResult[]) => Promise<unknown>

/**
 * Runs that are done were paid for: each is kept before the next begins, in case nothing more can be done later, and what
 * fails is given back beside them; it is thrown only where there are none.
 */
export const upToFailure = async (
  work: (onFinished: (result: JobResult) => Promise<unknown>) => Promise<unknown>,
  keep: Keep,
): Promise<Answers> => {
  const answers: JobResult[] = []
  try {
    await work((result) => {
      answers.push(result)
      return keep(answers)
    })
    return { answers }
  } catch (failure) {
    if (answers.length === 0) throw failure
    return { answers, failure }
  }
}

/** Runs the plan on real stacks, with its cost told and asked for first. */
export const compareLive = async (
  plan: Plan,
  target: Target,
  options: LiveOptions,
  runTag: string,
  keep: Keep,
): Promise<Answers> => {
  const [part] = plan.workload.parts
  if (part === undefined) throw new Error('The workload has no part.')
  const workload = workloadOfPart(part)
  if (target.kind === 'aws') await agreeOnCost(plan, options)
  const total = workload.arrivals.length * plan.scenarios.length * plan.contestants.length
  const progress = createProgress(total)
  let orders = 0
  const sayStopped = (error: unknown, left: string): void => {
    if (error instanceof Interrupted)
      process.stderr.write(
        `\novc: stopped after ${orders} of ${total} orders; the functions are as they were deployed, orders under way end by themselves; ${left}\n`,
      )
  }
  try {
    const answers = await interruptible((signal) =>
      upToFailure(
        (onFinished) =>
          runLiveJobs(
            {
              target,
              contestants: plan.contestants,
              scenarios: plan.scenarios,
              workload,
              material: plan.material,
              patience: {
                stragglersMs: (options.wait ?? waitMinutes) * minuteMs,
                quietMs: quietMs[target.kind],
              },
              runTag,
              ...(options.takeOver === undefined ? {} : { takesOver: options.takeOver }),
            },
            signal,
            (advance) => {
              orders = advance.orders
              progress.step(orders, `${advance.scenario}: ${advance.contestant} in ${placeOf(target)}`)
            },
            onFinished,
          ),
        keep,
      ),
    )
    sayStopped(answers.failure, 'the runs that were done are written')
    return answers
  } catch (error) {
    sayStopped(error, 'nothing was written')
    throw error
  } finally {
    progress.end()
  }
}

/** What the orders cost, from the same orders in the virtual AWS at list prices. */
const estimateUsd = async ({ contestants, scenarios, workload, material }: Plan): Promise<number> => {
  const [part] = workload.parts
  if (part === undefined) return 0
  const whole = workloadOfPart(part)
  const sample = { ...whole, arrivals: whole.arrivals.slice(0, estimateOrders) }
  let usd = 0
  for (const scenario of scenarios)
    for (const contestant of contestants) {
      const template = material.templates[contestant.stack]
      if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
      const { seed, region } = material
      const { result } = await measureRun({ contestant, template, scenario, workload: sample, seed, region })
      usd += (result.cost.usdPerMillionOrders / 1_000_000 + traceUsdPerOrder) * workload.orders
    }
  return usd
}
const estimateOrders = 50
/** The lines that functions write for the run: some 60 KB an order at the dearest price of CloudWatch Logs, rounded up. */
const traceUsdPerOrder = 0.000_06

/** A no stops the run as Ctrl-C does. */
const stoppedCode = 130

const agreeOnCost = async (plan: Plan, { yes }: LiveOptions): Promise<void> => {
  const usd = await estimateUsd(plan)
  const said = `This run costs about $${usd.toFixed(2)} at list prices, without free tiers.`
  process.stderr.write(`${said}\n`)
  if (usd <= askAboveUsd || yes === true) return
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new BadInput(`${said} Say --yes to spend more than $${askAboveUsd}.`)
  const answer = await confirm({ message: 'Go on?', initialValue: false, output: process.stderr })
  // The prompt has taken the terminal's keys; it gives them back a moment later.
  await sleep(0)
  if (!isCancel(answer) && answer) return
  process.stderr.write('ovc: stopped; nothing was run and nothing spent\n')
  throw new Interrupted(stoppedCode)
}
