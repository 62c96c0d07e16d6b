import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileMachine } from './definition/compile.ts'
import { integrationFor } from './integrations/registry.ts'
import { type Recorded, readDefinition, readLines, recordedFolder, replay } from './recorded.testing.ts'

const folder = recordedFolder()
const baselineFile = new URL('./conformance.baseline.json', import.meta.url)

/** Rows that pass by family, and those that do not: neither may get worse. */
interface Baseline {
  readonly passing: Readonly<Record<string, number>>
  readonly failing: readonly string[]
}

const familyOf = ({ id }: Recorded): string => (id.split('/v2/')[1] ?? id).split('::')[0] ?? id

/** A cause is JSON in a string whose spaces differ by the runtime that wrote it. */
const normal = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value === 'string' && value.startsWith('{')) return parsedOr(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normal(inner)]))
}

const parsedOr = (text: string): unknown => {
  try {
    return normal(JSON.parse(text))
  } catch {
    return text
  }
}

const verdictOf = async (recorded: Recorded): Promise<string | undefined> => {
  try {
    const replayed = await replay(readDefinition(String(folder), recorded.definitionFile), recorded)
    expect(replayed.status).toBe(recorded.status)
    if (recorded.path !== null) expect(replayed.path).toEqual(recorded.path)
    if (!recorded.nondeterministic) {
      expect(replayed.error).toBe(recorded.error)
      expect(normal(replayed.output)).toEqual(normal(recorded.output))
    }
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

/** Those of Standard machines: Express is not modelled. */
const invalidDefinitions = () =>
  folder === undefined
    ? []
    : readLines<Refused>(folder, 'invalid-definitions.jsonl')
        .map(({ definitionFile, message }) => ({
          definitionFile,
          reason: (message.Error?.Message ?? message.exception_value ?? '')
            .replace(/^.*?Invalid State Machine Definition/, 'Invalid State Machine Definition')
            .replaceAll('<partition>', 'aws'),
        }))
        .filter(({ reason }) => !reason.includes('Express'))

if (folder === undefined) console.info('Recorded executions: none on this machine, conformance is skipped')

describe.skipIf(folder === undefined)('What AWS answered', () => {
  it('is what the interpreter answers, row for row, and no row is lost again', async () => {
    const rows = readLines<Recorded>(String(folder), 'executions.jsonl')
    const passing: Record<string, number> = {}
    const failing: string[] = []
    for (const [line, row] of rows.entries()) {
      const wrong = await verdictOf(row)
      const family = familyOf(row)
      if (wrong === undefined) passing[family] = (passing[family] ?? 0) + 1
      else {
        failing.push(`${line + 1} ${row.id.split('::').at(-1)}`)
        if (process.env['CONFORMANCE_WHY'] !== undefined) console.info(`${failing.at(-1)}: ${wrong}`)
      }
    }
    console.info(`Recorded executions: ${rows.length - failing.length} of ${rows.length} hold`)
    if (process.env['CONFORMANCE_UPDATE'] !== undefined) {
      writeFileSync(baselineFile, `${JSON.stringify({ passing, failing }, null, 2)}\n`)
    }
    const baseline = JSON.parse(readFileSync(baselineFile, 'utf8')) as Baseline
    expect(failing.filter((row) => !baseline.failing.includes(row))).toEqual([])
    for (const [family, count] of Object.entries(baseline.passing)) {
      expect(passing[family] ?? 0, family).toBeGreaterThanOrEqual(count)
    }
  })

  it.each(invalidDefinitions())('refuses $definitionFile with its reason', ({ definitionFile, reason }) => {
    const definition = JSON.stringify(readDefinition(String(folder), definitionFile)).replaceAll(
      '<partition>',
      'aws',
    )
    expect(() => compileMachine(JSON.parse(definition), { integration: integrationFor })).toThrow(reason)
  })
})
