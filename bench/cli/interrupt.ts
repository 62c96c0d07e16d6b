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
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/**
 * Does work that Ctrl-C may stop, or the end of the terminal; afterwards the signals do again what they did before.
 */
export const interruptible = async <Done>(work: (signal: AbortSignal) => Promise<Done>): Promise<Done> => {
  const controller = new AbortController()
  const stop = (signal: keyof typeof exitCodes): void => {
    // Behind a terminal that is gone nobody reads, and a failed write must not cut short what is put in order.
    if (signal === 'SIGHUP') for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore)
    controller.abort(new Interrupted(exitCodes[signal]))
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}

const ignore = (): void => undefined
