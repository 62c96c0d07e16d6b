/** How far a long job has come. */
export interface Progress {
  /** Orders done so far, and what is being worked on. */
  step(orders: number, what: string): void
  /** Takes the line away. */
  end(): void
}

/** A job that takes no longer than this shows none. */
const quietMs = 2_000
const redrawEveryMs = 200

/**
 * A line on stderr that is written over as work goes on: how many orders, how fast, and how long it will take at that
 * rate. Silent where stderr is no terminal, and for what is done in two seconds.
 */
export const createProgress = (
  total: number,
  {
    stream = process.stderr,
    nowMs = () => performance.now(),
    unit = 'orders',
  }: {
    readonly stream?: Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>
    readonly nowMs?: () => number
    /** What is counted. */
    readonly unit?: string
  } = {},
): Progress => {
  const startedMs = nowMs()
  let drawnMs = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    step(orders, what) {
      const now = nowMs()
      if (stream.isTTY !== true || now - startedMs < quietMs || now - drawnMs < redrawEveryMs) return
      drawnMs = now
      isShown = true
      const line = progressLine(orders, total, now - startedMs, what, unit)
      stream.write(`${clear}${line.slice(0, Math.max(20, (stream.columns || 80) - 1))}`)
    },
    end() {
      if (isShown) stream.write(clear)
      isShown = false
    },
  }
}

const clear = '\r\u001b[2K'
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Orders done of all, the rate so far, and the time left at that rate. */
export const progressLine = (
  orders: number,
  total: number,
  elapsedMs: number,
  what: string,
  unit = 'orders',
): string => {
  const perSecond = orders / (elapsedMs / 1000)
  const secondsLeft = (total - orders) / perSecond
  const left = Number.isFinite(secondsLeft) ? `, ${duration(secondsLeft)} left` : ''
  return `${grouped.format(orders)} of ${grouped.format(total)} ${unit}, ${grouped.format(perSecond)}/s${left} · ${what}`
}

const duration = (seconds: number): string => {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
