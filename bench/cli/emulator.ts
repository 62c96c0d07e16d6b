import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import type { Template } from '../virtual-aws/deploy.ts'
import { BadInput } from '../workload/bad-input.ts'
import { interruptible } from './interrupt.ts'

/** The contestants on an AWS-compatible endpoint of one's own machine, to play with. */
export const emulatorCommand = (): Command =>
  new Command('emulator')
    .description(
      'Start the emulator MiniStack on this machine, deploy all stacks to it, and wait for Ctrl-C.',
    )
    .addHelpText(
      'after',
      `
It needs Python 3.10 or newer; MiniStack itself is installed once, into a folder of this project. Nothing leaves the
machine, and nothing is left when it ends.`,
    )
    .allowExcessArguments(false)
    .action(() => interruptible(play))

const play = async (signal: AbortSignal): Promise<void> => {
  const { findPython, pythonMissing } = await import('../live/emulator/python.ts')
  if ((await findPython()) === undefined) throw new BadInput(pythonMissing)
  const { startEmulator } = await import('../live/emulator/emulator.ts')
  process.stderr.write('Starting MiniStack …\n')
  const emulator = await startEmulator().catch((cause: unknown) => {
    // Ctrl-C reaches what is being installed, too.
    signal.throwIfAborted()
    throw new BadInput(cause instanceof Error ? cause.message : String(cause), { cause })
  })
  try {
    await deployAll(emulator.url, signal)
    process.stdout.write(`${emulator.url}\n`)
    process.stderr.write(`All is deployed there. Its log: ${emulator.logFile}\nCtrl-C stops it.\n`)
    await Promise.race([interruption(signal), emulator.ended])
    throw new BadInput(`MiniStack ended by itself; its log: ${emulator.logFile}`)
  } finally {
    await emulator.stop()
  }
}

const deployAll = async (url: string, signal: AbortSignal): Promise<void> => {
  const { emulatorRegion } = await import('../live/emulator/emulator.ts')
  const { deployStack } = await import('../live/emulator/stack.ts')
  const { connect, disconnect } = await import('../live/target.ts')
  const { bundleHandlers } = await import('../../infra/bundle.ts')
  const { synthAll } = await import('../../infra/synth.ts')
  const clients = connect({ kind: 'endpoint', url, region: emulatorRegion })
  const folder = mkdtempSync(join(tmpdir(), 'handlers-'))
  try {
    await bundleHandlers(folder)
    const { contestants, results } = synthAll()
    const deploy = async (name: string, template: Template, code?: string): Promise<void> => {
      signal.throwIfAborted()
      process.stderr.write(`Deploying ${name} …\n`)
      await deployStack(clients, name, template, code)
    }
    for (const [name, template] of Object.entries(contestants)) await deploy(name, template, folder)
    for (const [name, template] of Object.entries(results)) await deploy(name, template)
  } finally {
    disconnect(clients)
    rmSync(folder, { recursive: true, force: true })
  }
}

const interruption = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
