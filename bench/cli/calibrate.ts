import Table from 'cli-table3'
import { Command } from 'commander'
import { calibrate } from '../calibration/calibrate.ts'
import { hopNames, type LatencyTable, latencyTableSchema } from '../calibration/table.ts'
import { resultsSchema } from '../results.ts'
import { type HopFigure, hopFigures } from '../virtual-aws/latency/hops.ts'
import { BadInput } from '../workload/bad-input.ts'
import { readJsonFile } from './json-file.ts'
import { checkFileWritable, writeFile } from './output.ts'

interface CalibrateCommandOptions {
  readonly from: string
  readonly out: string
  readonly scenario?: string
  readonly inRegion?: true
}

/** Makes a latency table of what a live run observed. */
export const calibrateCommand = (): Command =>
  new Command('calibrate')
    .description('Turn what a run on real stacks observed into a latency table for compare --latency.')
    .requiredOption('--from <file>', 'results.json of a run with --target')
    .option('--out <file>', 'where the table goes', 'latency.json')
    .option('--scenario <id>', 'the scenario to take it from (default: steady, or the first that was run)')
    .option('--in-region', 'the run was made from within the region: its own calls count like any call there')
    .allowExcessArguments(false)
    .action(({ from, out, scenario, inRegion }: CalibrateCommandOptions) => {
      const results = readJsonFile('--from', from, resultsFile)
      checkFileWritable(out)
      const table = tableOf(from, () =>
        calibrate(results, {
          inRegion: inRegion === true,
          ...(scenario === undefined ? {} : { scenario }),
        }),
      )
      writeFile(out, `${JSON.stringify(latencyTableSchema.parse(table), null, 2)}\n`)
      process.stdout.write(`${inWords(table)}\nWritten: ${out}\n`)
    })

export const resultsFile = { schema: resultsSchema, what: 'results.json of this version' } as const
export const latencyFile = {
  schema: latencyTableSchema,
  what: 'a latency table as calibrate writes it',
} as const

const tableOf = (from: string, make: () => LatencyTable): LatencyTable => {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof BadInput)) throw cause
    throw new BadInput(`--from ${from}: ${cause.message}`, { cause })
  }
}

const inWords = ({ label, source, hops, published }: LatencyTable): string => {
  const rows = new Table({
    head: ['hop', 'n', 'p50 ms', 'p90 ms', 'p99 ms', 'published p50'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true },
  })
  for (const hop of hopNames) {
    const row = hops[hop]
    if (row === undefined) continue
    const { p50 }: HopFigure = hopFigures[hop]
    rows.push([hop, ...[row.n, row.p50, row.p90, row.p99, p50].map((value) => String(round(value)))])
  }
  return [
    `Latencies of run ${source.run}, scenario ${source.scenario} (${label})`,
    '',
    rows.toString().replaceAll(/ +$/gm, ''),
    '',
    'Kept as published:',
    ...published.map(({ hop, why }) => `  ${hop}: ${why}`),
    '',
  ].join('\n')
}

const round = (value: number): number => Number(value.toPrecision(3))

/** No frames: a rule below nothing. */
export const bare = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
)
