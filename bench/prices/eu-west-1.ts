import { billion, gigabyte, type Price, price, type Source } from './price.ts'

const list: Source = { source: 'AWS price list of the region', date: '2026-09-11' }
const lambda: Source = {
  source: 'https://aws.amazon.com/lambda/pricing/ (no exception for the region)',
  date: '2026-11-22',
}
const events: Source = {
  source:
    'https://cloudburn.io/blog/amazon-eventbridge-pricing ("consistent across most commercial regions")',
  date: '2026-03-13',
}
const assumed: Source = {
  source: 'taken to equal us-east-1; no list of the region was read',
  date: '2026-11-22',
}
const recalled: Source = { source: 'recalled, no list of the region was read', date: '2026-11-22' }

/** Europe (Ireland): every meter, some of them on weak grounds. */
export const euWest1: readonly Price[] = [
  price('states.transition', 0, 25_000_000, 1_000, 'EU-StateTransition', list, 'H'),
  price('states.express.request', 0, billion, 1_000_000, 'EU-StepFunctions-Request', assumed, 'L'),
  price('states.express.gbMs', 0, 60_000_000, 3_600_000, 'EU-StepFunctions-GB-Second', assumed, 'L'),
  price('events.put', 0, billion, 1_000_000, 'EU-Event-64K-Chunks', events, 'M'),
  price('events.archive.bytes', 0, 100_000_000, gigabyte, 'EU-ArchivedEvents-Bytes', assumed, 'L'),
  price('events.replay', 0, billion, 1_000_000, 'EU-Event-64K-Chunks', assumed, 'L'),
  price('sqs.request', 0, 400_000_000, 1_000_000, 'EU-Requests-Tier1', assumed, 'L'),
  price('sqs.fifoRequest', 0, 500_000_000, 1_000_000, 'EU-Requests-FIFO-Tier1', assumed, 'L'),
  price('lambda.request', 0, 200_000_000, 1_000_000, 'EU-Request-ARM', lambda, 'H'),
  price('lambda.gbMs', 0, 133_334, 10_000, 'EU-Lambda-GB-Second-ARM', lambda, 'H'),
  price('dynamodb.wru', 0, 705_000_000, 1_000_000, 'EU-WriteRequestUnits', list, 'H'),
  price('dynamodb.rru', 0, 141_500_000, 1_000_000, 'EU-ReadRequestUnits', list, 'H'),
  price('logs.bytes', 0, 570_000_000, gigabyte, 'EU-DataProcessing-Bytes', recalled, 'L'),
  price('cloudwatch.alarm', 0, 100_000_000, 1, 'EU-CW:AlarmMonitorUsage', assumed, 'L'),
]
