import { Command, CommanderError } from 'commander'
import { BadInput } from '../workload/bad-input.ts'
import { aslCommand } from './asl.ts'
import { calibrateCommand } from './calibrate.ts'
import { compareCommand } from './compare.ts'
import { contractCommand } from './contract.ts'
import { emulatorCommand } from './emulator.ts'
import { explainCommand } from './explain.ts'
import { exploreCommand } from './explore.ts'
import { Interrupted } from './interrupt.ts'
import { patternCommand } from './pattern.ts'
import { speedCommand } from './speed.ts'
import { version } from './version.ts'

const programOf = (): Command => {
  const program = new Command('ovc')
    .description('The same order flow orchestrated and choreographed on AWS, measured side by side.')
    .version(version)
    .addCommand(compareCommand())
    .addCommand(calibrateCommand())
    .addCommand(explainCommand())
    .addCommand(exploreCommand())
    .addCommand(aslCommand())
    .addCommand(patternCommand())
    .addCommand(speedCommand())
    .addCommand(emulatorCommand())
    .addCommand(contractCommand())
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 a law or a promise was broken, 2 bad usage or bad input, 130 stopped by Ctrl-C.',
    )
  // Sub-commands inherit neither of these: nobody exits or writes errors but `runCli`.
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ outputError: () => undefined })
  return program
}

/** Runs one command line (without `node` and the script) and gives its exit code. */
export const runCli = async (words: readonly string[]): Promise<number> => {
  const program = programOf()
  if (words.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    process.exitCode = 0
    await program.parseAsync([...words], { from: 'user' })
    return Number(process.exitCode)
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (error instanceof Interrupted) return error.exitCode
    if (!(error instanceof CommanderError || error instanceof BadInput)) throw error
    process.stderr.write(`ovc: ${oneLine(error.message)}\n`)
    return 2
  }
}

const oneLine = (text: string): string =>
  text
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
