import { Command } from 'commander'
import { contestants } from '../contestants.ts'
import { measureRun } from '../measured-run.ts'
import { renderTimeline } from '../timeline.ts'
import { createTrace } from '../trace.ts'
import { BadInput } from '../workload/bad-input.ts'
import { orderIdAt, seedOfPart, workloadOfPart } from '../workload/parts.ts'
import type { Workload } from '../workload/workload.ts'
import {
  addRunOptions,
  addScenarioOption,
  addShardsOption,
  type RunOptions,
  scenariosOf,
  sizedForScenarios,
  workloadOf,
} from './run-options.ts'
import { templates } from './templates.ts'

interface ExplainOptions extends RunOptions {
  readonly order: string
}

/** The timeline of one order in each contestant: who did what, when, and what went wrong. */
export const explainCommand = (): Command =>
  addShardsOption(
    addScenarioOption(
      addRunOptions(
        new Command('explain').description(
          'Show everything that happened to one order of a run, in each contestant.',
        ),
      ),
      'steady',
    ),
  )
    .requiredOption('--order <id>', 'the order to follow')
    .allowExcessArguments(false)
    .action(async (given: ExplainOptions) => {
      await explainOrder(sizedForScenarios(given))
    })

const explainOrder = async (options: ExplainOptions): Promise<void> => {
  const { seed, region } = options
  const { workload, position, part } = findOrder(options)
  const made = await templates()
  const chosen = contestants.filter(({ id }) => options.contestant?.includes(id) ?? true)
  for (const scenario of scenariosOf({ scenario: options.scenario ?? ['steady'] }))
    for (const contestant of chosen) {
      const trace = createTrace(options.order)
      let intendedMs = 0
      const template = made[contestant.stack]
      if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
      const { outcomes } = await measureRun(
        { contestant, template, scenario, workload, seed, awsSeed: seedOfPart(seed, part), region },
        {
          observers: [trace.observer],
          provider: trace.provider,
          submitted: (orderId, atMs) => {
            if (orderId === options.order) intendedMs = atMs
          },
        },
      )
      const ending = endings[outcomes[position] as keyof typeof endings]
      process.stdout.write(
        `${options.order}, ${scenario.id}, ${contestant.id} (${contestant.title}): ${ending}\n\n${renderTimeline(trace.entries(), intendedMs)}\n\n`,
      )
    }
}

/** The part of the workload that the order is of: the others have no effect on it. */
const findOrder = (
  options: ExplainOptions,
): { readonly workload: Workload; readonly position: number; readonly part: number } => {
  const parted = workloadOf(options)
  for (const [part, described] of parted.parts.entries()) {
    const workload = workloadOfPart(described)
    const position = workload.arrivals.findIndex((arrival) => arrival.orderId === options.order)
    if (position >= 0) return { workload, position, part }
  }
  throw new BadInput(
    `--order ${options.order}: expected an order of the workload, as ${orderIdAt(parted.parts, 0)}; there is none of that id`,
  )
}

const endings = { f: 'fulfilled', r: 'rejected', s: 'stuck', i: 'inconsistent' } as const
