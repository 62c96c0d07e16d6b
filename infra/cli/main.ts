import { confirm, isCancel } from '@clack/prompts'
import { configuredRegion } from '../../bench/live/region.ts'
import { runCdk } from './cdk.ts'
import { stopWhereConfigured } from './executions.ts'
import { runProgram } from './program.ts'

const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true

process.exitCode = await runProgram(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  regionOf: configuredRegion,
  stopExecutions: stopWhereConfigured,
  ...(isTerminal
    ? {
        ask: async (message: string) => {
          const answer = await confirm({ message, initialValue: false })
          return !isCancel(answer) && answer
        },
      }
    : {}),
  cdk: runCdk,
})
