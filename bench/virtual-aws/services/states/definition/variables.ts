import { isObject, type JsonObject } from '../json.ts'
import type { StateSource } from './fields.ts'
import { schemaFailure } from './invalid.ts'

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (read 2026-11-24). */
const nameCharactersMax = 80
const reserved: ReadonlySet<string> = new Set(['states'])

/**
 * The variables that states of a program and those around it assign. A state inside a Parallel or a Map may read the
 * variables of the states around it, and is refused when it assigns one of the same name.
 */
export const variablesWithin = (
  sources: readonly StateSource[],
  outer: ReadonlySet<string>,
): ReadonlySet<string> => {
  const names = new Set(outer)
  for (const source of sources)
    for (const { at, assign } of assignments(source))
      for (const key of Object.keys(assign)) {
        const name = source.language === 'JSONPath' ? key.replace(/\.\$$/, '') : key
        checkName(name, at)
        if (outer.has(name)) {
          throw schemaFailure(
            `The variable '${name}' is assigned in an outer scope and cannot be assigned in an inner one`,
            at,
          )
        }
        names.add(name)
      }
  return names
}

const checkName = (name: string, at: string): void => {
  if (
    !reserved.has(name) &&
    name.length <= nameCharactersMax &&
    /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)
  )
    return
  throw schemaFailure(
    `Expected the name of a variable, an identifier of at most ${nameCharactersMax} characters other than ${[...reserved].join(', ')}, got '${name}'`,
    at,
  )
}

/** A state assigns when it is left, and so may each of its choices and catchers. */
const assignments = ({
  fields,
  pointer,
}: StateSource): readonly { readonly at: string; readonly assign: JsonObject }[] =>
  [
    { at: pointer, holder: fields as unknown },
    ...['Choices', 'Catch'].flatMap((list) =>
      (Array.isArray(fields[list]) ? fields[list] : []).map((holder: unknown, index: number) => ({
        at: `${pointer}/${list}[${index}]`,
        holder,
      })),
    ),
  ].flatMap(({ at, holder }) => {
    const assign = isObject(holder) ? holder['Assign'] : undefined
    if (assign === undefined) return []
    if (!isObject(assign)) throw schemaFailure('Expected value of type Object', `${at}/Assign`)
    return [{ at: `${at}/Assign`, assign }]
  })
