import { parentPort, workerData } from 'node:worker_threads'
import { type Job, type Material, runJob } from './jobs.ts'
import type { WorkerAnswer } from './pool.ts'
import { spareMiddleware } from './virtual-aws/bare-commands.ts'

/** The far end of pool.ts: one job at a time, answered by a message, with news of it on the way. */
const material = workerData as Material
const answer = (message: WorkerAnswer): void => parentPort?.postMessage(message)
const newsEveryMs = 200

spareMiddleware()

parentPort?.on('message', (job: Job) => {
  let orders = 0
  let toldMs = performance.now()
  const submitted = (): void => {
    orders += 1
    const nowMs = performance.now()
    if (nowMs - toldMs < newsEveryMs) return
    toldMs = nowMs
    answer({ kind: 'news', orders })
    orders = 0
  }
  runJob(job, material, submitted).then(
    (result) => answer({ kind: 'done', result, orders }),
    (error: unknown) => answer({ kind: 'failed', error }),
  )
})
