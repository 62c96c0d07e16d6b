import { isRecord, type Properties } from '../properties.ts'
import { emptyBatch, entryIdsNotDistinct, invalidEntryId, tooManyEntries } from './errors.ts'

const entriesMax = 10
const idForm = /^[A-Za-z0-9_-]{1,80}$/

export interface BatchOutput {
  readonly Successful: readonly object[]
  readonly Failed: readonly Properties[]
}

/** The entries of a batch request; throws what SQS answers to a batch that is wrong as a whole. */
export const batchEntries = (input: Properties, action: string): readonly Properties[] => {
  const entries = Array.isArray(input['Entries']) ? input['Entries'].filter(isRecord) : []
  if (entries.length === 0) throw emptyBatch(action)
  if (entries.length > entriesMax) throw tooManyEntries(entries.length)
  const ids = new Set<unknown>()
  for (const { Id } of entries) {
    if (typeof Id !== 'string' || !idForm.test(Id)) throw invalidEntryId()
    if (ids.has(Id)) throw entryIdsNotDistinct(Id)
    ids.add(Id)
  }
  return entries
}

/** Runs each entry for itself: what fails is reported beside what succeeds. */
export const eachEntry = (
  entries: readonly Properties[],
  run: (entry: Properties) => object,
): BatchOutput => {
  const Successful: object[] = []
  const Failed: Properties[] = []
  for (const entry of entries) {
    try {
      Successful.push(run(entry))
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'NotModelled') throw error
      Failed.push({ Id: entry['Id'], Code: error.name, Message: error.message, SenderFault: true })
    }
  }
  return { Successful, Failed }
}
