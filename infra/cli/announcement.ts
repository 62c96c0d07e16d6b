import { type Estimate, ordersSimulated } from './estimate.ts'
import { contentsOf, type KnownStack } from './stacks.ts'

export type Doing = 'deploy' | 'destroy'

/** What is said before anything is done. */
export interface Circumstances {
  readonly costs: readonly Estimate[]
  /** The region whose prices the costs are made with. */
  readonly priced: string
  /** The region that was asked for, where one was. */
  readonly asked: string | undefined
  readonly profile: string | undefined
  readonly runs: readonly string[]
}

/** What will be made or deleted, where, and what it costs. */
export const announcement = (
  doing: Doing,
  stacks: readonly KnownStack[],
  { costs, priced, asked, profile, runs }: Circumstances,
): string => {
  const where = `in ${asked ?? 'the region of your AWS configuration'}${profile === undefined ? '' : ` as "${profile}"`}`
  return [
    `${doing === 'deploy' ? 'To be created or updated' : 'To be deleted'} ${where}, in this order:`,
    ...stacks.map(
      ({ name, template }) =>
        `  ${name}: ${Object.keys(template.Resources).length} resources: ${contentsOf(template)}`,
    ),
    '',
    ...(doing === 'deploy' ? costLines(costs, { priced, asked }) : lossLines),
    '',
    `Runs: npx cdk ${runs.join(' ')}`,
    '',
  ].join('\n')
}

const costLines = (
  costs: readonly Estimate[],
  { priced, asked }: { readonly priced: string; readonly asked: string | undefined },
): readonly string[] => {
  if (costs.length === 0) return ['It costs nothing until orders come: a queue and a rule are billed by use.']
  const total = costs.reduce((sum, { standingUsdPerMonth }) => sum + standingUsdPerMonth, 0)
  return [
    `It costs about, at list prices of ${priced}${priced === asked ? '' : standIn(asked)}:`,
    ...costs.map(
      ({ stack, standingUsdPerMonth, usdPerThousandOrders }) =>
        `  ${stack}: ${usd(standingUsdPerMonth)} a month as long as it stands, and ${usd(usdPerThousandOrders)} for 1,000 orders`,
    ),
    ...(costs.length > 1 ? [`  together: ${usd(total)} a month as long as they stand`] : []),
    `(from ${ordersSimulated} simulated orders of these templates; no free tier, no tax, no storage)`,
  ]
}

const standIn = (asked: string | undefined): string =>
  asked === undefined ? '' : ` (not every price of ${asked} has a source here)`

const lossLines = [
  'With them go all orders in their tables and queues, their logs and their archives; nothing of it can be restored.',
  "The functions' code stays in the bucket of the CDK's bootstrap stack, which other projects may share.",
]

const usd = (dollars: number): string => `$${dollars.toFixed(2)}`
