import { schemaFailure } from './definition/invalid.ts'
import type { Logging, LogLevel } from './history.ts'
import { isObject, type JsonObject } from './json.ts'

export const machineType = 'AWS::StepFunctions::StateMachine'

/** Properties of the template that are read; tracing and tags change nothing that is modelled. */
const modelled = new Set([
  'StateMachineName',
  'StateMachineType',
  'Definition',
  'DefinitionString',
  'DefinitionSubstitutions',
  'RoleArn',
  'LoggingConfiguration',
  'TracingConfiguration',
  'Tags',
])

/** Refuses, by name, what is not modelled; before intrinsics are resolved. */
export const checkProperties = (logicalId: string, properties: unknown): void => {
  const given = isObject(properties) ? properties : {}
  const unknown = Object.keys(given).find((property) => !modelled.has(property))
  if (unknown !== undefined) {
    throw new Error(`${machineType} ${logicalId}: the property ${unknown} is not modelled`)
  }
  const type = given['StateMachineType'] ?? 'STANDARD'
  if (type !== 'STANDARD') {
    throw new Error(
      `${machineType} ${logicalId}: StateMachineType ${JSON.stringify(type)} is not modelled, STANDARD is`,
    )
  }
}

/** The definition as JSON, with its substitutions made. */
export const definitionOf = (logicalId: string, properties: JsonObject): unknown => {
  const { DefinitionString: text, Definition: object } = properties
  const substitutions = isObject(properties['DefinitionSubstitutions'])
    ? properties['DefinitionSubstitutions']
    : {}
  if (typeof text === 'string') return parsed(substitute(text, substitutions))
  if (isObject(object)) return parsed(substitute(JSON.stringify(object), substitutions))
  throw new Error(`${machineType} ${logicalId}: expected a DefinitionString or a Definition`)
}

const substitute = (text: string, substitutions: JsonObject): string =>
  text.replace(/\$\{([A-Za-z0-9]+)\}/g, (whole, key: string) =>
    Object.hasOwn(substitutions, key) ? String(substitutions[key]) : whole,
  )

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw schemaFailure(`The definition is not JSON: ${(error as Error).message}`, '')
  }
}

const levels: readonly LogLevel[] = ['ALL', 'ERROR', 'FATAL', 'OFF']

/** What is logged; nothing when the template says nothing. */
export const loggingOf = (logicalId: string, properties: JsonObject): Logging => {
  const configuration = properties['LoggingConfiguration']
  if (!isObject(configuration)) return { level: 'OFF', includeData: false }
  const level = levels.find((known) => known === (configuration['Level'] ?? 'OFF'))
  if (level === undefined) {
    throw new Error(
      `${machineType} ${logicalId}: expected a log level of ${levels.join(', ')}, got ${configuration['Level']}`,
    )
  }
  return { level, includeData: configuration['IncludeExecutionData'] === true }
}
