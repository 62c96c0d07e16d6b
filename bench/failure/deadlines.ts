import { field } from '../measure/messages.ts'
import type { RecoveryAction } from '../results.ts'
import type { Findings } from './needs.ts'
import type { Pathways } from './pathways.ts'

const dayMs = 24 * 60 * 60_000

/** How long after its end an execution may be redriven. */
const redrivableMs = 14 * dayMs

/** Of a queue that says nothing of it. */
const retentionSecondsByDefault = 345_600

/**
 * Says of each action until when it is in time, in ms after the first order: before the first of what it is about is
 * gone. An execution may be redriven within 14 days of its end; a dead letter expires by when it was first sent, which is
 * at the earliest with the first order; an archive keeps an event for its days. Sources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html and
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html (read 2026-11-25).
 */
export const withDeadlines = (
  actions: readonly RecoveryAction[],
  found: Pick<Findings, 'failed' | 'missing'>,
  { queues, archives, archiveDays }: Pick<Pathways, 'queues' | 'archives' | 'archiveDays'>,
  startMs: number,
): readonly RecoveryAction[] => {
  const deadlineOf = ({ action, resource }: RecoveryAction): number | undefined => {
    switch (action) {
      case 'redrive execution': {
        const ends = found.failed.flatMap((end) => (end.machineId === resource ? [end.endedMs] : []))
        return ends.length === 0 ? undefined : Math.min(...ends) - startMs + redrivableMs
      }
      case 'redrive queue':
      case 'resend events':
        return (
          1000 * Number(field(queues.get(resource), 'MessageRetentionPeriod') ?? retentionSecondsByDefault)
        )
      case 'replay archive': {
        const days = archiveDays.get(resource)
        const events = found.missing.flatMap(({ bus, fromMs }) =>
          archives.get(bus) === resource ? [fromMs] : [],
        )
        return days === undefined || events.length === 0
          ? undefined
          : Math.min(...events) - startMs + days * dayMs
      }
      default:
        return undefined
    }
  }
  return actions.map((action) => {
    const until = deadlineOf(action)
    return until === undefined ? action : { ...action, until }
  })
}
