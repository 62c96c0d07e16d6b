import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { identityTypes, inertTypes } from './resources.ts'
import { deployed, probedTemplate } from './support/probe.testing.ts'
import { probesBySection } from './support/probes.testing.ts'
import { namesIn, rowsOf, supportPage, wayOf, ways } from './support/rows.testing.ts'
import { serviceTypes } from './support/types.testing.ts'

const rows = rowsOf(supportPage)
const titled = rows.map((row) => [`${row.section}: ${row.what}`, row] as const)
const here = import.meta.dirname

/** The text of a test, and of what it takes from files that are there for tests alone. */
const textOf = (file: string): string => {
  const text = readFileSync(join(here, file), 'utf8')
  const beside = [...text.matchAll(/from '(\.[^']+(?:\.testing|small-world)\.ts)'/g)].map(([, path = '']) =>
    readFileSync(join(here, dirname(file), path), 'utf8'),
  )
  return [text, ...beside].join('\n')
}

describe('SUPPORT.md', () => {
  it('has rows in every section that has probes, and probes for every section that has rows', () => {
    expect(new Set(rows.map(({ section }) => section))).toEqual(new Set(Object.keys(probesBySection)))
  })

  it.each(titled)('has what, how, effect and proof in a row: %s', (_, row) => {
    expect(row.cells).toBe(4)
    expect(ways, `how: ${row.how}`).toContain(wayOf(row))
    expect(row.effect, 'effect on results').not.toBe('')
    expect(row.shownBy, 'shown by').not.toEqual([])
  })

  it.each(titled.filter(([, row]) => wayOf(row) === 'approximated'))(
    'says what an approximation does to results: %s',
    (_, row) => {
      expect(row.effect).toMatch(/[a-z]{3}/)
    },
  )

  it.each(titled)('is borne out by tests that speak of it: %s', (_, row) => {
    const texts = row.shownBy.map(({ file, titles }) => {
      expect(existsSync(join(here, file)), `${file} is there`).toBe(true)
      const text = textOf(file)
      expect(text, `${file} has tests`).toMatch(/\bit(\.each)?\(/)
      for (const title of titles) expect(text, `a test of ${file}`).toContain(title)
      return text
    })
    if (wayOf(row) === 'not modelled') return
    const unspoken = namesIn(row.what)
      .flatMap((name) => (texts.some((text) => text.includes(name)) ? [] : name.split('.')))
      .filter((name) => !texts.some((text) => text.includes(name)))
    expect(unspoken, `named in the row, and in none of ${row.shownBy.map(({ file }) => file)}`).toEqual([])
  })

  it.each(titled.filter(([, row]) => wayOf(row) === 'not modelled' && namesIn(row.what).length === 0))(
    'names what it refuses by name, and says of the rest what it does to results: %s',
    (_, row) => {
      expect(row.how).not.toMatch(/refused by name/)
      expect(row.effect).toMatch(/[a-z]{3}/)
    },
  )
})

describe('a resource type', () => {
  const types = [...serviceTypes, ...identityTypes, ...Object.keys(inertTypes)]

  it.each(types)('%s stands in a row that says how it is modelled', (type) => {
    const row = rows.find(({ what }) => namesIn(what).includes(type))
    expect(row && wayOf(row)).not.toBe('not modelled')
    expect(row).toBeDefined()
  })

  it('that is not modelled is nowhere said to be', () => {
    const said = rows.filter((row) => wayOf(row) !== 'not modelled').flatMap(({ what }) => namesIn(what))
    expect(said.filter((name) => /^AWS::\w+::\w+$/.test(name)).toSorted()).toEqual(types.toSorted())
  })
})

describe('what SUPPORT.md says is not modelled', () => {
  const refused = rows
    .filter((row) => wayOf(row) === 'not modelled')
    .flatMap((row) => namesIn(row.what).map((name) => ({ section: row.section, name })))
  const probed = Object.entries(probesBySection).flatMap(([section, probes]) =>
    Object.keys(probes).map((name) => ({ section, name })),
  )
  const written = ({ section, name }: { readonly section: string; readonly name: string }) =>
    `${section}: ${name}`

  it('has a probe that asks for it, and every probe a name that the page says is not modelled', () => {
    expect(probed.map(written).toSorted(), 'support/probes.testing.ts').toEqual(
      refused.map(written).toSorted(),
    )
  })

  it.each(probed)('is refused by name: $name ($section)', async ({ section, name }) => {
    const refusal = await refusalOf(section, name)
    expect(refusal, 'it was taken').toBeInstanceOf(Error)
    expect(refusal).toSatisfy(isOfOurs, `refused by accident: ${String(refusal)}`)
    expect(refusal?.message).toContain(name)
  })

  it('is refused for itself: the template that the probes ask more of deploys as it is', () => {
    expect(() => deployed(probedTemplate)).not.toThrow()
  })
})

const refusalOf = async (section: string, name: string): Promise<Error | undefined> => {
  try {
    await probesBySection[section]?.[name]?.()
    return undefined
  } catch (error) {
    return error as Error
  }
}

/** A refusal by name, or an error that AWS itself has; a crash of ours would be neither. */
const isOfOurs = (error: unknown): boolean =>
  error instanceof Error &&
  (/NotModelled|^Invalid|Exception$/.test(error.name) || /not modelled/.test(error.message))
