import type { StatesApi } from './api.ts'
import { causeLengthMax, errorLengthMax, jsonIn, textIn } from './inputs.ts'
import type { JsonObject } from './json.ts'
import { sfnErrors } from './sfn-errors.ts'
import type { Waiting } from './tokens.ts'

export const sendTaskSuccess = (api: StatesApi, input: JsonObject): JsonObject => {
  const output = jsonIn(input, 'output', sfnErrors.invalidOutput)
  waitingFor(api, input).succeed(output)
  return {}
}

export const sendTaskFailure = (api: StatesApi, input: JsonObject): JsonObject => {
  const error = textIn(input, 'error', errorLengthMax)
  const cause = textIn(input, 'cause', causeLengthMax)
  waitingFor(api, input).fail(error, cause)
  return {}
}

export const sendTaskHeartbeat = (api: StatesApi, input: JsonObject): JsonObject => {
  waitingFor(api, input).heartbeat()
  return {}
}

/** A token whose task has ended, in whatever way, has timed out for the API. */
const waitingFor = ({ tokens }: StatesApi, input: JsonObject): Waiting => {
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
