import { errorOutput, type Failure, matches } from '../failure.ts'
import type { JsonObject } from '../json.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { Scope } from '../scope.ts'
import { fieldRefusal, listField, optionalText, type StateSource, textField } from './fields.ts'
import { compileDeparture, compileResultPath, type Departure } from './flow.ts'
import { compileEach } from './invalid.ts'
import { errorNames } from './retry.ts'

/** One entry of `Catch`. */
export interface Catcher {
  readonly errorEquals: readonly string[]
  readonly next: string
  leave(scope: Scope, failure: Failure): Departure
}

const fieldsOf = {
  JSONata: ['ErrorEquals', 'Next', 'Comment', 'Assign', 'Output'],
  JSONPath: ['ErrorEquals', 'Next', 'Comment', 'Assign', 'ResultPath'],
}

export const compileCatchers = ({ fields, pointer, language }: StateSource): readonly Catcher[] => {
  const entries = listField(fields, 'Catch', pointer)
  return compileEach(entries, (entry, index) => {
    const at = `${pointer}/Catch[${index}]`
    const unknown = Object.keys(entry).find((field) => !fieldsOf[language].includes(field))
    if (unknown !== undefined) throw fieldRefusal(unknown, language, fieldsOf, at)
    optionalText(entry, 'Comment', at)
    return {
      errorEquals: errorNames(entry, at, index === entries.length - 1),
      next: textField(entry, 'Next', at),
      leave: language === 'JSONata' ? jsonataCatch(entry, `Catch[${index}]/`) : jsonpathCatch(entry),
    }
  })
}

const jsonataCatch = (entry: JsonObject, at: string): Catcher['leave'] => {
  const depart = compileDeparture(entry, at)
  return (scope, failure) => {
    const caught = errorOutput(failure)
    return depart({ ...scope, result: undefined, errorOutput: caught }, caught)
  }
}

const jsonpathCatch = (entry: JsonObject): Catcher['leave'] => {
  const place = compileResultPath(entry['ResultPath'])
  const assign = entry['Assign'] === undefined ? undefined : compilePayload(entry['Assign'], 'Assign')
  return (scope, failure) => {
    const caught = errorOutput(failure)
    return {
      output: place(scope.input, caught),
      assigned: assign === undefined ? undefined : (assign(caught, scope) as JsonObject),
    }
  }
}

export const catcherFor = (catchers: readonly Catcher[], failure: Failure): Catcher | undefined =>
  catchers.find((catcher) => matches(catcher.errorEquals, failure))
