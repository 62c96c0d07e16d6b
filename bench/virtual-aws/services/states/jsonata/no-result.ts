import { isObject } from '../json.ts'
import { isExpression, parse, sourceOf } from './expression.ts'
import { refuseResult } from './references.ts'

/** Refuses `$states.result` in a field of a state that comes to none: Pass, Wait, Choice and Succeed. */
export const refuseResultIn = (template: unknown, field: string): void => {
  if (isExpression(template)) {
    const source = sourceOf(template)
    if (source.includes('result')) refuseResult(parse(source, field).ast() as never, field)
  } else if (Array.isArray(template))
    for (const [index, item] of template.entries()) refuseResultIn(item, `${field}[${index}]`)
  else if (isObject(template))
    for (const [key, value] of Object.entries(template)) refuseResultIn(value, `${field}/${key}`)
}
