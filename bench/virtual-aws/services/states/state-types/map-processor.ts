import { missingField, objectField, refuseSeveral, type StateSource } from '../definition/fields.ts'
import { schemaFailure, unsupportedField } from '../definition/invalid.ts'
import type { Program } from '../definition/program.ts'
import { isObject } from '../json.ts'
import type { StateParts } from './state-compiler.ts'

/** `Iterator` is the older name of `ItemProcessor`: one of them stands for the other, so that both say nothing clear. */
const processorOf = ({ fields, pointer }: StateSource) => {
  refuseSeveral(fields, ['ItemProcessor', 'Iterator'], pointer)
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

/**
 * The type of the child executions; undefined when there are none. It must be given in the distributed mode and in no
 * other. Sources: `ProcessorConfig` in
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.ProcessorConfig.html and, of the inline
 * mode, https://github.com/lalcebo/json-schema/pull/156 (read 2026-11-25).
 */
const childrenOf = (config: unknown, at: string): 'STANDARD' | 'EXPRESS' | undefined => {
  if (!isObject(config)) throw schemaFailure('Expected value of type Object', at)
  const { Mode: mode = 'INLINE', ExecutionType: type, ...others } = config
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw unsupportedField(unknown, at)
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED')
    throw schemaFailure(`Expected INLINE or DISTRIBUTED, got ${JSON.stringify(mode)}`, `${at}/Mode`)
  if (mode === 'INLINE') {
    if (type === undefined) return undefined
    throw schemaFailure("The field 'ExecutionType' is only supported in the DISTRIBUTED mode", at)
  }
  if (type === undefined) throw missingField('ExecutionType', at)
  if (type !== 'STANDARD' && type !== 'EXPRESS')
    throw schemaFailure(`Expected STANDARD or EXPRESS, got ${JSON.stringify(type)}`, `${at}/ExecutionType`)
  return type
}
