import { optionalText, type StateSource } from './fields.ts'
import { InvalidDefinition } from './invalid.ts'

const labelCharactersMax = 40
const refusedCharacters = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u

/**
 * The `Label` of a Map, of which its Map Runs take their names: unique in the machine.
 * Sources: `Label` in https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html and the codes in
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html (both
 * read 2026-11-25).
 */
export const checkLabel = ({ fields, pointer }: StateSource, labels: Set<string>): void => {
  const label = optionalText(fields, 'Label', pointer)
  if (label === undefined) return
  const at = `${pointer}/Label`
  if (label.length > labelCharactersMax)
    throw invalidLabel(`Expected a label of at most ${labelCharactersMax} characters`, at)
  const [refused] = refusedCharacters.exec(label) ?? []
  if (refused !== undefined)
    throw invalidLabel(`Expected a label without the character ${JSON.stringify(refused)}`, at)
  if (labels.has(label))
    throw new InvalidDefinition(`DUPLICATE_LABEL_NAME: Duplicate label: ${label} at ${at}`)
  labels.add(label)
}

const invalidLabel = (what: string, at: string): Error =>
  new InvalidDefinition(`INVALID_LABEL_NAME: ${what} at ${at}`)
