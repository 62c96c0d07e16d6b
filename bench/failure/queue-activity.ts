import { field } from '../measure/messages.ts'
import { referredId } from '../references.ts'
import type { Template } from '../virtual-aws/deploy.ts'

/**
 * SQS tells of a queue as long as messages lie in it or somebody uses it, and so many minutes longer; one that sleeps
 * has no metrics at all. Source:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 * (read 2026-11-26). When it wakes, "a delay of up to 15 minutes occurs": not modelled, since nobody says how much of
 * them it takes; an alarm on a dead-letter queue may ring that much later than here.
 */
export const activeQueueMinutes = 6 * 60

/** The queues that an event source mapping polls, and so keeps awake, by their logical ids. */
export const pollsOf = ({ Resources }: Template): ReadonlySet<string> =>
  new Set(
    Object.values(Resources).flatMap(({ Type, Properties }) => {
      if (Type !== 'AWS::Lambda::EventSourceMapping') return []
      const id = referredId(field(Properties, 'EventSourceArn'))
      return id === undefined ? [] : [id]
    }),
  )
