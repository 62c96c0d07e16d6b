import { z } from 'zod'
import { dataschemaOf, type Envelope } from './envelope.ts'
import { commandNames, eventNames, type MessageName } from './names.ts'
import { registry } from './registry.ts'

/** A message that is not what its name promises: a defect of whoever sent it, never a refusal. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage'
}

const envelopeSchema = (type: MessageName) =>
  z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.literal(type),
    time: z.iso.datetime(),
    subject: z.string().min(1),
    dataschema: z.literal(dataschemaOf(type)),
    correlationid: z.string().min(1),
    causationid: z.string().min(1),
    data: registry[type].data,
  })

const names: readonly MessageName[] = [...commandNames, ...eventNames]
const schemas: ReadonlyMap<string, ReturnType<typeof envelopeSchema>> = new Map(
  names.map((name) => [name, envelopeSchema(name)]),
)

/**
 * Reads a message at the edge, once per delivery. Unknown fields are left out, so that a producer may add some;
 * keys come in the schema's order, whatever the order in which a table gave them back.
 */
export const parse = <Name extends MessageName>(
  expected: readonly Name[],
  value: unknown,
): Envelope<Name> => {
  const type = typeOf(value)
  const schema = (expected as readonly string[]).includes(type) ? schemas.get(type) : undefined
  if (schema === undefined) {
    throw new MalformedMessage(`Expected a message of type ${expected.join(' or ')}; got ${type}.`)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data as Envelope<Name>
  const issues = result.error.issues.map((issue) => `${at(issue.path)}: ${issue.message}`)
  throw new MalformedMessage(`${dataschemaOf(schema.shape.type.value)}: ${issues.join('; ')}.`)
}

const typeOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null)
    return `${value === null ? 'null' : typeof value}, no object`
  return 'type' in value && typeof value.type === 'string' ? value.type : 'an object without a type'
}

const at = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (sofar, key) =>
      typeof key === 'number' ? `${sofar}[${key}]` : `${sofar}${sofar ? '.' : ''}${String(key)}`,
    '',
  )

/** JSON Schema (draft 2020-12) of every message, envelope included, by name. */
export const jsonSchemas = (): Readonly<Record<MessageName, object>> =>
  Object.fromEntries(names.map((name) => [name, z.toJSONSchema(envelopeSchema(name))])) as Record<
    MessageName,
    object
  >
