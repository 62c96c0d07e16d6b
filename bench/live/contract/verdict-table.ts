import type { Difference } from './emulator-differences.ts'
import type { Statement } from './statement.ts'
import type { Verdict } from './verdict.ts'

/** What one implementation makes of the contract. */
export interface Implementation {
  readonly name: string
  readonly verdicts: readonly Verdict[]
  /** Known of it, with the reason. */
  readonly differences: readonly Difference[]
}

const verdictIn = (id: string, { verdicts }: Implementation): Verdict | undefined =>
  verdicts.find((verdict) => verdict.id === id)

const countOf = (statements: readonly Statement[], implementation: Implementation): string => {
  const held = statements.filter(({ id }) => verdictIn(id, implementation)?.holds === true).length
  return `${held} of ${statements.length}`
}

/** One line a statement, a column an implementation; below it what was seen where one does not hold. */
export const verdictText = (
  statements: readonly Statement[],
  implementations: readonly Implementation[],
): string => {
  const width = Math.max('statement'.length, ...statements.map(({ id }) => id.length))
  const cell = (id: string, implementation: Implementation): string => {
    const verdict = verdictIn(id, implementation)
    const word = verdict === undefined ? '-' : verdict.holds ? 'holds' : 'differs'
    return word.padEnd(Math.max(7, implementation.name.length))
  }
  const row = (id: string, cells: readonly string[], last: string): string =>
    [id.padEnd(width), ...cells, last].join('  ').trimEnd()
  const rows = statements.flatMap(({ id, statement }) => [
    row(
      id,
      implementations.map((one) => cell(id, one)),
      statement,
    ),
    ...implementations.flatMap((one) => {
      const verdict = verdictIn(id, one)
      if (verdict === undefined || verdict.holds) return []
      const known = one.differences.find((difference) => difference.id === id)
      const why = known === undefined ? '' : ` (known: ${known.emulator})`
      return [`${' '.repeat(width)}  ${one.name}: ${verdict.instead.replaceAll('\n', ' ')}${why}`]
    }),
  ])
  const names = implementations.map(({ name }) => name.padEnd(7))
  const totals = implementations.map((one) => `${one.name}: ${countOf(statements, one)} hold`)
  return [row('statement', names, 'what it says'), ...rows, '', ...totals].join('\n')
}

/** The same as data. */
export const verdictJson = (
  statements: readonly Statement[],
  implementations: readonly Implementation[],
): readonly object[] =>
  statements.map(({ id, service, statement, documentation }) => ({
    id,
    service,
    statement,
    documentation,
    verdicts: Object.fromEntries(
      implementations.flatMap((one) => {
        const verdict = verdictIn(id, one)
        if (verdict === undefined) return []
        const known = verdict.holds ? undefined : one.differences.find((difference) => difference.id === id)
        const { id: _, ...told } = verdict
        return [[one.name, { ...told, ...(known === undefined ? {} : { known: known.emulator }) }]]
      }),
    ),
  }))

/** The same as Markdown, service by service, with the page that each statement rests on. */
export const verdictMarkdown = (
  statements: readonly Statement[],
  implementations: readonly Implementation[],
): string => {
  const services = [...new Set(statements.map(({ service }) => service))]
  const names = implementations.map(({ name }) => name)
  const counts = table(
    ['service', 'statements', ...names],
    [...services, 'all'].map((service) => {
      const ofService = statements.filter((one) => service === 'all' || one.service === service)
      return [
        service === 'all' ? '**all**' : service,
        String(ofService.length),
        ...implementations.map((one) => countOf(ofService, one).replace(/ of .*/, '')),
      ]
    }),
  )
  const sections = services.map((service) => {
    const ofService = statements.filter((one) => one.service === service)
    const rows = ofService.map(({ id, statement, documentation }) => [
      `\`${id}\``,
      `${escaped(statement)} ([AWS](${documentation}))`,
      ...implementations.map((one) => markdownCell(id, one)),
    ])
    return `### ${service}\n\n${table(['id', 'statement', ...names], rows)}`
  })
  return [counts, ...sections].join('\n\n')
}

const markdownCell = (id: string, implementation: Implementation): string => {
  const verdict = verdictIn(id, implementation)
  if (verdict === undefined) return 'not checked'
  if (verdict.holds) return 'holds'
  const known = implementation.differences.find((difference) => difference.id === id)
  return known === undefined
    ? `**differs**: ${escaped(verdict.instead)}`
    : `differs: ${escaped(known.emulator)} AWS: ${escaped(known.documented)}`
}

const escaped = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('$', '&#36;').replaceAll('\n', ' ')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
