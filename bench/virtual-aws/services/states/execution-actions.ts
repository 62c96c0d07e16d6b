import type { StatesApi } from './api.ts'
import type { Execution } from './execution.ts'
import type { EndedExpress } from './express-executions.ts'
import { arnIn, causeLengthMax, errorLengthMax, jsonIn, nameIn, pageIn, textIn } from './inputs.ts'
import type { JsonObject } from './json.ts'
import type { DeployedMachine } from './machine.ts'
import { whyNotRedrivable } from './redrive.ts'
import { sfnErrors } from './sfn-errors.ts'

export const machineIn = ({ machines }: StatesApi, input: JsonObject): DeployedMachine => {
  const arn = arnIn(input, 'stateMachineArn', 'stateMachine')
  const machine = machines.get(arn)
  if (machine === undefined) throw sfnErrors.stateMachineDoesNotExist(arn)
  return machine
}

/** What an execution is to start with, or the refusal of it. */
export const inputOf = (input: JsonObject): unknown =>
  input['input'] == null ? {} : jsonIn(input, 'input', sfnErrors.invalidExecutionInput)

export const startExecution = (api: StatesApi, input: JsonObject): JsonObject => {
  const machine = machineIn(api, input)
  const executions = machine.express === undefined ? api.executions : api.expressExecutions
  const { arn, startedMs } = executions.start(machine, nameIn(input, api.newName), inputOf(input))
  return { executionArn: arn, startDate: new Date(startedMs) }
}

/** Express machines only; answers when the execution has ended, well or not. */
export const startSyncExecution = (
  api: StatesApi,
  input: JsonObject,
  done: (output: JsonObject) => void,
): void => {
  const machine = machineIn(api, input)
  if (machine.express === undefined) throw sfnErrors.stateMachineTypeNotSupported()
  const name = nameIn(input, api.newName)
  api.expressExecutions.startSync(machine, name, inputOf(input), (ended) => done(syncAnswer(ended)))
}

const syncAnswer = ({ execution, bill }: EndedExpress): JsonObject => ({
  ...identityOf(execution),
  ...payloadsOf(execution),
  billingDetails: {
    billedMemoryUsedInMB: bill.memoryMB,
    billedDurationInMilliseconds: bill.durationMs,
  },
})

export const describeExecution = ({ executions, nowMs }: StatesApi, input: JsonObject): JsonObject => {
  const execution = executions.describe(arnIn(input, 'executionArn', 'execution'))
  const reason = whyNotRedrivable(execution, nowMs())
  return {
    ...identityOf(execution),
    ...payloadsOf(execution),
    ...redrivesOf(execution),
    redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(reason === undefined ? {} : { redriveStatusReason: reason }),
  }
}

const identityOf = ({ arn, machine, name, status, startedMs, stoppedMs }: Execution): JsonObject => ({
  executionArn: arn,
  stateMachineArn: machine.arn,
  name,
  status,
  startDate: new Date(startedMs),
  ...(stoppedMs === undefined ? {} : { stopDate: new Date(stoppedMs) }),
})

/**
 * Of an execution whose own time was over, no error is told: that is in its history alone.
 * Source: https://github.com/floci-io/floci/issues/2733 (an answer of AWS, read 2026-11-25).
 */
const payloadsOf = ({ status, input, output, failure }: Execution): JsonObject => ({
  input: JSON.stringify(input),
  inputDetails: { included: true },
  ...(status === 'SUCCEEDED' ? { output: JSON.stringify(output), outputDetails: { included: true } } : {}),
  ...(status !== 'TIMED_OUT' && typeof failure?.error === 'string' ? { error: failure.error } : {}),
  ...(status !== 'TIMED_OUT' && typeof failure?.cause === 'string' ? { cause: failure.cause } : {}),
})

const redrivesOf = ({ redriveCount, redrivenMs }: Execution): JsonObject => ({
  redriveCount,
  ...(redrivenMs === undefined ? {} : { redriveDate: new Date(redrivenMs) }),
})

export const stopExecution = ({ executions }: StatesApi, input: JsonObject): JsonObject => {
  const arn = arnIn(input, 'executionArn', 'execution')
  const error = textIn(input, 'error', errorLengthMax)
  const cause = textIn(input, 'cause', causeLengthMax)
  return { stopDate: new Date(executions.stop(arn, error, cause)) }
}

export const redriveExecution = ({ executions }: StatesApi, input: JsonObject): JsonObject => {
  const { clientToken } = input
  const arn = arnIn(input, 'executionArn', 'execution')
  const redrivenMs = executions.redrive(arn, typeof clientToken === 'string' ? clientToken : undefined)
  return { redriveDate: new Date(redrivenMs) }
}

const statuses: readonly unknown[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']

export const listExecutions = (api: StatesApi, input: JsonObject): JsonObject => {
  const machine = machineIn(api, input)
  if (machine.express !== undefined) throw sfnErrors.stateMachineTypeNotSupported()
  const { statusFilter, redriveFilter } = input
  if (statusFilter !== undefined && !statuses.includes(statusFilter))
    throw sfnErrors.validation(
      `Value '${String(statusFilter)}' at 'statusFilter'`,
      'must satisfy enum value set',
    )
  const found = api.executions
    .list(machine.arn)
    .filter(({ status }) => statusFilter === undefined || status === statusFilter)
    .filter(
      ({ redriveCount }) =>
        redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === redriveCount > 0,
    )
  const { from, to, nextToken } = pageIn(input, found.length)
  return {
    executions: found
      .slice(from, to)
      .map((execution) => ({ ...identityOf(execution), ...redrivesOf(execution) })),
    ...(nextToken === undefined ? {} : { nextToken }),
  }
}

export const getExecutionHistory = ({ executions }: StatesApi, input: JsonObject): JsonObject => {
  const record = executions.historyOf(arnIn(input, 'executionArn', 'execution'))
  const { from, to, nextToken } = pageIn(input, record.length)
  const isReversed = input['reverseOrder'] === true
  const events = Array.from({ length: to - from }, (_, index) =>
    record.view(
      isReversed ? record.length - from - index : from + index + 1,
      input['includeExecutionData'] !== false,
    ),
  )
  return { events, ...(nextToken === undefined ? {} : { nextToken }) }
}
