import {
  fieldRefusal,
  listField,
  missingField,
  optionalText,
  type QueryLanguage,
  requiredField,
  type StateSource,
  textField,
} from '../definition/fields.ts'
import { compileDeparture, compileFlow, type Departure } from '../definition/flow.ts'
import { compileEach, schemaFailure } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import type { JsonObject } from '../json.ts'
import { isExpression } from '../jsonata/expression.ts'
import { compileTyped } from '../jsonata/template.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { Scope } from '../scope.ts'
import { compileRule, type Rule, ruleFields } from './choice-rule.ts'
import type { StateCompiler } from './state-compiler.ts'

interface Branch {
  readonly next: string
  readonly holds: Rule
  leave(scope: Scope, data: unknown): Departure
}

/** Goes where the first rule that holds points to, or to the default. */
export const compileChoice: StateCompiler = (source) => {
  const { fields, pointer } = source
  const flow = compileFlow(source)
  requiredField(fields, 'Choices', pointer)
  const entries = listField(fields, 'Choices', pointer)
  if (entries.length === 0) throw schemaFailure("The field 'Choices' must be a non-empty list", pointer)
  const branches = compileEach(entries, (entry, index) => compileBranch(source, entry, `Choices[${index}]`))
  const otherwise = optionalText(fields, 'Default', pointer)
  return {
    enter: (visit) => {
      const { scope } = visit
      const data = flow.input(scope)
      const taken = branches.find((branch) => branch.holds(data, scope))
      if (taken !== undefined) visit.leave(taken.next, taken.leave(scope, data))
      else if (otherwise !== undefined) visit.leave(otherwise, flow.leave(scope, data))
      else {
        throw new EvaluationError(
          'States.NoChoiceMatched',
          'Failed to transition out of the state. The state does not point to a next state.',
        )
      }
    },
  }
}

const compileBranch = (source: StateSource, entry: JsonObject, field: string): Branch => {
  const at = `${source.pointer}/${field}`
  refuseUnknown(entry, source.language, at)
  const next = textField(entry, 'Next', at)
  return source.language === 'JSONata'
    ? { next, holds: condition(entry, at, field), leave: compileDeparture(entry, `${field}/`) }
    : {
        next,
        holds: compileRule(entry, at, always),
        leave: jsonpathDeparture(source, entry),
      }
}

const always = ['Next', 'Comment', 'Assign']
/** What a rule may have beside comparisons, which JSONPath alone has. */
const fieldsOf = {
  JSONata: [...always, 'Condition', 'Output'],
  JSONPath: [...always, ...ruleFields],
}

const refuseUnknown = (entry: JsonObject, language: QueryLanguage, at: string): void => {
  const unknown = Object.keys(entry).find((name) => !fieldsOf[language].includes(name))
  if (unknown !== undefined) throw fieldRefusal(unknown, language, fieldsOf, at)
}

const condition = (entry: JsonObject, at: string, field: string): Rule => {
  optionalText(entry, 'Comment', at)
  if (entry['Condition'] === undefined) throw missingField('Condition', at)
  const { Condition: given } = entry
  if (typeof given !== 'boolean' && !isExpression(given))
    throw schemaFailure('Expected value of type Boolean', `${at}/Condition`)
  const holds = compileTyped(given, `${field}/Condition`, 'boolean')
  return (_data, scope) => holds(scope) === true
}

const jsonpathDeparture = ({ fields }: StateSource, entry: JsonObject): Branch['leave'] => {
  const flow = compileFlow({
    name: '',
    pointer: '',
    language: 'JSONPath',
    fields: { OutputPath: fields['OutputPath'] },
  })
  const assign = entry['Assign'] === undefined ? undefined : compilePayload(entry['Assign'], 'Assign')
  return (scope, data) => ({
    output: flow.leave(scope, data).output,
    assigned: assign === undefined ? undefined : (assign(data, scope) as JsonObject),
  })
}
