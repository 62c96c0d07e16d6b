import type { Execution } from './execution.ts'
import { historyEventsMax } from './history.ts'

const dayMs = 24 * 60 * 60_000

/** How long after its end an execution may be redriven, and how long after its start. */
const redrivableMsMax = 14 * dayMs
const executionMsMax = 365 * dayMs

/** A redrive writes an event of its own and needs room for one more. */
const eventsBelow = historyEventsMax - 1

/**
 * Why an execution cannot be redriven, in AWS's words; undefined when it can. A failure that was caught decides
 * nothing: what counts is the status that the execution ended in.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html, redriveStatusReason,
 * and https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (read 2026-11-25).
 */
export const whyNotRedrivable = (
  { status, startedMs, stoppedMs = startedMs, history }: Execution,
  nowMs: number,
): string | undefined => {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`
  if (history.events >= eventsBelow) return 'Execution history event limit exceeded'
  if (nowMs - startedMs > executionMsMax) return 'Execution has exceeded the max execution time'
  if (nowMs - stoppedMs > redrivableMsMax) return 'Execution redrivable period exceeded'
  return undefined
}

/** How long a client token answers again what it answered, and how many of an execution do. */
const tokenMsMax = 15 * 60_000
const tokensMax = 10

/** The last client tokens with which an execution was redriven, and when. */
export class RedriveTokens {
  readonly #redrivenMs = new Map<string, number>()

  /** When the token redrove the execution, where it still answers. */
  redrivenMs(token: string, nowMs: number): number | undefined {
    const redrivenMs = this.#redrivenMs.get(token)
    return redrivenMs !== undefined && nowMs - redrivenMs <= tokenMsMax ? redrivenMs : undefined
  }

  add(token: string, nowMs: number): void {
    this.#redrivenMs.delete(token)
    this.#redrivenMs.set(token, nowMs)
    const [oldest] = this.#redrivenMs.keys()
    if (this.#redrivenMs.size > tokensMax && oldest !== undefined) this.#redrivenMs.delete(oldest)
  }
}
