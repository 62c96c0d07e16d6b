import type { Results } from '../../results.ts'
import { list, type Section } from '../document.ts'
import { vintageBounds, vintageOf } from '../evidence.ts'
import { span } from '../format.ts'
import { labelOf } from '../view.ts'
import { paidByTime } from './cost.ts'

export const limitsSection = (results: Results): Section => ({
  id: 'limits',
  title: 'Limits, in plain words',
  blocks: [list([...runtimeLimits(results), ...limits(results)])],
})

const runtimeLimits = (results: Results): readonly string[] => {
  switch (results.run.runtime) {
    case 'virtual':
      return [
        'Nothing here ran on AWS. The flows ran on a model of AWS with a virtual clock, deployed from the same templates that ' +
          'would go to an account; every figure is simulated.',
        latencyLimit(results),
      ]
    case 'emulator':
      return [
        'This ran against an emulator of the AWS endpoints. It shows that the code works over the wire; its latencies are ' +
          "the emulator's own and say nothing of AWS, and so does a cost that is made of its functions' time.",
        ...unseen,
      ]
    case 'aws':
      return [
        'This was measured in one AWS account on one day; another account, region or day will give other figures.',
        ...unseen,
        'Acceptance begins and ends at the machine that made the run, and has the way from there to the region in it. The ' +
          "other times begin by that machine's clock and end by those of the functions: what the clocks differ by is in " +
          'them, the same for every contestant.',
      ]
  }
}

const latencyLimit = ({ run: { latencies } }: Results): string =>
  latencies === undefined
    ? 'Latencies are drawn from published quantiles, each with the date and region in which it was measured. They are not of ' +
      'one day: the table of figures says which is how old. Where AWS has become faster since, the simulated flow has not.'
    : `Latencies are drawn from quantiles ${latencySource(latencies)}. The table of figures says which hops were observed.`

/** "observed in run 1f2e3d on AWS, us-east-1; those of hops that it did not show are published ones". */
export const latencySource = ({ run, runtime, region }: NonNullable<Results['run']['latencies']>): string =>
  (runtime === 'aws'
    ? `observed in run ${run} on AWS, ${region}`
    : `emulated: observed in run ${run} on an emulator, so that no time here says anything of AWS`) +
  '; those of hops that it did not show are published ones'

/** What stays unseen of a run on real stacks. */
const unseen: readonly string[] = [
  'What functions and histories do not tell is in no figure: events that no rule matched, calls that a quota held up, ' +
    'dead letters, duplicates and deaths of handlers as such (an order lost to them counts as stuck), receives that found ' +
    'nothing, and what the stacks cost as they stand. Where nothing is shown of them, nothing is known.',
]

const vintageLimits = (results: Results): readonly string[] => {
  const vintage = vintageOf(results, 'completion')
  return vintage === undefined
    ? []
    : [
        `The hops of the two styles were measured in different months (${vintage.from} to ${vintage.to}): differences of ` +
          `${vintageBounds()} lie within that.`,
      ]
}

const limits = (results: Results): readonly string[] => [
  'The outside world (payment gateway, carrier, mailer) is simulated in every case, with a stated service time and refusal ' +
    'model; the same order meets the same fate in each contestant.',
  'Prices are list prices, without free tier, savings plan or support. Metering counts use; it does not count the people ' +
    'who build, watch and mend the system.',
  'An interval is sampling error only. A wrong or old figure moves every ratio, and no interval shows it.',
  ...vintageLimits(results),
  'The contestants are these designs with these settings. Another design in the same style may do better or worse.',
  `The load spans ${span(results.run.workload.spanMs)} at time scale ${results.run.workload.timeScale}. Of what is paid by ` +
    `time rather than by order (alarms, dashboards, receives that found nothing): ${paidByTime(results)}.`,
  `Coupling is counted from templates and contracts: it is a property of the text, ${labelOf(results)} or not, and knows nothing ` +
    'of teams.',
]
