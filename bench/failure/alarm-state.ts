import type { AlarmDefinition } from './alarm-definition.ts'

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** A data point as an alarm sees it: within the threshold, beyond it, or not there. */
export type DataPoint = 'good' | 'bad' | 'missing'

/**
 * How many data points an alarm looks at. AWS says that it retrieves more than the evaluation periods, and how many in
 * an example only: 5 for 3. What follows is that example; it decides how long an alarm stays where no data comes after.
 */
export const rangeOf = ({ evaluationPeriods }: Pick<AlarmDefinition, 'evaluationPeriods'>): number =>
  evaluationPeriods + 2

/**
 * The state that an alarm goes to, or stays in, from the data points of its range, the oldest first. Source:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, "How alarm state is
 * evaluated when data is missing" and "Avoiding premature transitions to alarm state" (read 2026-11-26). Where there is
 * too little data and all of it is bad, but not for long enough, the page says only that the alarm does not go to ALARM
 * at once: here it stays as it is.
 */
export const stateAfter = (
  points: readonly DataPoint[],
  {
    evaluationPeriods,
    datapointsToAlarm,
    missingData,
  }: Pick<AlarmDefinition, 'evaluationPeriods' | 'datapointsToAlarm' | 'missingData'>,
  state: AlarmState,
): AlarmState => {
  const real = points.filter((point) => point !== 'missing').slice(-evaluationPeriods)
  const filled = evaluationPeriods - real.length
  const bad = real.filter((point) => point === 'bad').length
  const judged = bad + (missingData === 'breaching' ? filled : 0) >= datapointsToAlarm ? 'ALARM' : 'OK'
  const isDecided = filled === 0 || missingData === 'breaching' || missingData === 'notBreaching'
  if (isDecided || bad >= datapointsToAlarm) return judged
  if (real.length === 0) return missingData === 'missing' ? 'INSUFFICIENT_DATA' : state
  if (bad < real.length) return judged
  // All that there is is bad, and less than it takes: premature unless the first of it is old enough.
  const age = points.length - points.indexOf('bad')
  return missingData === 'missing' && age >= datapointsToAlarm ? 'ALARM' : state
}
