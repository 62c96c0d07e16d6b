import { InvalidPattern, isObject } from './field.ts'

/** The alternatives of `"$or": [{…}, {…}]`: at least two objects, whose fields are not named like operators. */
export const alternativesOf = (operand: unknown): readonly Readonly<Record<string, unknown>>[] => {
  if (!Array.isArray(operand)) throw new InvalidPattern('It must be an Array followed with $or.')
  const alternatives = operand.filter(isObject)
  if (alternatives.length < operand.length)
    throw new InvalidPattern('Only JSON object is allowed in array of $or relationship.')
  if (alternatives.length < 2)
    throw new InvalidPattern('There must have at least 2 Objects in $or relationship.')
  for (const name of alternatives.flatMap(Object.keys))
    if (reserved.has(name))
      throw new InvalidPattern(`${name} is Ruler reserved fieldName which cannot be used inside $or.`)
  return alternatives
}

/** The operators, and names that AWS keeps for later ones. Source: https://github.com/aws/event-ruler */
const reserved = new Set([
  'exactly',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'exists',
  'wildcard',
  'numeric',
  'cidr',
  '=',
  '<',
  '<=',
  '>',
  '>=',
  'regex',
  'not-wildcard',
  'not-equals-ignore-case',
  'date-after',
  'date-on-or-after',
  'date-before',
  'date-on-or-before',
  'in-date-range',
  'ip-address-in-range',
  'ip-address-not-in-range',
])
