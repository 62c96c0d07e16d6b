import { NotModelled } from '../../properties.ts'
import { type JsonObject, jsonBytes, jsonBytesMost, payloadBytesMax } from '../json.ts'

/**
 * The variables that one `Assign` made: 256 KiB together, and so each. AWS documents the limit and not the error that a
 * state fails with beyond it, so that this ends the run.
 * Source: "Limits" in https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (read 2026-11-25).
 */
export const assignedIn = (made: unknown): JsonObject => {
  const variables = made as JsonObject
  if (jsonBytesMost(variables) > payloadBytesMax) refuseAbove(variables)
  return variables
}

const refuseAbove = (variables: JsonObject): void => {
  const bytes = Object.values(variables).reduce((sum: number, value) => sum + jsonBytes(value), 0)
  if (bytes <= payloadBytesMax) return
  const names = Object.keys(variables).join(', ')
  throw new NotModelled(
    `Assign of ${names}: variables of more than ${payloadBytesMax} bytes are not modelled, got ${bytes}`,
  )
}
