/** Somebody asked the run to stop; bears the exit code that shells expect of that. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('Interrupted')
    this.exitCode = exitCode
  }
}

/** 128 and the number of the signal. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

/** Does work that Ctrl-C may stop; afterwards the signals do again what they did before. */
export const interruptible = async <Done>(work: (signal: AbortSignal) => Promise<Done>): Promise<Done> => {
  const controller = new AbortController()
  const stop = (signal: keyof typeof exitCodes): void => controller.abort(new Interrupted(exitCodes[signal]))
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}
