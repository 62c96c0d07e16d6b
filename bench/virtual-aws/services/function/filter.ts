import type { ReceivedMessage } from '../../world.ts'
import { compilePattern, type Pattern } from '../event-bus/pattern/pattern.ts'
import { InvalidTemplate, isRecord, NotModelled, refuseOthers } from '../properties.ts'
import { sqsRecord } from './sqs-event.ts'

/** Whether the function wants a message; what it does not want is deleted from the queue. */
export type MessageFilter = (message: ReceivedMessage) => boolean

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html (read 2026-11-25). */
const filtersMax = 5
/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html (read 2026-11-25). */
const patternLengthMax = 4096

/** The patterns of `FilterCriteria`, as JSON texts; none when there are no filters. */
export const readFilterCriteria = (criteria: unknown, where: string): readonly string[] => {
  if (criteria === undefined) return []
  if (!isRecord(criteria)) throw new InvalidTemplate(`${where}: expected an object as FilterCriteria`)
  refuseOthers(criteria, new Set(['Filters']), `${where}: FilterCriteria`)
  const filters = criteria['Filters'] ?? []
  if (!Array.isArray(filters) || filters.length > filtersMax) {
    throw new InvalidTemplate(`${where}: expected a list of up to ${filtersMax} Filters`)
  }
  return filters.map((filter: unknown) => {
    const pattern = isRecord(filter) ? filter['Pattern'] : undefined
    if (typeof pattern !== 'string' || pattern.length > patternLengthMax) {
      throw new InvalidTemplate(
        `${where}: expected a Pattern of up to ${patternLengthMax} characters in each of the Filters`,
      )
    }
    return pattern
  })
}

/** What a pattern says of the body decides what kind of body it is for. */
type BodyKind = 'any' | 'JSON' | 'text'

/**
 * A message passes when one of the patterns matches its record, in which a body of JSON stands as JSON. A body of
 * the other kind than the pattern is for does not match:
 *
 *     pattern            body: text           body: JSON
 *     "body": [ … ]      compared as text     –
 *     "body": { … }      –                    looked into
 *     no "body"          not looked at        not looked at
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html (read 2026-11-25).
 */
export const compileFilter = (
  patterns: readonly string[],
  { queueArn, region, where }: { readonly queueArn: string; readonly region: string; readonly where: string },
): MessageFilter => {
  const compiled = patterns.map((text) => ({ pattern: compiledPattern(text, where), kind: bodyKind(text) }))
  return (message) => {
    const parsed = parsedBody(message.body)
    const kind: BodyKind = parsed === undefined ? 'text' : 'JSON'
    const record = {
      ...sqsRecord(message, queueArn, region),
      body: parsed === undefined ? message.body : parsed.value,
    }
    return compiled.some(
      (filter) => (filter.kind === 'any' || filter.kind === kind) && filter.pattern.matches(record),
    )
  }
}

const compiledPattern = (text: string, where: string): Pattern => {
  try {
    return compilePattern(text)
  } catch (cause) {
    throw new InvalidTemplate(`${where}: Invalid filter pattern definition.`, { cause })
  }
}

const bodyKind = (pattern: string): BodyKind => {
  const { body, $or } = JSON.parse(pattern)
  if ($or !== undefined && JSON.stringify($or).includes('"body"')) {
    throw new NotModelled('FilterCriteria: body inside of $or at the top is not modelled')
  }
  if (body === undefined) return 'any'
  return Array.isArray(body) ? 'text' : 'JSON'
}

const parsedBody = (body: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(body) }
  } catch {
    // It is a plain text, which is a kind of its own.
    return undefined
  }
}
