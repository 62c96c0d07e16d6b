import { field } from './measure/messages.ts'

/** The logical id that a Ref or a Fn::GetAtt of a template names, in either form of the latter; of all else undefined. */
export const referredId = (value: unknown): string | undefined => {
  const attribute = field(value, 'Fn::GetAtt')
  const id: unknown =
    field(value, 'Ref') ??
    (Array.isArray(attribute)
      ? attribute[0]
      : typeof attribute === 'string'
        ? attribute.split('.')[0]
        : undefined)
  return typeof id === 'string' ? id : undefined
}
