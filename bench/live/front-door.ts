import type { Contestant } from '../contestants.ts'
import { field } from '../measure/messages.ts'
import { spellOut } from '../workload/lines.ts'
import type { Workload } from '../workload/workload.ts'
import type { LiveClients } from './target.ts'

/** An order as it was handed in. Times in ms since the Unix epoch. */
export interface Submission {
  readonly orderId: string
  /** When it was meant to be handed in: latencies count from here, however late it was. */
  readonly intendedMs: number
  readonly sentMs: number
  /** When the front door had answered. */
  readonly answeredMs: number
  /** Requests that the SDK made of it. */
  readonly attempts: number
  /** Why the front door refused it. */
  readonly error: string | undefined
}

interface Submitting {
  readonly contestant: Contestant
  readonly workload: Workload
  readonly seed: number
  readonly outputs: Readonly<Record<string, string>>
  readonly firstMs: number
  readonly signal: AbortSignal
  readonly onSubmitted?: () => void
}

/**
 * Hands in each order at its intended time, whatever became of those before it: nobody waits for an answer, so that a
 * slow system is not asked less often. Ends when the last one is answered; when it is aborted, hands in no more.
 */
export const handIn = async (
  clients: LiveClients,
  submitting: Submitting,
): Promise<readonly Submission[]> => {
  const { workload, firstMs, signal, onSubmitted } = submitting
  const underWay: Promise<Submission>[] = []
  for (const arrival of workload.arrivals) {
    const intendedMs = firstMs + arrival.atMs
    await until(intendedMs, signal)
    if (signal.aborted) break
    underWay.push(submit(clients, submitting, arrival, intendedMs))
    onSubmitted?.()
  }
  return Promise.all(underWay)
}

const submit = async (
  clients: LiveClients,
  { contestant, workload, seed, outputs }: Submitting,
  arrival: Workload['arrivals'][number],
  intendedMs: number,
): Promise<Submission> => {
  const { orderId } = arrival
  const sentMs = Date.now()
  const order = spellOut(arrival, workload.currency, seed)
  const [answer, error] = await contestant.submit(clients, outputs, order, intendedMs).then(
    (output): [unknown, undefined] => [output, undefined],
    (reason: unknown): [unknown, string] => [reason, whyRefused(reason)],
  )
  return { orderId, intendedMs, sentMs, answeredMs: Date.now(), attempts: attemptsOf(answer), error }
}

const whyRefused = (reason: unknown): string =>
  reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason)

/** As the SDK says it of its answers and of its errors. */
const attemptsOf = (answer: unknown): number => {
  const attempts = field(field(answer, '$metadata'), 'attempts')
  return typeof attempts === 'number' ? attempts : 1
}

const until = (atMs: number, signal: AbortSignal): Promise<void> => {
  const waitMs = atMs - Date.now()
  if (waitMs <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    signal.addEventListener('abort', done)
  })
}
