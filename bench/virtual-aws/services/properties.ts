/** Properties of a template's resource, or the input of a request. */
export type Properties = Readonly<Record<string, unknown>>

/** A template or a request asks for what is not modelled: named, so that nobody relies on it unknowingly. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled'
}

/** A template says what AWS itself would refuse at deploy. */
export class InvalidTemplate extends Error {
  override readonly name = 'InvalidTemplate'
}

export const isRecord = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The properties as a record; a resource without properties has none. */
export const recordOf = (value: unknown, where: string): Properties => {
  if (value === undefined) return {}
  if (isRecord(value)) return value
  throw new InvalidTemplate(`${where}: expected an object, got ${describe(value)}`)
}

/** Refuses by name what is not in `known`. */
export const refuseOthers = (properties: Properties, known: ReadonlySet<string>, where: string): void => {
  for (const name of Object.keys(properties))
    if (!known.has(name) && properties[name] !== undefined)
      throw new NotModelled(`${where}: ${name} is not modelled`)
}

/** CloudFormation takes numbers as numbers and as text; the default stands for an absent one. */
export const integerOf = (
  value: unknown,
  bounds: { readonly from: number; readonly to: number; readonly default: number },
  where: string,
): number => {
  if (value === undefined) return bounds.default
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < bounds.from || number > bounds.to)
    throw new InvalidTemplate(
      `${where}: expected an integer from ${bounds.from} to ${bounds.to}, got ${describe(value)}`,
    )
  return number
}

export const textOf = (value: unknown, where: string): string => {
  if (typeof value === 'string' && value !== '') return value
  throw new InvalidTemplate(`${where}: expected text, got ${describe(value)}`)
}

export const describe = (value: unknown): string => JSON.stringify(value) ?? String(value)
