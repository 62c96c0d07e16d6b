import { Command, CommanderError } from 'commander'
import { BadInput } from '../workload/bad-input.ts'
import { compareCommand } from './compare.ts'
import { explainCommand } from './explain.ts'
import { version } from './version.ts'

/** Exit 0: done. 1: it ran, and a law or a promise failed. 2: bad usage or bad input. */
const program = new Command('ovc')
  .description('The same order flow orchestrated and choreographed on AWS, measured side by side.')
  .version(version)
  .helpCommand(false)
  .addCommand(compareCommand())
  .addCommand(explainCommand())

/** Sub-commands copy no settings by themselves: nobody exits or writes errors but this file. */
for (const command of [program, ...program.commands])
  command.exitOverride().configureOutput({ outputError: () => undefined })

const oneLine = (text: string): string =>
  text
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()

try {
  if (process.argv.length <= 2) program.help()
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = 0
  else if (error instanceof CommanderError || error instanceof BadInput) {
    process.stderr.write(`ovc: ${oneLine(error.message)}\n`)
    process.exitCode = 2
  } else throw error
}
