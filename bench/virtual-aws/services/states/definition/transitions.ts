import type { JsonObject } from '../json.ts'
import { listField, optionalText, type StateSource } from './fields.ts'
import { InvalidDefinition, schemaFailure } from './invalid.ts'

const ending = new Set(['Succeed', 'Fail'])

interface Target {
  readonly state: string
  /** Where it is named, as a pointer. */
  readonly at: string
}

/**
 * Every target exists, some state ends the workflow, and every state is somebody's target. AWS tells all that is
 * wrong at once: missing targets first, each called 'Next' whatever the field; states that nothing leads to only
 * where the workflow can end.
 * Source: https://github.com/floci-io/floci/issues/2735 (measured on AWS, read 2026-11-25).
 */
export const checkTransitions = (startAt: string, sources: readonly StateSource[], pointer: string): void => {
  const names = new Set(sources.map(({ name }) => name))
  const targets = [{ state: startAt, at: `${pointer}/StartAt` }, ...sources.flatMap(targetsOf)]
  const missing = targets
    .filter(({ state }) => !names.has(state))
    .map(({ state, at }) => `MISSING_TRANSITION_TARGET: Missing 'Next' target: ${state} at ${at}`)
  const wrong = [...missing, ...(sources.some(ends) ? unreachable(sources, targets) : [endless])]
  if (wrong.length > 0) throw new InvalidDefinition(...wrong)
}

const endless = 'MISSING_END_STATE: Workflow has no terminal state at null'

const ends = ({ fields }: StateSource): boolean =>
  ending.has(String(fields['Type'])) || fields['End'] === true

const unreachable = (sources: readonly StateSource[], targets: readonly Target[]): readonly string[] => {
  const targeted = new Set(targets.map(({ state }) => state))
  return sources
    .filter(({ name }) => !targeted.has(name))
    .map(({ name, pointer }) => `MISSING_TRANSITION_TARGET: State "${name}" is not reachable. at ${pointer}`)
}

const targetsOf = (source: StateSource): readonly Target[] => {
  const { fields, pointer } = source
  const type = String(fields['Type'])
  if (type === 'Choice') return choiceTargets(fields, pointer)
  const catches = targetsIn(fields, 'Catch', pointer)
  if (ending.has(type)) return catches
  const { End: end = false } = fields
  if (typeof end !== 'boolean') throw schemaFailure('Expected value of type Boolean', `${pointer}/End`)
  const next = optionalText(fields, 'Next', pointer)
  if ((next !== undefined) === end) {
    throw schemaFailure("A state must have either a 'Next' or an 'End' that is true", pointer)
  }
  return next === undefined ? catches : [{ state: next, at: `${pointer}/Next` }, ...catches]
}

const choiceTargets = (fields: JsonObject, pointer: string): readonly Target[] => {
  const chosen = targetsIn(fields, 'Choices', pointer)
  return typeof fields['Default'] === 'string'
    ? [...chosen, { state: fields['Default'], at: `${pointer}/Default` }]
    : chosen
}

const targetsIn = (fields: JsonObject, list: string, pointer: string): readonly Target[] =>
  listField(fields, list, pointer).flatMap((entry, index) =>
    typeof entry['Next'] === 'string'
      ? [{ state: entry['Next'], at: `${pointer}/${list}[${index}]/Next` }]
      : [],
  )
