import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Command } from 'commander'
import type { Probe, ProbeAnswer } from '../speed/probe.ts'
import { medianOf, renderSpeed, type Speed, speedOf } from '../speed/summary.ts'
import { bundleOf } from './bundle.ts'
import { checkFileWritable, writeAll } from './output.ts'
import { createProgress } from './progress.ts'
import { templates } from './templates.ts'

/** How fast the instrument is, as ratios within one run: the same machine, the same minutes. */
export const speedCommand = (): Command =>
  new Command('speed')
    .description('Measure how fast the virtual AWS is, against its own bare event loop and a peer.')
    .option('--quick', 'leave out the million orders, and measure for a shorter time')
    .option('--out <file>', 'write the figures as JSON, too')
    .addHelpText(
      'after',
      `
Each figure is the median of several measurements, taken in turn (A B C, A B C), each in a process of its own.
The million orders run as ten independent shards of 100,000 in each of two contestants, with stock and quotas of their
own; the memory is the peak of the whole process with all its threads. It takes some minutes, with --quick too: do
nothing else on the machine meanwhile.`,
    )
    .allowExcessArguments(false)
    .action(async ({ quick, out }: { readonly quick?: boolean; readonly out?: string }) => {
      if (out !== undefined) checkFileWritable(out)
      const speed = await measureSpeed(quick === true)
      process.stdout.write(renderSpeed(speed))
      if (out !== undefined)
        writeAll(dirname(resolve(out)), { [basename(out)]: `${JSON.stringify(speed, null, 2)}\n` })
    })

interface Effort {
  readonly rounds: number
  readonly forMs: number
  readonly orders: number
  readonly memoryAt: readonly number[]
}

const efforts: Readonly<Record<'full' | 'quick', Effort>> = {
  full: { rounds: 3, forMs: 2_000, orders: 10_000, memoryAt: [10_000, 100_000, 1_000_000] },
  quick: { rounds: 3, forMs: 1_500, orders: 8_000, memoryAt: [10_000, 100_000] },
}

const measured = ['orchestrated', 'orchestrated-direct', 'choreographed'] as const

const measureSpeed = async (isQuick: boolean): Promise<Speed> => {
  const { rounds, forMs, orders, memoryAt } = efforts[isQuick ? 'quick' : 'full']
  const folder = mkdtempSync(join(tmpdir(), 'speed-'))
  const file = join(folder, 'templates.json')
  const progress = createProgress(rounds * (6 + measured.length) + memoryAt.length)
  let done = 0
  try {
    writeFileSync(file, JSON.stringify(await templates()))
    const workerFile = await bundleOf('bench/job-worker.ts')
    const bundledProbe = await bundleOf('bench/speed/probe.ts')
    const ask = async (probe: Probe): Promise<ProbeAnswer> => {
      progress.step(done, probe.kind)
      // Orders go through workers, which are bundles already.
      const module = probe.kind === 'orders' ? probeFile : (bundledProbe ?? probeFile)
      const answer = await runProbe(module, [JSON.stringify(probe), file, workerFile ?? ''])
      done += 1
      return answer
    }
    const answers = new Map<string, ProbeAnswer[]>()
    const startUps: number[] = []
    const note = (name: string, answer: ProbeAnswer): void => {
      answers.set(name, [...(answers.get(name) ?? []), answer])
    }
    for (let round = 0; round < rounds; round += 1) {
      note('bare', await ask({ kind: 'bare', forMs }))
      for (const machine of ['commands', 'passThrough'] as const)
        for (const kind of ['interpreter', 'peer'] as const)
          note(`${kind}/${machine}`, await ask({ kind, forMs, machine }))
      for (const contestant of measured)
        note(contestant, await ask({ kind: 'contestant', contestant, orders }))
      note('idle', await ask({ kind: 'idle', orders: orders / 4 }))
      startUps.push(await startUpSeconds())
    }
    const memory: ProbeAnswer[] = []
    for (const orders of memoryAt) memory.push(await ask({ kind: 'orders', orders }))
    const median = (name: string, figure: (answer: ProbeAnswer) => number): number =>
      medianOf((answers.get(name) ?? []).map(figure))
    return speedOf(
      median,
      measured,
      new Map(memoryAt.map((orders, index) => [orders, memory[index]])),
      medianOf(startUps),
    )
  } finally {
    progress.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A command of its own: what it prints of its one order is not looked at. */
const startUpSeconds = async (): Promise<number> => {
  const startedMs = performance.now()
  await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    fileURLToPath(new URL('./ovc.ts', import.meta.url)),
    ...[
      'explain',
      '--count',
      '1',
      '--order',
      'order-000001',
      '--scenario',
      'steady',
      '--contestant',
      'orchestrated',
    ],
  ])
  return (performance.now() - startedMs) / 1_000
}

const probeFile = fileURLToPath(new URL('../speed/probe.ts', import.meta.url))

const runProbe = async (module: string, given: readonly string[]): Promise<ProbeAnswer> => {
  const loader = module.endsWith('.ts') ? ['--import', 'tsx'] : []
  // Collected as a run is: see the script `ovc`.
  const collection = process.execArgv.filter((argument) => argument.includes('gc'))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...collection, ...loader, module, ...given],
    { maxBuffer: 1 << 20 },
  )
  return JSON.parse(stdout) as ProbeAnswer
}
