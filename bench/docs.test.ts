import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { signals } from '../infra/alarms.ts'
import { estimates } from '../infra/cli/estimate.ts'
import { contentsOf } from '../infra/cli/stacks.ts'
import { type StackName, synthAll } from '../infra/synth.ts'
import { deployPolicy, runPolicy } from '../infra/user-policies.ts'
import { patienceMs, retrySchedule } from '../shared/patience.ts'
import { ways } from './calibration/calibrate.ts'
import { contestants } from './contestants.ts'
import { documents, ovc } from './documents.testing.ts'
import { absent, type Field } from './explore/fields.ts'
import { promises } from './explore/promises.ts'
import { heldAgainst } from './failure/effect.ts'
import { harmInResults, harms } from './harms.testing.ts'
import { laws } from './laws.ts'
import { statements } from './live/contract/all.ts'
import { emulatorDifferences } from './live/contract/emulator-differences.ts'
import { verdictMarkdown } from './live/contract/verdict-table.ts'
import { virtualVerdicts } from './live/contract/virtual.ts'
import { unmetered } from './live/unmetered.ts'
import { pathsAbout } from './measure/hops.ts'
import { measureRun } from './measured-run.ts'
import { vintageBounds } from './report/evidence.ts'
import { effectPercentMin } from './report/view.ts'
import { type Results, resultsSchema } from './results.ts'
import { everydayScenarios, failureScenarios } from './scenarios/all.ts'
import { carrierOutage } from './scenarios/carrier-outage.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { steady } from './scenarios/steady.ts'
import { undisturbed } from './scenarios/twins.ts'
import { compositeTable } from './virtual-aws/latency/composites.ts'
import { common, contradicting, noticed } from './who-notices.testing.ts'
import { builtInWorkload } from './workload/built-in.ts'

/**
 * The documents' tables and excerpts are made here, between `<!-- generated: NAME -->` and `<!-- end generated -->`.
 * `UPDATE_DOCS=1 npx vitest run bench/docs.test.ts` writes them anew.
 */
const synthesised = synthAll()
const templates = synthesised.contestants
const folder = mkdtempSync(join(tmpdir(), 'ovc-docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** What `npm run compare` prints on a fresh clone, up to the listener experiment. */
const mainJob = async (): Promise<string> => {
  const { stdout } = await ovc(['compare', '--out', join(folder, 'main')])
  const { scenarios: ran } = resultsSchema.parse(
    JSON.parse(readFileSync(join(folder, 'main', 'results.json'), 'utf8')),
  )
  expect(ran).toHaveLength(7)
  for (const { results } of ran)
    for (const { orders, outcomes } of Object.values(results)) {
      expect(orders).toBe(2_000)
      expect(outcomes).toMatchObject({ stuck: 0, inconsistent: 0 })
    }
  const lines = stdout.split('\n')
  const end = lines.findIndex((line) => line.startsWith('Written:'))
  return `\`\`\`text\n${lines.slice(0, end).join('\n').trimEnd()}\n\`\`\``
}

const composites = (): string => {
  const three = (
    quantiles: { readonly p50: number; readonly p90: number; readonly p99: number },
    digits: number,
  ) => [quantiles.p50, quantiles.p90, quantiles.p99].map((value) => value.toFixed(digits)).join(' / ')
  return table(
    ['path', 'hops', 'published p50 / p90 / p99 ms', 'simulated ms', 'deviation %'],
    compositeTable().map(({ path, parts, published, simulated, deviation }) => [
      path,
      parts,
      three(published, 1),
      three(simulated, 1),
      three({ p50: deviation.p50 * 100, p90: deviation.p90 * 100, p99: deviation.p99 * 100 }, 1),
    ]),
  )
}

const scenarioTable = (): string =>
  table(
    ['scenario', 'what it does', 'promises'],
    everydayScenarios.map(({ id, about, promises }) => [
      `\`${id}\``,
      about,
      promises === 'sameOutcome' ? 'every order ends alike in all contestants' : 'the business laws',
    ]),
  )

const lawList = (): string =>
  Object.values(laws)
    .map((law) => `* ${law.charAt(0).toUpperCase()}${law.slice(1)}.`)
    .join('\n')

const failureTable = (): string =>
  table(
    ['scenario', 'what it does', 'promises'],
    failureScenarios.map(({ id, about, promises }) => [
      `\`${id}\``,
      about,
      { sameOutcome: 'the same outcome', laws: 'the laws', nothing: 'nothing' }[promises],
    ]),
  )

/** What the design promises to survive, by kind of fault, and which scenarios have it. */
const promiseTable = (): string =>
  table(
    ['fault', 'what the design promises to survive', 'scenarios that have it'],
    Object.entries(promises).map(([kind, promised]) => [
      `\`${kind}\``,
      'within' in promised
        ? Object.entries<Field<unknown>>(promised.within)
            .flatMap(([option, { says }]) => (says === absent.says ? [] : [`\`${option}\` ${says}`]))
            .join('; ')
        : `nothing: ${promised.nothing}`,
      [...everydayScenarios, ...failureScenarios]
        .flatMap(({ id, faults }) => (faults.some((fault) => fault.kind === kind) ? [`\`${id}\``] : []))
        .join(', '),
    ]),
  )

/** A run of every scenario takes a minute on two quiet cores. */
const runMsMax = 300_000

/** Made once: what `compare --scenario all` finds and reports. */
let everyFault: Promise<{ readonly results: Results; readonly report: string }> | undefined

const everyFaultRun = () => {
  everyFault ??= ovc(['compare', '--scenario', 'all', '--out', join(folder, 'all')]).then(() => ({
    results: resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'all', 'results.json'), 'utf8'))),
    report: readFileSync(join(folder, 'all', 'report.md'), 'utf8'),
  }))
  return everyFault
}

/** A table of its report, with no padding and no links, since there is nothing here that they could lead to. */
const reported = async (caption: string): Promise<string> => {
  const { report } = await everyFaultRun()
  const [head, , ...rows] = (report.slice(report.indexOf(`**${caption}`)).split('\n\n')[1] ?? '')
    .split('\n')
    .map((row) => row.slice(2, -2).split(/ *(?<!\\)\| */))
  if (head === undefined || rows.length === 0) throw new Error(`The report has no table "${caption}".`)
  return table(
    head.map((name) => name.trim().replace(/^(?:orchestration|choreography) /, '')),
    rows.map(([scenario = '', ...cells]) => [
      `\`${scenario.trim().split(';')[0]}\``,
      ...cells.map((cell) =>
        cell
          .trim()
          .replaceAll(/\[([^\]]*)\]\(#[^)]*\)/g, '$1')
          .replaceAll(/(?:strands|breaks) [\d,]+ orders?/g, '**$&**'),
      ),
    ]),
  )
}

/** Per order of a longer run, so that batches and cold starts weigh what they weigh. */
const units = async (): Promise<string> => {
  const runs = await Promise.all(
    contestants.map((contestant) =>
      measureRun({
        contestant,
        template: templates[contestant.stack as StackName],
        scenario: steady,
        workload: builtInWorkload({ count: 500, ratePerSecond: 2, seed: 1 }),
        seed: 1,
        region: 'us-east-1',
      }),
    ),
  )
  const meters = [
    ...new Set(runs.flatMap(({ result }) => result.cost.lines.map(({ meter }) => meter))),
  ].toSorted()
  const short = (value: number): string => String(Number(value.toPrecision(3)))
  const perOrder = (index: number, meter: string): number =>
    (runs[index]?.result.cost.lines ?? [])
      .filter((line) => line.meter === meter && line.kind !== 'idle')
      .reduce((sum, line) => sum + line.unitsPerOrder, 0)
  return table(
    ['meter', ...contestants.map(({ id }) => id)],
    [
      ...meters.map((meter) => [
        `\`${meter}\``,
        ...contestants.map((_, index) => short(perOrder(index, meter))),
      ]),
      ['kernel events', ...runs.map(({ result }) => short(result.kernelEvents / result.orders))],
    ],
  )
}

/** One value where all stacks agree; the test of the templates says that they must. */
const settings = (): string => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['function memory, MiB', 'AWS::Lambda::Function', 'MemorySize'],
    ['function timeout, s', 'AWS::Lambda::Function', 'Timeout'],
    ['runtime', 'AWS::Lambda::Function', 'Runtime'],
    ['architecture', 'AWS::Lambda::Function', 'Architectures'],
    [
      'queue visibility timeout, s (of queues with a dead-letter queue)',
      'AWS::SQS::Queue',
      'VisibilityTimeout',
    ],
    ['queue receives before dead-lettering', 'AWS::SQS::Queue', 'RedrivePolicy'],
    ['mapping batch size', 'AWS::Lambda::EventSourceMapping', 'BatchSize'],
    ['mapping concurrency', 'AWS::Lambda::EventSourceMapping', 'ScalingConfig'],
  ]
  const shared: readonly (readonly [string, string])[] = [
    ['patience, min', String(patienceMs / 60_000)],
    [
      'retry of an outage',
      `after ${retrySchedule.intervalMs / 1000} s, × ${retrySchedule.backoffRate} each time, at most ${retrySchedule.delayMsMax / 1000} s, full jitter, at most ${retrySchedule.retriesMax} times`,
    ],
  ]
  return table(
    ['setting', 'value in every stack'],
    [
      ...shared,
      ...rows.map(([name, type, property]) => {
        const values = Object.values(templates).flatMap(({ Resources }) =>
          Object.values(Resources).flatMap(({ Type, Properties }) =>
            Type === type ? settingOf(Object(Properties), property) : [],
          ),
        )
        return [name, [...new Set(values)].join(' and ').replaceAll(/["[\]{}]/g, '')]
      }),
    ],
  )
}

/** A redrive policy names its dead-letter queue, which differs; a dead-letter queue has neither. */
const settingOf = (properties: object, property: string): readonly string[] => {
  const value: unknown = Reflect.get(properties, property)
  if (Reflect.get(properties, 'RedrivePolicy') === undefined && property === 'VisibilityTimeout') return []
  if (property === 'RedrivePolicy')
    return value === undefined ? [] : [String(Reflect.get(Object(value), 'maxReceiveCount'))]
  return [JSON.stringify(value)]
}

/** What the contract says, and who keeps it; the verdicts of the emulator are held to by a test over the wire. */
const contract = async (): Promise<string> =>
  verdictMarkdown(statements, [
    { name: 'virtual AWS', verdicts: await virtualVerdicts(statements), differences: [] },
    {
      name: 'MiniStack 1.5.33',
      verdicts: statements.map(({ id }) => {
        const known = emulatorDifferences.find((difference) => difference.id === id)
        return known === undefined
          ? { id, holds: true as const }
          : { id, holds: false as const, instead: known.emulator }
      }),
      differences: emulatorDifferences,
    },
  ])

/** Every stack that a deployment makes, and what is in it. */
const stacks = (): string =>
  table(
    ['stack', 'what it is', 'resources'],
    [...Object.entries(templates), ...Object.entries(synthesised.results)].map(([name, template]) => [
      `\`${name}\``,
      contestants.find(({ stack }) => stack === name)?.title ??
        `the instruments of ${name.replace(/Results$/, '')}`,
      contentsOf(template),
    ]),
  )

const onAwsCosts = async (): Promise<string> => {
  const known = contestants.map(({ id, stack }) => ({
    name: stack,
    contestant: id,
    template: templates[stack as StackName],
  }))
  const costs = await estimates(known, 'us-east-1')
  return table(
    ['stack', 'USD a month as long as it stands', 'USD for 1,000 orders'],
    costs.map(({ stack, standingUsdPerMonth, usdPerThousandOrders }) => [
      `\`${stack}\``,
      standingUsdPerMonth.toFixed(2),
      usdPerThousandOrders.toFixed(2),
    ]),
  )
}

const policy = (document: object): string => `\`\`\`json\n${JSON.stringify(document, null, 2)}\n\`\`\``

const alarms = (): string =>
  table(
    ['metric', 'rings above', 'severity', 'what it says', 'how many'],
    Object.values(signals).map(({ namespace, metric, above, severity, says }) => [
      `${namespace} ${metric}`,
      String(above),
      severity,
      says,
      contestants.map(({ stack }) => alarmCount(stack, `[${severity}] ${says}`)).join(' / '),
    ]),
  )

const alarmCount = (stack: string, description: string): number =>
  Object.values(templates[stack as StackName].Resources).filter(
    ({ Properties }) => Reflect.get(Object(Properties), 'AlarmDescription') === description,
  ).length

/** What a live run observes, and which hop calibrate makes of it. */
const observedPathsTable = (): string =>
  table(
    ['path', 'spans', 'the hop that it gives'],
    Object.entries(pathsAbout).map(([path, about]) => {
      const [hop, way] = ways
        .flatMap(([name, own]) => own.map((each) => [name, each] as const))
        .find(([, each]) => each.path === path) ?? ['']
      const [share, less] = way?.less ?? []
      return [
        path,
        about,
        `\`${hop}\`${less === undefined ? '' : `, less ${share === 1 ? '' : 'half '}the median of \`${less}\``}${
          way?.isFrontDoor ? ', with `--in-region`' : ''
        }`,
      ]
    }),
  )

/** What a live run's cost has not in it; that the rest is in it, the test of the observations says. */
const unmeteredTable = (): string =>
  table(
    ['left out', 'meter', 'why'],
    unmetered.map(({ what, meter, why }) => [what, `\`${meter}\``, why]),
  )

/** How long after the beginning of a fault the first alarm of each severity rings that does not ring without it. */
const detection = async (): Promise<string> => {
  const withFaults = everydayScenarios.filter(({ faults }) => faults.length > 0)
  const endless = {
    ...carrierOutage,
    faults: [
      { kind: 'provider-outage', provider: 'carrier', fromMs: 60_000, forMs: 24 * 60 * 60_000 } as const,
    ],
  }
  const rows = [
    ...withFaults.map((scenario) => [scenario.id, scenario] as const),
    ['carrier away', endless] as const,
  ]
  const columns = await Promise.all(
    contestants.map((contestant) => Promise.all(rows.map(([, scenario]) => detected(contestant, scenario)))),
  )
  return table(
    ['scenario', ...contestants.map(({ id }) => id)],
    rows.map(([name, { id }], index) => [
      name === id ? `\`${name}\`` : name,
      ...columns.map((column) => column[index] ?? ''),
    ]),
  )
}

const detected = async (contestant: (typeof contestants)[number], scenario: Scenario): Promise<string> => {
  const run = (each: Scenario) =>
    measureRun({
      contestant,
      template: templates[contestant.stack as StackName],
      scenario: each,
      workload: builtInWorkload({ count: 300, ratePerSecond: 1, seed: 1 }),
      seed: 1,
      region: 'us-east-1',
      keepsFootprint: true,
    })
  const { alarms } = heldAgainst(await run(scenario), await run(undisturbed(scenario)), 1).result
  return (
    (['ticket', 'page'] as const)
      .flatMap((severity) => {
        const found = alarms?.detected[severity]
        return found === undefined ? [] : [`${severity} after ${found.afterMs / 60_000} min: ${found.alarm}`]
      })
      .join('; ') || 'nobody is told'
  )
}

const generators: Readonly<Record<string, () => string | Promise<string>>> = {
  'main-job': mainJob,
  composites,
  scenarios: scenarioTable,
  laws: lawList,
  failures: failureTable,
  promises: promiseTable,
  'failure-matrix': () => reported('What became of the orders'),
  'failure-reach': () => reported('Orders that end otherwise or late'),
  units,
  settings,
  contract,
  stacks,
  'on-aws-costs': onAwsCosts,
  'deploy-policy': () => policy(deployPolicy(synthesised)),
  'run-policy': () => policy(runPolicy(synthesised)),
  alarms,
  detection,
  paths: observedPathsTable,
  unmetered: unmeteredTable,
}

const blocks = documents.flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(/<!-- generated: (\S+) -->\n([\s\S]*?)<!-- end generated -->/g),
  ].map(([, name = '', text = '']) => ({ file, name, text })),
)

describe('what the documents show is what the code gives', () => {
  it.each(blocks)(
    '$file: $name',
    async ({ file, name, text }) => {
      const made = `${await generators[name]?.()}\n`
      if (process.env['UPDATE_DOCS'] === '1') {
        const whole = readFileSync(file, 'utf8')
        writeFileSync(
          file,
          whole.replace(`<!-- generated: ${name} -->\n${text}`, () => `<!-- generated: ${name} -->\n${made}`),
        )
      } else expect(text).toBe(made)
    },
    runMsMax,
  )

  it('names the bounds of a verdict as the reports have them', () => {
    const how = readFileSync('docs/how-it-measures.md', 'utf8')
    expect(how).toContain(`differences of ${vintageBounds()}`)
    expect(how).toContain(`an effect of at least ${effectPercentMin}%`)
    expect(readFileSync('README.md', 'utf8')).toContain(`an effect of at least ${effectPercentMin}%`)
  })

  it('uses every generator', () => {
    expect(blocks.map(({ name }) => name).toSorted()).toEqual(Object.keys(generators).toSorted())
  })
})

describe('what docs/failure.md says of its matrix', () => {
  it('is, of the ends of orders, what the test of the scenarios says of another seed', async () => {
    const { results } = await everyFaultRun()
    const found = results.scenarios
      .filter(({ id }) => Object.hasOwn(harms, id))
      .map(({ id, results: own }) => [id, contestants.map((contestant) => own[contestant.id]?.effect?.harm)])
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(
        Object.entries(harms).map(([id, row]) => [id, row.map((harm) => harmInResults[harm])]),
      ),
    )
  })

  it.each([...noticed, ...common])(
    'is found in it: $says',
    async (sentence) => {
      expect(readFileSync('docs/failure.md', 'utf8')).toContain(sentence.says)
      expect(contradicting(sentence, (await everyFaultRun()).results)).toEqual([])
    },
    runMsMax,
  )
})
