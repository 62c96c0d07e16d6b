import { schemaFailure } from './definition/invalid.ts'
import type { Logging, LogLevel } from './history.ts'
import { isObject, type JsonObject } from './json.ts'

export const machineType = 'AWS::StepFunctions::StateMachine'

/** Properties of the template that are read; tracing and tags change nothing in a run. */
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
  typeOf(logicalId, given)
}

const types = ['STANDARD', 'EXPRESS'] as const

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html (read 2026-11-25). */
export const typeOf = (logicalId: string, properties: JsonObject): (typeof types)[number] => {
  const given = properties['StateMachineType'] ?? 'STANDARD'
  const type = types.find((known) => known === given)
  if (type !== undefined) return type
  throw new Error(
    `${machineType} ${logicalId}: expected a StateMachineType of ${types.join(' or ')}, got ${JSON.stringify(given)}`,
  )
}

/** The text of the definition, with its substitutions made. */
export const definitionOf = (logicalId: string, properties: JsonObject): string => {
  const { DefinitionString: text, Definition: object } = properties
  const substitutions = isObject(properties['DefinitionSubstitutions'])
    ? properties['DefinitionSubstitutions']
    : {}
  if (typeof text === 'string') return substitute(text, substitutions)
  if (isObject(object)) return substitute(JSON.stringify(object), substitutions)
  throw new Error(`${machineType} ${logicalId}: expected a DefinitionString or a Definition`)
}

const substitute = (text: string, substitutions: JsonObject): string =>
  text.replace(/\$\{([A-Za-z0-9]+)\}/g, (whole, key: string) =>
    Object.hasOwn(substitutions, key) ? String(substitutions[key]) : whole,
  )

/** The definition that a text states. */
export const parseDefinition = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw schemaFailure(`The definition is not JSON: ${(error as Error).message}`, '')
  }
}

const levels: readonly LogLevel[] = ['ALL', 'ERROR', 'FATAL', 'OFF']

/**
 * What is logged; nothing when the template says nothing. A level other than OFF needs its one destination.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html (read 2026-11-25).
 */
export const loggingOf = (logicalId: string, properties: JsonObject): Logging => {
  const configuration = properties['LoggingConfiguration']
  if (!isObject(configuration)) return { level: 'OFF', includeData: false }
  const level = levels.find((known) => known === (configuration['Level'] ?? 'OFF'))
  if (level === undefined) {
    throw new Error(
      `${machineType} ${logicalId}: expected a log level of ${levels.join(', ')}, got ${configuration['Level']}`,
    )
  }
  const destinations = configuration['Destinations']
  if (level !== 'OFF' && !(Array.isArray(destinations) && destinations.length === 1)) {
    throw new Error(
      `${machineType} ${logicalId}: LoggingConfiguration: expected exactly one of Destinations, since the Level is ${level}`,
    )
  }
  return { level, includeData: configuration['IncludeExecutionData'] === true }
}

/** The configuration as the API gives it: its members begin in small letters there. */
export const asApi = (value: unknown): JsonObject | undefined => {
  const written = uncapitalized(value)
  return isObject(written) ? written : undefined
}

const uncapitalized = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(uncapitalized)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      uncapitalized(inner),
    ]),
  )
}
