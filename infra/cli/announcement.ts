import { quoted } from '../../bench/cli/run-options.ts'
import { type Estimate, ordersSimulated } from './estimate.ts'
import { whyUnmeasured } from './measuring.ts'
import { contentsOf, hasStateMachine, type KnownStack } from './stacks.ts'

export type Doing = 'deploy' | 'destroy'

/** What is said before anything is done. */
export interface Circumstances {
  readonly costs: readonly Estimate[]
  /** The region whose prices the costs are made with. */
  readonly priced: string
  readonly region: string
  /** Whether an option or the AWS configuration names it. */
  readonly isNamed: boolean
  readonly profile: string | undefined
  readonly runs: readonly string[]
}

/** What will be made or deleted, where, and what it costs. */
export const announcement = (
  doing: Doing,
  stacks: readonly KnownStack[],
  { costs, priced, region, isNamed, profile, runs }: Circumstances,
): string => {
  const why = isNamed ? '' : ', since neither --region nor your AWS configuration names another'
  const where = `in ${region}${profile === undefined ? '' : ` as "${profile}"`}${why}`
  return [
    `${doing === 'deploy' ? 'To be created or updated' : 'To be deleted'} ${where}, in this order:`,
    ...stacks.map(
      ({ name, template }) =>
        `  ${name}: ${Object.keys(template.Resources).length} resources: ${contentsOf(template)}`,
    ),
    '',
    ...(doing === 'deploy'
      ? [...costLines(costs, { priced, region }), ...measuringLines(region)]
      : lossLines(stacks)),
    '',
    `Runs: npx cdk ${runs.map(quoted).join(' ')}`,
    '',
  ].join('\n')
}

const costLines = (
  costs: readonly Estimate[],
  { priced, region }: Pick<Circumstances, 'priced' | 'region'>,
): readonly string[] => {
  if (costs.length === 0) return ['It costs nothing until orders come: a queue and a rule are billed by use.']
  const total = costs.reduce((sum, { standingUsdPerMonth }) => sum + standingUsdPerMonth, 0)
  return [
    `It costs about, at list prices of ${priced}${priced === region ? '' : ` (not every price of ${region} has a source here)`}:`,
    ...costs.map(
      ({ stack, standingUsdPerMonth, usdPerThousandOrders }) =>
        `  ${stack}: ${usd(standingUsdPerMonth)} a month as long as it stands, and ${usd(usdPerThousandOrders)} for 1,000 orders`,
    ),
    ...(costs.length > 1 ? [`  together: ${usd(total)} a month as long as they stand`] : []),
    `(from ${ordersSimulated} simulated orders of these templates; no free tier, no tax, no storage)`,
  ]
}

/** Said before anything is made, where it is of no use to a run. */
const measuringLines = (region: string): readonly string[] => {
  const why = whyUnmeasured(region)
  return why === undefined ? [] : [`Warning: ${why}.`]
}

const lossLines = (stacks: readonly KnownStack[]): readonly string[] => {
  const orchestrated = stacks.filter(hasStateMachine).map(({ name }) => name)
  return [
    'With them go all orders in their tables and queues, their logs and their archives; nothing of it can be restored.',
    ...(orchestrated.length === 0
      ? []
      : [
          `Executions that still run in ${orchestrated.join(' and ')} are stopped first: while one runs, AWS does not let its state machine go.`,
        ]),
    "The functions' code stays in the bucket of the CDK's bootstrap stack, which other projects may share.",
  ]
}

const usd = (dollars: number): string => `$${dollars.toFixed(2)}`
