import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type AslResult, runAsl } from '../../asl.ts'
import {
  familyOf,
  hasRedactedTime,
  hidesTime,
  isRedacted,
  nameOf,
  normal,
  type Recorded,
  readDefinition,
  readLines,
  readsItems,
  recordedFolder,
  tableOf,
  updateSection,
  whyHidden,
} from './recorded.testing.ts'

const folder = recordedFolder()
const exceptionsMax = 10

/** Recorded executions that a replay cannot repeat, each with its reason. A row is named by what pytest calls it. */
const exceptions = JSON.parse(
  readFileSync(new URL('./conformance.exceptions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>

const compare = (answer: AslResult, recorded: Recorded): void => {
  expect(answer.status).toBe(recorded.status)
  if (recorded.path !== null) expect(answer.path).toEqual(recorded.path)
  if (recorded.nondeterministic) return
  expect(answer.error ?? null).toBe(recorded.error)
  expect(normal(answer.output ?? null)).toEqual(normal(recorded.output))
  if (isRedacted(recorded.cause) || hasRedactedTime(recorded)) return
  expect(normal(answer.cause ?? null)).toEqual(normal(recorded.cause))
}

const verdictOf = async (recorded: Recorded): Promise<string | undefined> => {
  const definition = readDefinition(String(folder), recorded.definitionFile)
  const { input, type, taskOutcomes } = recorded
  try {
    compare(await runAsl({ definition, input, type, taskOutcomes }), recorded)
    return undefined
  } catch (error) {
    return String((error as Error).message).split('\n')[0]
  }
}

interface Refused {
  readonly definitionFile: string
  readonly message: {
    readonly Error?: { readonly Message: string }
    readonly exception_value?: string
  }
}

const invalidDefinitions = () =>
  folder === undefined
    ? []
    : readLines<Refused>(folder, 'invalid-definitions.jsonl').map(({ definitionFile, message }) => ({
        definitionFile,
        reason: (message.Error?.Message ?? message.exception_value ?? '')
          .replace(/^.*?Invalid State Machine Definition/, 'Invalid State Machine Definition')
          .replaceAll('<partition>', 'aws'),
      }))

if (folder === undefined) console.info('Recorded executions: none on this machine, conformance is skipped')

const titles = {
  rows: 'recorded',
  hold: 'hold',
  excepted: 'listed exceptions',
  hidden: 'times that the recording hides',
  reading: 'items from an ItemReader',
}

type Tally = Record<keyof typeof titles, number>

/** Runs every row; gives the tallies by family, the rows that are wrong or undecided, and exceptions that are none. */
const judgeAll = async (rows: readonly Recorded[]) => {
  const tallies = new Map<string, Tally>()
  const wrong: string[] = []
  const hidden: string[] = []
  const heldExceptions: string[] = []
  for (const row of rows) {
    const tally = tallies.get(familyOf(row)) ?? { rows: 0, hold: 0, excepted: 0, hidden: 0, reading: 0 }
    tallies.set(familyOf(row), tally)
    tally.rows += 1
    const why = await verdictOf(row)
    const isException = Object.hasOwn(exceptions, nameOf(row))
    if (why === undefined) {
      tally.hold += 1
      if (isException) heldExceptions.push(nameOf(row))
    } else if (isException) tally.excepted += 1
    else if (hidesTime(String(folder), row)) {
      tally.hidden += 1
      hidden.push(nameOf(row))
    } else if (readsItems(String(folder), row)) tally.reading += 1
    else wrong.push(`${nameOf(row)}: ${why}`)
  }
  return { tallies, wrong, hidden, heldExceptions }
}

describe.skipIf(folder === undefined)('What AWS answered', () => {
  it('is what the interpreter answers, row for row, but for the listed exceptions', async () => {
    const rows = readLines<Recorded>(String(folder), 'executions.jsonl')
    const { tallies, wrong, hidden, heldExceptions } = await judgeAll(rows)
    expect(wrong).toEqual([])
    expect(heldExceptions).toEqual([])
    expect(Object.keys(exceptions).length).toBeLessThanOrEqual(exceptionsMax)
    const listed = { ...exceptions, ...Object.fromEntries(hidden.map((name) => [name, whyHidden])) }
    updateSection('recorded executions', tableOf(titles, tallies, listed))
  }, 120_000)

  it.each(invalidDefinitions())('refuses $definitionFile with its reason', async (refused) => {
    const { definitionFile, reason } = refused
    const text = JSON.stringify(readDefinition(String(folder), definitionFile))
    const answer = await runAsl({
      definition: JSON.parse(text.replaceAll('<partition>', 'aws')),
      type: reason.includes('Express') ? 'EXPRESS' : 'STANDARD',
    })
    expect(answer).toMatchObject({ status: 'INVALID', cause: reason, path: [] })
  })
})
