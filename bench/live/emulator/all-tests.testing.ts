import type { TestProject } from 'vitest/node'
import { startEmulator } from './emulator.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where MiniStack answers: `inject('emulatorUrl')`. */
    emulatorUrl: string
  }
}

/** Starts MiniStack before the first test and stops it after the last. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const emulator = await startEmulator()
  project.provide('emulatorUrl', emulator.url)
  return async () => {
    await emulator.stop()
    if (process.exitCode !== undefined && process.exitCode !== 0)
      process.stderr.write(`The log of MiniStack: ${emulator.logFile}\n`)
  }
}
