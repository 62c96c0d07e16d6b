import { utf8Bytes } from '../bytes.ts'
import { isRecord, type Properties } from '../properties.ts'
import { messageTextBytes } from './characters.ts'
import { invalidParameter } from './errors.ts'

/**
 * Wording of the errors: as quoted in public reports, https://github.com/Inqnuam/local-aws-sqs among them.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (read 2026-11-25).
 */
const attributesMax = 10
/** Of names and of types. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html (read 2026-11-25). */
const lettersMax = 256

/** Of numbers. Source: as of `lettersMax`, "Message attribute data types". */
const digitsMax = 38
const leastNumber = 1e-128
const greatestNumber = 1e126

const numberForm = /^[+-]?(?=\.?\d)(\d*)\.?(\d*)(?:[eE][+-]?\d+)?$/
const nameForm = /^(?!\.)(?!.*\.\.)(?!.*\.$)[A-Za-z0-9_\-.]+$/
const reservedForm = /^(aws|amazon)\./i
const typeForm = /^(String|Number|Binary)(\..+)?$/

/** The bytes of a message's attributes: each counts with its name, its type and its value. */
export const attributeBytes = (attributes: Properties): number => {
  let bytes = 0
  for (const [name, attribute] of Object.entries(attributes)) {
    const { DataType, StringValue, BinaryValue } = isRecord(attribute) ? attribute : {}
    bytes += utf8Bytes(name) + (typeof DataType === 'string' ? utf8Bytes(DataType) : 0)
    if (BinaryValue instanceof Uint8Array) bytes += BinaryValue.length
    else if (typeof StringValue === 'string') bytes += utf8Bytes(StringValue)
  }
  return bytes
}

/** Throws what SQS answers to attributes that are not in order. */
export const checkAttributes = (attributes: Properties): void => {
  const entries = Object.entries(attributes)
  if (entries.length > attributesMax)
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${attributesMax}].`,
    )
  for (const [name, value] of entries) checkAttribute(name, value)
}

const checkAttribute = (name: string, attribute: unknown): void => {
  checkName(name)
  if (!isRecord(attribute))
    throw invalidParameter(
      `The message attribute '${name}' must contain a non-empty message attribute value.`,
    )
  const { DataType, StringValue, BinaryValue } = attribute
  if (typeof DataType !== 'string' || DataType === '')
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty message attribute type.`)
  if (DataType.length > lettersMax)
    throw invalidParameter('Message (user) attribute type must be shorter than 256 bytes.')
  const [, kind] = typeForm.exec(DataType) ?? []
  if (kind === undefined)
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    )
  if (StringValue !== undefined && BinaryValue !== undefined)
    throw invalidParameter(`Message (user) attribute '${name}' must have a single value.`)
  if (kind === 'Binary') checkBinary(name, DataType, StringValue, BinaryValue)
  else checkText(name, DataType, StringValue, BinaryValue)
}

const checkName = (name: string): void => {
  if (name === '' || name.length > lettersMax || !nameForm.test(name) || reservedForm.test(name))
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid. It can contain up to 256 alphanumeric characters, underscores, hyphens and periods, must not start or end with a period or hold two in a row, and must not start with AWS. or Amazon.`,
    )
}

const empty = (name: string, type: string): Error =>
  invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`)

const checkBinary = (name: string, type: string, text: unknown, value: unknown): void => {
  if (text !== undefined)
    throw invalidParameter(`Message (user) attribute '${name}' with type 'Binary' must use field 'Binary'.`)
  if (!(value instanceof Uint8Array) || value.length === 0) throw empty(name, type)
}

const checkText = (name: string, type: string, value: unknown, binary: unknown): void => {
  if (binary !== undefined)
    throw invalidParameter(`Message (user) attribute '${name}' with type '${type}' must use field 'String'.`)
  if (typeof value !== 'string' || value === '') throw empty(name, type)
  if (type.startsWith('Number') && !isNumber(value))
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`)
  if (messageTextBytes(value) === undefined)
    throw invalidParameter(`Message (user) attribute '${name}' holds characters outside the allowed set.`)
}

/** Zeros at either end are no digits: AWS trims them. */
const isNumber = (text: string): boolean => {
  const [form, whole = '', fraction = ''] = numberForm.exec(text) ?? []
  if (form === undefined) return false
  const digits = `${whole}${fraction}`.replace(/^0+|0+$/g, '').length
  const size = Math.abs(Number(text))
  return digits <= digitsMax && (digits === 0 || (size >= leastNumber && size <= greatestNumber))
}
