import { runCli } from './cli.ts'

// Whoever reads our output may have read enough, as `head` does, or be gone, as a terminal that was closed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(0)
  throw error
})

process.exitCode = await runCli(process.argv.slice(2))
