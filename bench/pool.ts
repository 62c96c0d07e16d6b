import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import type { Job, JobResult, Material } from './jobs.ts'

/** The job runner as it is written: the worker registers the TypeScript loader before it loads it. */
const workerAsWritten = (data: WorkerOptions): Worker => {
  const [loader, module] = [
    import.meta.resolve('tsx/esm/api'),
    new URL('./job-worker.ts', import.meta.url).href,
  ]
  return new Worker(
    `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(module)}) })`,
    { ...data, eval: true },
  )
}

/** A message of a worker: orders handed in since the last one, the result of its job, or how it failed. */
export type WorkerAnswer =
  | { readonly kind: 'news'; readonly orders: number }
  | { readonly kind: 'done'; readonly result: JobResult; readonly orders: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** How far a run has come. */
export interface Advance {
  /** The job that the news is of. */
  readonly job: Job
  readonly jobsDone: number
  /** Orders of runs that were handed in so far, in all jobs together. */
  readonly orders: number
}

export interface PoolOptions {
  readonly onAdvance?: (advance: Advance) => void
  /** Stops the workers where they are; `runJobs` then throws its reason. */
  readonly signal?: AbortSignal
  /** `job-worker.ts` bundled as one file; without it the worker loads it as it is written. */
  readonly workerFile?: string | undefined
  /** Whether after this result no further job need begin; those that have begun are ended, so that the first so many are done. */
  readonly isEnough?: (result: JobResult) => boolean
}

/**
 * Sets V8's collector for runs. V8 puts what is made at one place in the code among the old at once when much of it
 * once lived long; here most of that is dead soon after, and dead among the old it keeps alive all that it points to.
 * Without that a run puts a quarter as much among the old.
 */
export const setCollector = (): void => setFlagsFromString('--no-allocation-site-pretenuring')

/**
 * What the process should come to hold, for each thread, in MiB. Beyond what was found alive, a heap may grow into what
 * is left of it before it is collected again; V8's own rule gives room with a full hand as long as the machine has
 * memory. The npm script `ovc` also has V8 collect in the threads that made the garbage (`--single-threaded-gc`): the
 * workers take all cores as it is, and do a tenth more when no helpers get between them.
 */
const roomMiB = 380

/**
 * Of a worker, in MiB: little of what an order makes lives longer than it. Twice as much, which is V8's own bound, makes
 * a run no faster.
 */
const youngMiB = 24

const growingPercent = { least: 20, most: 300 }

const limitHeaps = (threads: number): void => {
  const usedMiB = process.memoryUsage.rss() / 2 ** 20
  const percent = Math.round(100 * ((roomMiB * threads) / usedMiB - 1))
  const bounded = Math.min(Math.max(percent, growingPercent.least), growingPercent.most)
  setFlagsFromString(`--heap-growing-percent=${bounded}`)
}

/**
 * Runs jobs on worker threads, one job a thread at a time. Results come back in the order of the jobs, whoever
 * finished first, so that the number of threads changes nothing but the time taken.
 */
export const runJobs = async (
  jobs: readonly Job[],
  material: Material,
  { onAdvance, signal, workerFile, isEnough }: PoolOptions = {},
): Promise<readonly JobResult[]> => {
  signal?.throwIfAborted()
  const threads = Math.max(1, Math.min(availableParallelism(), jobs.length))
  const results: JobResult[] = []
  let next = 0
  let jobsDone = 0
  let orders = 0
  let isOver = false
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const data = { workerData: material, resourceLimits: { maxYoungGenerationSizeMb: youngMiB } }
      const worker = workerFile === undefined ? workerAsWritten(data) : new Worker(workerFile, data)
      let current = -1
      const end = (settle: () => void): void => {
        signal?.removeEventListener('abort', stop)
        worker.terminate().then(settle, reject)
      }
      const stop = (): void => end(() => reject(signal?.reason))
      signal?.addEventListener('abort', stop)
      const hand = (): void => {
        current = next
        next += 1
        const job = isOver ? undefined : jobs[current]
        if (job === undefined) end(resolve)
        else worker.postMessage(job)
      }
      worker.on('error', (error) => end(() => reject(error)))
      worker.on('message', (answer: WorkerAnswer) => {
        const job = jobs[current]
        if (answer.kind === 'failed' || job === undefined) {
          end(() => reject(answer.kind === 'failed' ? answer.error : new Error('A worker answered no job.')))
          return
        }
        orders += answer.orders
        limitHeaps(threads)
        if (answer.kind === 'done') {
          results[current] = answer.result
          isOver ||= isEnough?.(answer.result) === true
          jobsDone += 1
        }
        onAdvance?.({ job, jobsDone, orders })
        if (answer.kind === 'done') hand()
      })
      hand()
    })
  setCollector()
  limitHeaps(threads)
  await Promise.all(Array.from({ length: threads }, serve))
  return results
}
