import type { Results } from '../results.ts'
import type { Section } from './document.ts'
import { count, counted, listed, span } from './format.ts'
import { comparisonsSection } from './sections/comparisons.ts'
import { costSection } from './sections/cost.ts'
import { couplingSection } from './sections/coupling.ts'
import { figuresSection } from './sections/figures.ts'
import { flowsSection } from './sections/flows.ts'
import { glanceSection } from './sections/glance.ts'
import { headlineSection } from './sections/headline.ts'
import { latencySection } from './sections/latency.ts'
import { latencySource, limitsSection } from './sections/limits.ts'
import { listenersSection } from './sections/listeners.ts'
import { matrixSections } from './sections/matrix.ts'
import { outcomesSection } from './sections/outcomes.ts'
import { recoveringIn, recoverySection } from './sections/recovery.ts'
import { reliabilitySection } from './sections/reliability.ts'
import { repeatSection } from './sections/repeat.ts'
import { shownSections } from './sections/shown.ts'
import { summarySection } from './sections/summary.ts'
import { comparable, labelOf } from './view.ts'

/** What a report says, in its order, before it has a medium. */
export interface Contents {
  readonly title: string
  readonly subtitle: string
  readonly label: string
  /** The run in a line. */
  readonly brief: string
  readonly facts: readonly (readonly [string, string])[]
  readonly command: string
  /** Stands before everything else. */
  readonly opening: Section
  readonly sections: readonly Section[]
}

/** What cannot be compared is not: an emulator's times and amounts have no verdicts. */
export const contentsOf = (given: Results): Contents => contentsFrom(comparable(given))

const contentsFrom = (results: Results): Contents => ({
  title: 'Orchestration vs choreography',
  subtitle: `The same order flow in ${counted(results.contestants.length, 'design')}, side by side`,
  label: labelOf(results),
  brief: briefOf(results),
  facts: factsOf(results),
  command: results.run.command,
  opening: glanceSection(results),
  sections: [
    summarySection,
    headlineSection,
    matrixSections,
    latencySection,
    costSection,
    outcomesSection,
    listenersSection,
    couplingSection,
    flowsSection,
    reliabilitySection,
    ...(recoveringIn(results).length === 0 ? [] : [recoverySection]),
    comparisonsSection,
    figuresSection,
    limitsSection,
    shownSections,
    repeatSection,
  ].flatMap((section) => section(results)),
})

const briefOf = ({ run, scenarios }: Results): string =>
  [
    `${counted(run.workload.orders, 'order')} (${run.workload.source})`,
    counted(scenarios.length, 'scenario'),
    run.region,
    `seed ${run.seed}`,
  ].join(' · ')

const sha256Shown = 12

const shardsOf = (shards: number | undefined): string =>
  shards === undefined
    ? ''
    : `, in ${shards} independent shards: each a stack of its own with its own stock and quotas`

// The wall-clock time is left out: it is the one field in which two runs of the same command differ.
const factsOf = ({ run, contestants, scenarios }: Results): readonly (readonly [string, string])[] => {
  const { workload } = run
  const skipped = Object.entries(workload.skipped)
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${count(number)} of kind ${kind}`)
  return [
    ['Label', { virtual: 'simulated', emulator: 'emulated', aws: 'measured on AWS' }[run.runtime]],
    ['Contestants', listed(contestants.map(({ id, title }) => `${id} (${title})`))],
    ['Scenarios', listed(scenarios.map(({ id }) => id))],
    ['Orders', `${count(workload.orders)} per contestant and scenario${shardsOf(workload.shards)}`],
    ['Workload', `${workload.source}, SHA-256 ${workload.sha256.slice(0, sha256Shown)}`],
    ['Time', `${span(workload.spanMs)} from first to last order, time scale ${workload.timeScale}`],
    ...(skipped.length === 0 ? [] : [['Skipped rows', listed(skipped)] as const]),
    ['Region', run.region],
    ['Seed', String(run.seed)],
    ...(run.startedAt === undefined ? [] : [['Begun', run.startedAt] as const]),
    ...(run.gaps ?? []).map((gap) => ['Missing', gap] as const),
    ...(run.latencies === undefined ? [] : [['Latencies', latencySource(run.latencies)] as const]),
    ['Run', `${run.id}, version ${run.version}`],
  ]
}
