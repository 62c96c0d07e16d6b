import { parentPort, workerData } from 'node:worker_threads'
import { type Job, type Material, runJob } from './jobs.ts'
import type { WorkerAnswer } from './pool.ts'

/** The far end of pool.ts: one job at a time, answered by a message. */
const material = workerData as Material
const answer = (message: WorkerAnswer): void => parentPort?.postMessage(message)

parentPort?.on('message', (job: Job) => {
  runJob(job, material).then(
    (result) => answer({ ok: true, result }),
    (error: unknown) => answer({ ok: false, error }),
  )
})
