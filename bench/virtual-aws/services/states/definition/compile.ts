import { NotModelled } from '../../properties.ts'
import type { Integration } from '../integrations/integration.ts'
import { isObject, type JsonObject } from '../json.ts'
import { compileChoice } from '../state-types/choice.ts'
import { compileFail } from '../state-types/fail.ts'
import { compileMap } from '../state-types/map.ts'
import { compileParallel } from '../state-types/parallel.ts'
import { compilePass } from '../state-types/pass.ts'
import type { StateCompiler } from '../state-types/state-compiler.ts'
import { compileSucceed } from '../state-types/succeed.ts'
import { compileTask } from '../state-types/task.ts'
import { compileWait } from '../state-types/wait.ts'
import { compileCatchers } from './catch.ts'
import {
  checkFields,
  numberField,
  objectField,
  optionalText,
  type QueryLanguage,
  type StateSource,
  stateTypes,
  textField,
} from './fields.ts'
import { below, compileEach, InvalidDefinition, schemaFailure, unsupportedField } from './invalid.ts'
import { checkLabel } from './labels.ts'
import type { CompiledMachine, CompiledState, Program, StateType } from './program.ts'
import { compileRetriers } from './retry.ts'
import { checkTransitions } from './transitions.ts'
import { variablesWithin } from './variables.ts'

const compilers: Readonly<Record<StateType, StateCompiler>> = {
  Pass: compilePass,
  Task: compileTask,
  Choice: compileChoice,
  Wait: compileWait,
  Succeed: compileSucceed,
  Fail: compileFail,
  Parallel: compileParallel,
  Map: compileMap,
}

export interface CompileOptions {
  /** The integration behind a `Resource`; undefined refuses the definition. */
  integration(resource: string): Integration | undefined
  /** Express machines have neither task tokens nor jobs to wait for. */
  readonly isExpress?: boolean
}

const programFields = ['Comment', 'StartAt', 'States']
const machineFields = [...programFields, 'Version', 'TimeoutSeconds', 'QueryLanguage']

/**
 * Compiles a definition once, to closures. Throws `InvalidDefinition` with AWS's reason, and `NotModelled` for what
 * AWS takes and nobody modelled.
 */
export const compileMachine = (definition: unknown, options: CompileOptions): CompiledMachine => {
  if (!isObject(definition)) throw schemaFailure('Expected value of type Object', '')
  refuseUnknown(definition, machineFields, '')
  checkVersion(definition)
  const language = machineLanguage(definition)
  const context: Context = {
    ...options,
    language,
    names: new Set(),
    labels: new Set(),
    outerVariables: new Set(),
    depth: 0,
    notModelled: [],
  }
  const timeoutSeconds = numberField(
    definition,
    'TimeoutSeconds',
    '',
    { min: 1, max: 99_999_999, integer: true },
    Number.POSITIVE_INFINITY,
  )
  const program = compileProgram(definition, '', context)
  const [why] = context.notModelled
  if (why !== undefined) throw new NotModelled(why)
  return { ...program, timeoutMs: Number.isFinite(timeoutSeconds) ? timeoutSeconds * 1000 : undefined }
}

const refuseUnknown = (definition: JsonObject, known: readonly string[], pointer: string): void => {
  compileEach(Object.keys(definition), (field) => {
    if (!known.includes(field)) throw unsupportedField(field, pointer)
  })
}

/** Source: "Top-level fields" in https://states-language.net/spec.html (read 2026-11-25). */
const languageVersion = '1.0'

const checkVersion = (definition: JsonObject): void => {
  const version = optionalText(definition, 'Version', '') ?? languageVersion
  if (version !== languageVersion)
    throw schemaFailure(`Expected ${languageVersion}, got '${version}'`, '/Version')
}

interface Context extends CompileOptions {
  /** Of the whole machine: what is nested in a Map or a Parallel takes it from here and not from that state. */
  readonly language: QueryLanguage
  /** State names so far: unique in the whole machine. */
  readonly names: Set<string>
  /** Labels of Maps so far: unique like the names. */
  readonly labels: Set<string>
  /** Variables that states around this program assign: it may read them and not assign them. */
  readonly outerVariables: ReadonlySet<string>
  /** Of the machines that this one is nested in. */
  readonly depth: number
  /** What AWS takes and nobody modelled; told after all that AWS itself would refuse. */
  readonly notModelled: string[]
}

/**
 * Code: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
 * (read 2026-11-25).
 */
const compileProgram = (definition: JsonObject, pointer: string, outer: Context): Program => {
  const context = { ...outer, depth: outer.depth + 1 }
  if (context.depth > programsMax)
    throw new InvalidDefinition(`TOO_DEEPLY_NESTED: The states are too deeply nested at ${pointer}`)
  optionalText(definition, 'Comment', pointer)
  const startAt = textField(definition, 'StartAt', pointer)
  const sources = compileEach(Object.entries(objectField(definition, 'States', pointer)), ([name, fields]) =>
    stateSource(name, fields, pointer, context),
  )
  checkTransitions(startAt, sources, pointer)
  const outerVariables = variablesWithin(sources, context.outerVariables)
  const inner = { ...context, outerVariables }
  const states = compileEach(sources, (source) => [source.name, compileState(source, inner)] as const)
  return { startAt, states: new Map(states) }
}

/** How many machines may be nested in each other: approximated, since AWS has a code for it and publishes no figure. */
const programsMax = 200

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html (read 2026-11-25). */
const nameCharactersMax = 80

const stateSource = (
  name: string,
  fields: unknown,
  parent: string,
  { names, labels, language, notModelled }: Context,
): StateSource => {
  const pointer = `${parent}/States/${name}`
  if (!isObject(fields)) throw schemaFailure('Expected value of type Object', pointer)
  if (name.length > nameCharactersMax)
    throw new InvalidDefinition(
      `INVALID_STATE_NAME: Expected a state name of at most ${nameCharactersMax} characters at ${pointer}`,
    )
  if (names.has(name))
    throw new InvalidDefinition(`DUPLICATE_STATE_NAME: Duplicate State name: ${name} at ${pointer}`)
  names.add(name)
  const type = textField(fields, 'Type', pointer)
  if (!stateTypes.includes(type)) {
    throw schemaFailure(`Expected one of ${stateTypes.join(', ')}, got '${type}'`, `${pointer}/Type`)
  }
  const source = { name, pointer, fields, language: stateLanguage(fields, language, pointer) }
  for (const field of checkFields(source)) {
    notModelled.push(`${pointer}: the field '${field}' is not modelled`)
  }
  optionalText(fields, 'Comment', pointer)
  checkLabel(source, labels)
  return source
}

const machineLanguage = (definition: JsonObject): QueryLanguage =>
  languageIn(definition['QueryLanguage'] ?? 'JSONPath', '')

const languageIn = (language: unknown, pointer: string): QueryLanguage => {
  if (language === 'JSONata' || language === 'JSONPath') return language
  throw schemaFailure(
    `Expected JSONata or JSONPath, got ${JSON.stringify(language)}`,
    `${pointer}/QueryLanguage`,
  )
}

/** A machine in JSONata has no state in JSONPath; the other way round a state may choose JSONata. */
const stateLanguage = (fields: JsonObject, outer: QueryLanguage, pointer: string): QueryLanguage => {
  const language = languageIn(fields['QueryLanguage'] ?? outer, pointer)
  if (outer === 'JSONata' && language === 'JSONPath') {
    throw schemaFailure(
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
      pointer,
    )
  }
  return language
}

const compileState = (source: StateSource, context: Context): CompiledState => {
  const { name, fields, pointer } = source
  const type = fields['Type'] as StateType
  return below(pointer, () => {
    const body = compilers[type](source, {
      next: typeof fields['Next'] === 'string' ? fields['Next'] : undefined,
      program: (definition, at, apart) => {
        refuseUnknown(definition, programFields, at)
        return compileProgram(
          definition,
          at,
          apart === undefined
            ? context
            : { ...context, outerVariables: new Set(), isExpress: apart === 'EXPRESS' },
        )
      },
      integration: context.integration,
      isExpress: context.isExpress === true,
    })
    return {
      name,
      type,
      retriers: compileRetriers(source),
      catchers: compileCatchers(source),
      waitsForToken: body.waitsForToken === true,
      enter: body.enter,
    }
  })
}
