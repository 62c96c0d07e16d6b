import { receivesMax } from '../shared/patience.ts'

/**
 * Every figure of the deployment, once. They are the same for every function and every queue of every stack:
 * what differs between two contestants must come from how they coordinate, never from how they were tuned.
 */
export const settings = {
  function: { memoryMiB: 512, timeoutSeconds: 10, runtime: 'nodejs22.x', architecture: 'arm64' },
  queue: {
    /** Six times the function's timeout plus the batch window: what AWS asks of a queue that Lambda polls. */
    visibilitySeconds: 60,
    retentionSeconds: 4 * 86_400,
    receivesMax,
  },
  /** The longest that SQS allows: a dead letter keeps the age that it had in its queue. */
  deadLetters: { retentionSeconds: 14 * 86_400 },
  mapping: { batchSize: 10, windowSeconds: 0, concurrencyMax: 50 },
  /** EventBridge's own defaults, written down so that a reader need not know them. */
  target: { attemptsMax: 185, ageSecondsMax: 86_400 },
  logs: { retentionDays: 7 },
  archive: { retentionDays: 7 },
} as const
