import { Command } from 'commander'
import { contestants } from '../contestants.ts'
import { measureRun } from '../measured-run.ts'
import { scenarios } from '../scenarios/all.ts'
import { renderTimeline } from '../timeline.ts'
import { createTrace } from '../trace.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { BadInput } from '../workload/bad-input.ts'
import { addRunOptions, addScenarioOption, type RunOptions, workloadOf } from './run-options.ts'

interface ExplainOptions extends RunOptions {
  readonly order: string
}

/** The timeline of one order in each contestant: who did what, when, and what went wrong. */
export const explainCommand = (): Command =>
  addScenarioOption(
    addRunOptions(
      new Command('explain').description(
        'Show everything that happened to one order of a run, in each contestant.',
      ),
    ),
    'steady',
  )
    .requiredOption('--order <id>', 'the order to follow')
    .allowExcessArguments(false)
    .action(async (given: ExplainOptions) => {
      await explainOrder(given)
    })

const explainOrder = async (options: ExplainOptions): Promise<void> => {
  const workload = workloadOf(options)
  const position = workload.arrivals.findIndex((arrival) => arrival.orderId === options.order)
  if (position < 0)
    throw new BadInput(
      `--order ${options.order}: expected an order of the workload, as ${workload.arrivals[0]?.orderId ?? ''}; there is none of that id`,
    )
  const { synth } = await import('../../infra/synth.ts')
  const templates: Readonly<Record<string, Template>> = synth()
  const chosen = contestants.filter(({ id }) => options.contestant?.includes(id) ?? true)
  for (const scenario of scenarios.filter(({ id }) => (options.scenario ?? ['steady']).includes(id)))
    for (const contestant of chosen) {
      const trace = createTrace(options.order)
      let intendedMs = 0
      const template = templates[contestant.stack]
      if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
      const { outcomes } = await measureRun(
        { contestant, template, scenario, workload, seed: options.seed, region: options.region },
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

const endings = { f: 'fulfilled', r: 'rejected', s: 'stuck', i: 'inconsistent' } as const
