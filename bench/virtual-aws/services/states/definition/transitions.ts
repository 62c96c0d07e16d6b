import type { JsonObject } from '../json.ts'
import { listField, type StateSource } from './fields.ts'
import { missingTarget, schemaFailure } from './invalid.ts'

const ending = new Set(['Succeed', 'Fail'])

interface Target {
  readonly state: string
  readonly field: string
}

/** Every state goes somewhere that exists or ends, and every state can be reached from the start. */
export const checkTransitions = (startAt: string, sources: readonly StateSource[], pointer: string): void => {
  const byName = new Map(sources.map((source) => [source.name, source]))
  if (!byName.has(startAt)) throw missingTarget(`Missing 'StartAt' target: ${startAt}`, `${pointer}/StartAt`)
  const targets = new Map(sources.map((source) => [source.name, targetsOf(source)]))
  for (const source of sources) {
    const missing = targets.get(source.name)?.find(({ state }) => !byName.has(state))
    if (missing !== undefined) {
      const name = missing.field.split('/').at(-1)
      throw missingTarget(`Missing '${name}' target: ${missing.state}`, `${source.pointer}/${missing.field}`)
    }
  }
  const reached = reachable(startAt, targets)
  const lost = sources.find(({ name }) => !reached.has(name))
  if (lost !== undefined) throw missingTarget(`State "${lost.name}" is not reachable.`, lost.pointer)
}

const reachable = (startAt: string, targets: ReadonlyMap<string, readonly Target[]>): ReadonlySet<string> => {
  const reached = new Set([startAt])
  for (const name of reached) for (const { state } of targets.get(name) ?? []) reached.add(state)
  return reached
}

const targetsOf = (source: StateSource): readonly Target[] => {
  const { fields, pointer } = source
  const type = String(fields['Type'])
  if (type === 'Choice') return choiceTargets(fields, pointer)
  const catches = targetsIn(fields, 'Catch', pointer)
  if (ending.has(type)) return catches
  const { Next: next, End: end } = fields
  if ((typeof next === 'string') === (end === true)) {
    throw schemaFailure("A state must have either a 'Next' or an 'End' that is true", pointer)
  }
  return typeof next === 'string' ? [{ state: next, field: 'Next' }, ...catches] : catches
}

const choiceTargets = (fields: JsonObject, pointer: string): readonly Target[] => {
  const chosen = targetsIn(fields, 'Choices', pointer)
  return typeof fields['Default'] === 'string'
    ? [...chosen, { state: fields['Default'], field: 'Default' }]
    : chosen
}

const targetsIn = (fields: JsonObject, list: string, pointer: string): readonly Target[] =>
  listField(fields, list, pointer).flatMap((entry, index) =>
    typeof entry['Next'] === 'string' ? [{ state: entry['Next'], field: `${list}[${index}]/Next` }] : [],
  )
