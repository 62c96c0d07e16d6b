import type { StandingMeter } from '../prices/price.ts'
import type { CostLine } from '../results.ts'
import type { Meter } from '../virtual-aws/observer.ts'

/** A line of a virtual run's bill that a live run's has not, of any contestant. */
interface Unmetered {
  readonly meter: Meter | StandingMeter
  readonly kind: CostLine['kind']
  readonly what: string
  readonly why: string
}

/** Left out of what a live run costs; every other line of the bill is in it. */
export const unmetered: readonly Unmetered[] = [
  {
    meter: 'sqs.request',
    kind: 'idle',
    what: 'receives that found nothing',
    why: 'no function and no queue tells of one; CloudWatch counts them with those of before and after the run',
  },
  {
    meter: 'cloudwatch.alarm',
    kind: 'observability',
    what: 'alarms',
    why: 'billed by the month in which they stand, however many orders come',
  },
  {
    meter: 'cloudwatch.dashboard',
    kind: 'observability',
    what: 'dashboards',
    why: 'as alarms',
  },
]
