/** How Lambda writes its own lines. */
export type LogFormat = 'Text' | 'JSON'

/**
 * Bytes that Lambda itself logs for one invocation, the ids 36 characters long, times and memory with their usual
 * digits. Text: the lines START, END and REPORT (71 + 52 + 144), and on a cold start INIT_START and the init duration.
 * JSON, at the default level INFO: `platform.start` and `platform.report` (146 + 232), and on a cold start
 * `platform.initStart` and the init duration.
 *
 * Counted from the examples in https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
 * (read 2026-11-22). Assumption: handlers log nothing.
 */
export const logBytes = (format: LogFormat, isCold: boolean): number =>
  perInvocation[format] + (isCold ? perColdStart[format] : 0)

const perInvocation: Readonly<Record<LogFormat, number>> = { Text: 267, JSON: 378 }
const perColdStart: Readonly<Record<LogFormat, number>> = { Text: 180, JSON: 430 }
