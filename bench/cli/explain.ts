import { Command } from 'commander'
import { contestants } from '../contestants.ts'
import { clock } from '../explain/clock.ts'
import { type ExplainedOrder, endings, explainOrders } from '../explain/explained.ts'
import { explainedText } from '../explain/text.ts'
import { sequenceDiagram } from '../explore/sequence.ts'
import { pricesOf } from '../prices/regions.ts'
import { faultWords } from '../report/fault-words.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { BadInput } from '../workload/bad-input.ts'
import { orderIdAt, seedOfPart, workloadOfPart } from '../workload/parts.ts'
import type { Workload } from '../workload/workload.ts'
import { latencyChoice } from './latency-options.ts'
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
  readonly latency?: string
  readonly mermaid?: true
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
    .option('--latency <file>', 'a table of calibrate, in place of the published latencies')
    .option('--mermaid', 'as a sequence diagram in Mermaid, in place of the timeline')
    .allowExcessArguments(false)
    .action(async (given: ExplainOptions) => {
      await explainOrder(sizedForScenarios(given))
    })

const explainOrder = async (options: ExplainOptions): Promise<void> => {
  const { seed, region } = options
  const { workload, part } = findOrder(options)
  const choice = latencyChoice(options.latency)
  const latency = choice === undefined ? {} : { latency: choice.latency }
  const made = await templates()
  const chosen = contestants.filter(({ id }) => options.contestant?.includes(id) ?? true)
  for (const scenario of scenariosOf({ scenario: options.scenario ?? ['steady'] })) {
    for (const [index, contestant] of chosen.entries()) {
      const template = made[contestant.stack]
      if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
      const awsSeed = seedOfPart(seed, part)
      const run = { contestant, template, scenario, workload, seed, awsSeed, region, ...latency }
      const { orders } = await explainOrders(run, [options.order])
      const title = `${options.order}, ${scenario.id}, ${contestant.id} (${contestant.title})`
      if (index === 0) process.stdout.write(`${headOf(scenario, orders)}\n\n`)
      for (const order of orders) process.stdout.write(`${told(title, order, options)}\n\n`)
    }
  }
}

const told = (title: string, order: ExplainedOrder, { mermaid, region }: ExplainOptions): string => {
  if (mermaid !== true) return explainedText(title, order, pricesOf(region))
  const diagram = sequenceDiagram(order.entries, order.intendedMs, order.template)
  return `${title}: ${endings[order.outcome]}\n\n\`\`\`mermaid\n${diagram}\n\`\`\``
}

/** What is done to the order, in the words of the scenario, and when it comes, by the clock that these go by. */
const headOf = ({ id, title, faults }: Scenario, orders: readonly ExplainedOrder[]): string =>
  [
    `${id}: ${title}`,
    ...faults.map((fault) => `  ${faultWords(fault)}`),
    ...orders.map(
      ({ orderId, cameMs }) =>
        `  ${orderId} comes ${clock(cameMs)} after the run began; the times below are its own`,
    ),
  ].join('\n')

/** The part of the workload that the order is of: the others have no effect on it. */
const findOrder = (options: ExplainOptions): { readonly workload: Workload; readonly part: number } => {
  const parted = workloadOf(options)
  for (const [part, described] of parted.parts.entries()) {
    const workload = workloadOfPart(described)
    if (workload.arrivals.some(({ orderId }) => orderId === options.order)) return { workload, part }
  }
  throw new BadInput(
    `--order ${options.order}: expected an order of the workload, as ${orderIdAt(parted.parts, 0)}; there is none of that id`,
  )
}
