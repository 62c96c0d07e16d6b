import { NotModelled } from '../properties.ts'
import { type JsonObject, jsonBytes, jsonBytesMost, payloadBytesMax } from './json.ts'

/** Of all variables of an execution; those of one `Assign`, and so each, come to no more than a payload. */
const variableBytesMax = 10 * 1024 * 1024

/**
 * What the variables of an execution come to, in all scopes that are open: bounds that cost little are added up, and
 * bytes are counted only where they come to a limit. AWS documents the limits and not the error that a state fails with
 * beyond them, so that this ends the run.
 * Source: "Limits" in https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (read 2026-11-25).
 */
export class VariableBudget {
  readonly #scopes = new Set<JsonObject>()
  /** Since the last count a variable counts as often as it was assigned. */
  #bytesMost = 0

  assign(scope: Record<string, unknown>, assigned: JsonObject): void {
    const bytesMost = jsonBytesMost(assigned)
    if (bytesMost > payloadBytesMax) refuseAbove(payloadBytesMax, bytesOf(assigned), namesOf(assigned))
    Object.assign(scope, assigned)
    this.#scopes.add(scope)
    this.#bytesMost += bytesMost
    if (this.#bytesMost > variableBytesMax) this.#count()
  }

  /** A branch or an iteration goes on with what it had. */
  open(scope: JsonObject): void {
    this.#scopes.add(scope)
    this.#bytesMost += bytesOf(scope)
  }

  /** Variables end with the branch or the iteration that assigned them. */
  close(scope: JsonObject): void {
    this.#scopes.delete(scope)
  }

  #count(): void {
    this.#bytesMost = [...this.#scopes].reduce((bytes, scope) => bytes + bytesOf(scope), 0)
    refuseAbove(variableBytesMax, this.#bytesMost, 'variables of one execution')
  }
}

/** Of its own variables, and not of those that it sees. */
const bytesOf = (scope: JsonObject): number =>
  Object.values(scope).reduce((bytes: number, value) => bytes + jsonBytes(value), 0)

const namesOf = (assigned: JsonObject): string => `Assign of ${Object.keys(assigned).join(', ')}`

const refuseAbove = (bytesMax: number, bytes: number, what: string): void => {
  if (bytes > bytesMax)
    throw new NotModelled(`${what}: variables of more than ${bytesMax} bytes are not modelled, got ${bytes}`)
}
