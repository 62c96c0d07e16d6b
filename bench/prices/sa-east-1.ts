import { billion, type Price, price, type Source } from './price.ts'

const states: Source = { source: 'https://aws.amazon.com/step-functions/pricing/', date: '2026-11-22' }
const lambda: Source = {
  source: 'https://aws.amazon.com/lambda/pricing/ (no exception for the region)',
  date: '2026-11-22',
}
const assumed: Source = {
  source: 'taken to equal us-east-1; no list of the region was read',
  date: '2026-11-22',
}

/** South America (São Paulo): half of the meters were not found, so that nothing can be priced there yet. */
export const saEast1: readonly Price[] = [
  price('states.transition', 0, 37_500_000, 1_000, 'SAE1-StateTransition', states, 'H'),
  price('events.put', 0, billion, 1_000_000, 'SAE1-Event-64K-Chunks', assumed, 'L'),
  price('lambda.request', 0, 200_000_000, 1_000_000, 'SAE1-Request-ARM', lambda, 'M'),
  price('lambda.gbMs', 0, 133_334, 10_000, 'SAE1-Lambda-GB-Second-ARM', lambda, 'M'),
  price('cloudwatch.alarm', 0, 100_000_000, 1, 'SAE1-CW:AlarmMonitorUsage', assumed, 'L'),
]
