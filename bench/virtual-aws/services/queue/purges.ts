import type { Kernel } from '../../kernel.ts'
import { purgeInProgress } from './errors.ts'
import type { Queue } from './queue.ts'

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html (read 2026-11-25). */
const purgeMs = 60_000

/** PurgeQueue: at once, where AWS takes up to a minute; once in a minute, as on AWS. */
export class Purges {
  readonly #kernel: Kernel
  readonly #lastMs = new Map<Queue, number>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  purge(queue: Queue): object {
    const { nowMs } = this.#kernel
    const lastMs = this.#lastMs.get(queue)
    if (lastMs !== undefined && nowMs - lastMs < purgeMs) throw purgeInProgress(queue.identity.name)
    this.#lastMs.set(queue, nowMs)
    queue.purge()
    return {}
  }
}
