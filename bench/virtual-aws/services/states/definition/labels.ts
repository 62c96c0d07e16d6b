import { optionalText, type StateSource } from './fields.ts'
import { schemaFailure } from './invalid.ts'

const labelCharactersMax = 40
const refusedCharacters = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u

/**
 * The `Label` of a Map, of which its Map Runs take their names: unique in the machine.
 * Source: `Label` in https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html (read 2026-11-25).
 */
export const checkLabel = ({ fields, pointer }: StateSource, labels: Set<string>): void => {
  const label = optionalText(fields, 'Label', pointer)
  if (label === undefined) return
  const at = `${pointer}/Label`
  if (label.length > labelCharactersMax)
    throw schemaFailure(`Expected a label of at most ${labelCharactersMax} characters`, at)
  const [refused] = refusedCharacters.exec(label) ?? []
  if (refused !== undefined)
    throw schemaFailure(`Expected a label without the character ${JSON.stringify(refused)}`, at)
  if (labels.has(label)) throw schemaFailure(`Duplicate label: ${label}`, at)
  labels.add(label)
}
