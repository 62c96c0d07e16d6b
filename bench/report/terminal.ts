import { createColors } from 'picocolors'
import type { Comparison, Results, ScenarioResults } from '../results.ts'
import { assumedUnder, isGrounded, isWithinVintage, vintageOf } from './evidence.ts'
import { absent, clipped, count, counted, ms, plain, ratio, times } from './format.ts'
import { latencySource } from './sections/limits.ts'
import { sameOutcomeCell } from './sections/outcomes.ts'
import { faultLines } from './terminal/faults.ts'
import { recoveredLines } from './terminal/recovered.ts'
import { type Colours, columnsMax, line, nameLengthMax, newTable, trimmed } from './terminal/tables.ts'
import {
  comparable,
  costInWords,
  type Entrant,
  entrantsOf,
  headlineScenario,
  isEmulated,
  isTelling,
  labelOf,
  noDifference,
  scenariosInOrder,
} from './view.ts'

interface TerminalOptions {
  readonly colour: boolean
}

/** What `compare` prints: a line of the run, a table of scenarios and contestants, the verdicts, and what is broken. */
export const renderTerminal = (given: Results, { colour }: TerminalOptions): string => {
  const results = comparable(given)
  const colours = createColors(colour)
  const scenarios = scenariosInOrder(results)
  return `${[
    ...runLines(results, colours),
    '',
    ...(scenarios.length === 0 ? ['No scenario was run.'] : [outcomeTable(results, scenarios, colours)]),
    ...verdictLines(results, colours),
    ...listenerLines(results, colours),
    ...faultLines(results, colours),
    ...recoveredLines(results, colours),
    ...brokenLines(results, colours),
  ].join('\n')}\n`
}

const runLines = (results: Results, colours: Colours): readonly string[] => {
  const { run } = results
  const shards = run.workload.shards === undefined ? '' : ` in ${run.workload.shards} independent shards`
  return [
    colours.bold(
      line(
        `${labelOf(results)}: ${counted(run.workload.orders, 'order')}${shards} of ${run.workload.source}, seed ${run.seed}, ${run.region}`,
      ),
    ),
    ...results.contestants.map(({ id, title }) => colours.dim(line(`  ${id}: ${title}`))),
    ...(isEmulated(results)
      ? [line("ms and USD are the emulator's own, not comparable: no verdicts on them")]
      : []),
    ...(run.gaps ?? []).map((gap) => colours.red(line(`missing: ${gap}`))),
    ...(run.latencies === undefined ? [] : [line(`latencies ${latencySource(run.latencies)}`)]),
  ]
}

const headings = [
  'scenario / contestant',
  'p50 ms',
  'p99 ms',
  'accept',
  'USD/M',
  'fulfilled',
  'rejected',
  'stuck',
  'incons.',
] as const

const outcomeTable = (results: Results, scenarios: readonly ScenarioResults[], colours: Colours): string => {
  const table = newTable(
    headings.map((heading) => colours.dim(heading)),
    headings.map((_, at) => at).slice(1),
  )
  for (const scenario of scenarios) {
    table.push([{ colSpan: headings.length, content: scenarioLine(scenario, colours) }])
    for (const entrant of entrantsOf(results, scenario)) table.push([...entrantCells(entrant, colours)])
  }
  return `${trimmed(table.toString())}\n${colours.dim(line(legendOf(results)))}`
}

const legendOf = (results: Results): string =>
  `p50, p99: completion · accept: acceptance p50${isGrounded(results, 'acceptance') ? '' : ' *'} · USD/M: per million ` +
  'orders · incons.: inconsistent'

const scenarioLine = (scenario: ScenarioResults, { bold, dim, red }: Colours): string => {
  const outcome = sameOutcomeCell(scenario)
  const promise = `same outcome: ${outcome.text}`
  const id = clipped(scenario.id, nameLengthMax)
  const title = clipped(scenario.title, columnsMax - id.length - promise.length - ' · · '.length - 1)
  const isBroken = outcome.tone === 'bad'
  return `${bold(id)} ${dim('·')} ${dim(title)} ${dim('·')} ${isBroken ? red(promise) : dim(promise)}`
}

const entrantCells = ({ id, result }: Entrant, { red }: Colours): readonly string[] => {
  const { latencyMs, outcomes, cost } = result
  const bad = (value: number) => (value > 0 ? red(count(value)) : count(value))
  const { completion, acceptance } = latencyMs
  return [
    `  ${clipped(id, nameLengthMax - 2)}`,
    completion.n === 0 ? absent : ms(completion.p50),
    completion.n === 0 ? absent : ms(completion.p99),
    acceptance.n === 0 ? absent : ms(acceptance.p50),
    costInWords(cost),
    count(outcomes.fulfilled),
    count(outcomes.rejected),
    bad(outcomes.stuck),
    bad(outcomes.inconsistent),
  ]
}

const verdictLines = (results: Results, colours: Colours): readonly string[] => {
  const scenario = headlineScenario(results)
  if (scenario === undefined || scenario.comparison.length === 0) return []
  const table = newTable(
    ['a ÷ b / metric', 'ratio', '95% interval', '  lower'].map((heading) => colours.dim(heading)),
    [1, 2],
  )
  for (const [a, b] of pairsOf(scenario)) {
    table.push([
      {
        colSpan: verdictColumns,
        content: colours.bold(`${clipped(a, pairNameMax)} ÷ ${clipped(b, pairNameMax)}`),
      },
    ])
    for (const comparison of scenario.comparison)
      if (comparison.a === a && comparison.b === b)
        table.push([...verdictCells(comparison, signOf(results, comparison), colours)])
  }
  return [
    '',
    colours.bold(line(`${scenario.id}: verdicts (${labelOf(results)}; the interval is sampling error only)`)),
    trimmed(table.toString()),
    ...markLines(results, scenario).map((text) => colours.dim(line(text))),
  ]
}

const verdictColumns = 4
const pairNameMax = 44
const metricMax = 14

const pairsOf = ({ comparison }: ScenarioResults): readonly (readonly [string, string])[] => [
  ...new Map(comparison.map(({ a, b }) => [JSON.stringify([a, b]), [a, b] as const])).values(),
]

const verdictCells = (
  { metric, verdict, ...numbers }: Comparison,
  sign: string,
  { dim }: Colours,
): readonly string[] => {
  const lower = verdict === noDifference ? dim(verdict) : clipped(verdict, pairNameMax)
  return [
    `  ${clipped(metric, metricMax)}${sign}`,
    times(numbers.ratio),
    numbers.ci95.map(ratio).join('–'),
    `  ${lower}`,
  ]
}

/** What a verdict is marked with that is no finding. */
const signOf = (results: Results, { metric, ratio: value }: Comparison): string => {
  if (!isGrounded(results, metric)) return ' *'
  return isWithinVintage(results, metric, value) ? ' ~' : ''
}

/** What the verdicts rest on where that is less than it seems. */
const markLines = (results: Results, { comparison }: ScenarioResults): readonly string[] => {
  const metrics = [...new Set(comparison.map(({ metric }) => metric))]
  const assumed = new Set(metrics.flatMap((metric) => assumedUnder(results, metric)?.hops ?? []))
  const vintage = vintageOf(results, 'completion')
  return [
    ...(assumed.size === 0 ? [] : [`* rests on assumed latencies, no finding: ${[...assumed].join(', ')}`]),
    ...(vintage === undefined
      ? []
      : [`~ lies within the dates of the sources, no finding: ${vintage.from} to ${vintage.to}`]),
  ]
}

const listenerLines = (results: Results, { bold }: Colours): readonly string[] => {
  const told = results.listeners.filter(isTelling)
  if (told.length === 0) return []
  const lines = results.contestants.flatMap(({ id }) => {
    const own = told.filter(({ contestant }) => contestant === id)
    const times = (verdict: string) => own.filter((finding) => finding.verdict === verdict).length
    return own.length === 0
      ? []
      : [
          line(
            `  ${id}: producer fails ${times('producer fails')}, only the order fails ${times('order fails')}, ` +
              `life goes on ${times('life goes on')}`,
          ),
        ]
  })
  return [
    '',
    bold(`would the producer fail if nobody listened? (message types, ${labelOf(results)})`),
    ...lines,
  ]
}

/** Of the scenarios that promise something: what is lost in the others is told with their faults. */
const brokenLines = (results: Results, { red }: Colours): readonly string[] => {
  const broken = scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap(({ id, result }) =>
      result.laws
        .filter(({ held }) => !held && scenario.promises !== 'nothing')
        .map(({ law, violations, examples }) =>
          red(
            line(`BROKEN LAW in ${scenario.id}, ${id}: ${law} (${count(violations)}) ${examples.join(', ')}`),
          ),
        ),
    ),
  )
  // The command is never cut: it is there to be copied.
  return broken.length === 0 ? [] : ['', ...broken, `repeat with: ${plain(results.run.command)}`]
}
