import { billion, gigabyte, type Price, price, type Source } from './price.ts'

const list: Source = { source: 'AWS price list of the region', date: '2026-09-06' }
const events: Source = {
  source:
    'https://cloudburn.io/blog/amazon-eventbridge-pricing ("consistent across most commercial regions")',
  date: '2026-03-13',
}
const assumed: Source = {
  source: 'taken to equal us-east-1; no list of the region was read',
  date: '2026-11-22',
}
const alarms: Source = {
  source: 'AWS Price List API, as quoted in a public cost review of APS1-CW:AlarmMonitorUsage',
  date: '2026-08-12',
}

/** Asia Pacific (Singapore): on-demand table units were not found, so that nothing can be priced there yet. */
export const apSoutheast1: readonly Price[] = [
  price('states.transition', 0, 25_000_000, 1_000, 'APS1-StateTransition', list, 'H'),
  price('states.express.request', 0, billion, 1_000_000, 'APS1-StepFunctions-Request', assumed, 'L'),
  price('states.express.gbMs', 0, 60_000_000, 3_600_000, 'APS1-StepFunctions-GB-Second', assumed, 'L'),
  price('events.put', 0, billion, 1_000_000, 'APS1-Event-64K-Chunks', events, 'M'),
  price('events.archive.bytes', 0, 100_000_000, gigabyte, 'APS1-ArchivedEvents-Bytes', assumed, 'L'),
  price('events.replay', 0, billion, 1_000_000, 'APS1-Event-64K-Chunks', assumed, 'L'),
  price('sqs.request', 0, 400_000_000, 1_000_000, 'APS1-Requests-Tier1', assumed, 'L'),
  price('sqs.fifoRequest', 0, 500_000_000, 1_000_000, 'APS1-Requests-FIFO-Tier1', assumed, 'L'),
  price('lambda.request', 0, 200_000_000, 1_000_000, 'APS1-Request-ARM', list, 'H'),
  price('lambda.gbMs', 0, 133_334, 10_000, 'APS1-Lambda-GB-Second-ARM', list, 'H'),
  price('logs.bytes', 0, 700_000_000, gigabyte, 'APS1-DataProcessing-Bytes', list, 'H'),
  price('cloudwatch.alarm', 0, 100_000_000, 1, 'APS1-CW:AlarmMonitorUsage', alarms, 'M'),
]
