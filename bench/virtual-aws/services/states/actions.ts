import type { ServiceCall } from '../../world.ts'
import type { Executions } from './executions.ts'
import { type JsonObject, jsonBytes, payloadBytesMax } from './json.ts'
import type { Machine } from './machine.ts'
import { sfnErrors } from './sfn-errors.ts'
import type { TaskTokens, Waiting } from './tokens.ts'

/** What the actions of the API work on. */
export interface StatesApi {
  readonly machines: ReadonlyMap<string, Machine>
  readonly executions: Executions
  readonly tokens: TaskTokens
  newName(): string
}

/** An action: its output, or it throws one of the SDK's errors. */
type Action = (api: StatesApi, input: JsonObject) => JsonObject

const nameForm = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u

const startExecution: Action = ({ machines, executions, newName }, input) => {
  const machine = machines.get(String(input['stateMachineArn']))
  if (machine === undefined) throw sfnErrors.stateMachineDoesNotExist(input['stateMachineArn'])
  const name = input['name'] ?? newName()
  if (typeof name !== 'string' || !nameForm.test(name)) throw sfnErrors.invalidName(name)
  const { arn, startedMs } = executions.start(machine, name, executionInput(input['input'] ?? '{}'))
  return { executionArn: arn, startDate: new Date(startedMs) }
}

const executionInput = (text: unknown): unknown => {
  const value = parsedOr(text, (why) => sfnErrors.invalidExecutionInput(why))
  if (jsonBytes(value) > payloadBytesMax)
    throw sfnErrors.invalidExecutionInput(`more than ${payloadBytesMax} bytes`)
  return value
}

const parsedOr = (text: unknown, error: (why: string) => Error): unknown => {
  if (typeof text !== 'string') throw error('Expected a string of JSON')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw error((cause as Error).message)
  }
}

const describeExecution: Action = ({ executions }, input) => {
  const described = executions.describe(String(input['executionArn']))
  const { failure, stoppedMs } = described
  return {
    executionArn: described.arn,
    stateMachineArn: described.machineArn,
    name: described.name,
    status: described.status,
    startDate: new Date(described.startedMs),
    input: JSON.stringify(described.input),
    inputDetails: { included: true },
    redriveCount: 0,
    ...(stoppedMs === undefined ? {} : { stopDate: new Date(stoppedMs) }),
    ...(described.status === 'SUCCEEDED'
      ? { output: JSON.stringify(described.output), outputDetails: { included: true } }
      : {}),
    ...(typeof failure?.error === 'string' ? { error: failure.error } : {}),
    ...(typeof failure?.cause === 'string' ? { cause: failure.cause } : {}),
  }
}

const stopExecution: Action = ({ executions }, input) => {
  const { executionArn, error, cause } = input
  const stoppedMs = executions.stop(String(executionArn), textOrNull(error), textOrNull(cause))
  return { stopDate: new Date(stoppedMs) }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const sendTaskSuccess: Action = ({ tokens }, input) => {
  const output = parsedOr(input['output'], (why) => sfnErrors.invalidOutput(why))
  waitingFor(tokens, input).succeed(output)
  return {}
}

const sendTaskFailure: Action = ({ tokens }, input) => {
  waitingFor(tokens, input).fail(textOrNull(input['error']), textOrNull(input['cause']))
  return {}
}

const sendTaskHeartbeat: Action = ({ tokens }, input) => {
  waitingFor(tokens, input).heartbeat()
  return {}
}

/** A token whose task has ended, in whatever way, has timed out for the API. */
const waitingFor = (tokens: TaskTokens, input: JsonObject): Waiting => {
  const state = tokens.stateOf(input['taskToken'])
  switch (state.kind) {
    case 'waiting':
      return state.waiting
    case 'closed':
      throw sfnErrors.taskTimedOut()
    case 'unknown':
      throw sfnErrors.taskDoesNotExist()
    case 'malformed':
      throw sfnErrors.invalidToken()
    default:
      return state satisfies never
  }
}

/** The resource that an action names in its input. */
export type Named = 'stateMachineArn' | 'executionArn' | 'taskToken'

interface ActionEntry {
  readonly act: Action
  readonly names: Named
  readonly hop: string
}

const entry = (act: Action, names: Named, hop: string): ActionEntry => ({ act, names, hop })

const actions: ReadonlyMap<string, ActionEntry> = new Map([
  ['StartExecution', entry(startExecution, 'stateMachineArn', 'states.startExecution')],
  ['DescribeExecution', entry(describeExecution, 'executionArn', 'states.startExecution')],
  ['StopExecution', entry(stopExecution, 'executionArn', 'states.startExecution')],
  ['SendTaskSuccess', entry(sendTaskSuccess, 'taskToken', 'states.answer')],
  ['SendTaskFailure', entry(sendTaskFailure, 'taskToken', 'states.answer')],
  ['SendTaskHeartbeat', entry(sendTaskHeartbeat, 'taskToken', 'states.answer')],
])

/** The action of that name; another is refused by name. */
export const actionOf = (name: ServiceCall['action']): ActionEntry => {
  const found = actions.get(name)
  if (found === undefined) throw new Error(`The action ${name} of Step Functions is not modelled`)
  return found
}
