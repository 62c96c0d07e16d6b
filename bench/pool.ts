import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Job, JobResult, Material } from './jobs.ts'

/** Registers the TypeScript loader in the worker before it loads the job runner. */
const boot = (module: string): string =>
  `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => { register(); return import(${JSON.stringify(module)}) })`

/** A message of a worker: the result of its job, or how it failed. */
export type WorkerAnswer =
  | { readonly ok: true; readonly result: JobResult }
  | { readonly ok: false; readonly error: unknown }

/**
 * Runs jobs on worker threads, one job a thread at a time. Results come back in the order of the jobs, whoever
 * finished first, so that the number of threads changes nothing but the time taken.
 */
export const runJobs = async (
  jobs: readonly Job[],
  material: Material,
  onDone: (job: Job, done: number) => void,
): Promise<readonly JobResult[]> => {
  const results: JobResult[] = []
  let next = 0
  let done = 0
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(boot(new URL('./job-worker.ts', import.meta.url).href), {
        eval: true,
        workerData: material,
      })
      let current = -1
      const hand = (): void => {
        current = next
        next += 1
        const job = jobs[current]
        if (job === undefined) {
          void worker.terminate()
          resolve()
        } else worker.postMessage(job)
      }
      worker.on('error', reject)
      worker.on('message', (answer: WorkerAnswer) => {
        const job = jobs[current]
        if (!answer.ok || job === undefined) {
          void worker.terminate()
          reject(answer.ok ? new Error('A worker answered without a job.') : answer.error)
          return
        }
        results[current] = answer.result
        done += 1
        onDone(job, done)
        hand()
      })
      hand()
    })
  const threads = Math.max(1, Math.min(availableParallelism(), jobs.length))
  await Promise.all(Array.from({ length: threads }, serve))
  return results
}
