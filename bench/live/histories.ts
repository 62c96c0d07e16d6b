import { GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn'
import type { Clock } from '../../shared/runtime.ts'
import type { ExecutionEnd, Transition } from '../virtual-aws/observer.ts'
import { type Pace, paced, wallClock } from './pace.ts'
import type { LiveClients } from './target.ts'

/** What an execution went through, in the words of the virtual AWS. */
export interface ExecutionTrace {
  readonly transitions: readonly Transition[]
  readonly end: ExecutionEnd | undefined
  /** How many events its history has. */
  readonly events: number
}

const atOnce = 5
/** GetExecutionHistory is refilled at 20 a second: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (read 2026-11-25). */
const readsPerSecond = 18

/** Reads the histories of the orders' executions; one that was never started has none. */
export const readHistories = async (
  clients: LiveClients,
  stateMachineArn: string,
  machineId: string,
  orderIds: readonly string[],
  signal: AbortSignal,
  clock: Clock = wallClock,
): Promise<readonly ExecutionTrace[]> => {
  const traces: ExecutionTrace[] = []
  const left = orderIds.values()
  const pace = paced(readsPerSecond, clock)
  const readSome = async (): Promise<void> => {
    for (const executionName of left) {
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionName}`
      const events = await historyOf(clients, executionArn, pace, signal)
      if (events.length > 0) traces.push(traceOf(events, machineId, executionName))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, readSome))
  return traces
}

const historyOf = async (
  { sfn }: LiveClients,
  executionArn: string,
  pace: Pace,
  signal: AbortSignal,
): Promise<readonly HistoryEvent[]> => {
  const found: HistoryEvent[] = []
  const request = { executionArn, includeExecutionData: false, maxResults: 1_000 }
  let nextToken: string | undefined
  try {
    do {
      const page = new GetExecutionHistoryCommand({ ...request, nextToken })
      const answer = await pace(() => sfn.send(page), signal)
      found.push(...(answer.events ?? []))
      nextToken = answer.nextToken
    } while (nextToken !== undefined)
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return []
    throw error
  }
  return found
}

const traceOf = (
  events: readonly HistoryEvent[],
  machineId: string,
  executionName: string,
): ExecutionTrace => {
  const transitions: Transition[] = []
  let [state, scheduled, startedMs] = ['', 0, 0]
  let end: ExecutionEnd | undefined
  const enter = (atMs: number, retry: number): void =>
    void transitions.push({ machineId, executionName, state, atMs, retry })
  for (const { type = '', timestamp, stateEnteredEventDetails } of events) {
    const atMs = timestamp?.getTime() ?? 0
    const status = statusOf(type)
    if (type === 'ExecutionStarted') startedMs = atMs
    if (status !== undefined) end = { machineId, executionName, status, startedMs, endedMs: atMs }
    if (type.endsWith('StateEntered')) {
      state = stateEnteredEventDetails?.name ?? ''
      scheduled = 0
      enter(atMs, 0)
    }
    if (type === 'TaskScheduled' || type === 'LambdaFunctionScheduled') {
      if (scheduled > 0) enter(atMs, scheduled)
      scheduled += 1
    }
  }
  return { transitions, end, events: events.length }
}

const statusOf = (type: string): ExecutionEnd['status'] | undefined =>
  statuses.find((status) => type === `Execution${pascal(status)}`)

const statuses: readonly ExecutionEnd['status'][] = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']

/** As history events spell it: TIMED_OUT is TimedOut. */
const pascal = (status: string): string =>
  status
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('')
