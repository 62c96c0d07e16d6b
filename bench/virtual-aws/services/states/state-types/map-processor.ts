import { objectField, type StateSource } from '../definition/fields.ts'
import { schemaFailure, unsupportedField } from '../definition/invalid.ts'
import type { Program } from '../definition/program.ts'
import { isObject } from '../json.ts'
import type { StateParts } from './state-compiler.ts'

const processorOf = ({ fields, pointer }: StateSource) => {
  const field =
    fields['ItemProcessor'] === undefined && fields['Iterator'] !== undefined ? 'Iterator' : 'ItemProcessor'
  return { field, definition: objectField(fields, field, pointer) }
}

export const isDistributed = (source: StateSource): boolean => {
  const config = processorOf(source).definition['ProcessorConfig']
  return isObject(config) && config['Mode'] === 'DISTRIBUTED'
}

/** Compiles what runs for each item. */
export const compileProcessor = (source: StateSource, program: StateParts['program']): Program => {
  const { field, definition } = processorOf(source)
  const { ProcessorConfig: config = {}, ...rest } = definition
  const at = `${source.pointer}/${field}`
  return program(rest, at, childrenOf(config, `${at}/ProcessorConfig`))
}

/** The type of the child executions; undefined when there are none. */
const childrenOf = (config: unknown, at: string): 'STANDARD' | 'EXPRESS' | undefined => {
  if (!isObject(config)) throw schemaFailure('Expected value of type Object', at)
  const { Mode: mode = 'INLINE', ExecutionType: type = 'STANDARD', ...others } = config
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw unsupportedField(unknown, at)
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED')
    throw schemaFailure(`Expected INLINE or DISTRIBUTED, got ${JSON.stringify(mode)}`, `${at}/Mode`)
  if (type !== 'STANDARD' && type !== 'EXPRESS')
    throw schemaFailure(`Expected STANDARD or EXPRESS, got ${JSON.stringify(type)}`, `${at}/ExecutionType`)
  return mode === 'DISTRIBUTED' ? type : undefined
}
