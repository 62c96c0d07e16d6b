import type { Failure } from './failure.ts'
import type { EventLine, HistoryRecord } from './history-record.ts'
import { Payload } from './history-record.ts'

/** What a task that is being scheduled asks for. */
export interface ScheduledTask {
  readonly region: string
  readonly payload: unknown
  readonly timeoutMs: number | undefined
  readonly heartbeatMs: number | undefined
  /** The role that `Credentials` names. */
  readonly roleArn: string | undefined
}

/** How the history tells of a task, by the form of its resource. */
export interface TaskEvents {
  scheduled(record: HistoryRecord, line: EventLine, task: ScheduledTask): void
  started(record: HistoryRecord, line: EventLine): void
  submitted(record: HistoryRecord, line: EventLine, output: unknown): void
  succeeded(record: HistoryRecord, line: EventLine, output: unknown): void
  failed(record: HistoryRecord, line: EventLine, failure: Failure): void
}

const integrationForm = /^arn:[^:]+:states:::(.+?):([^:]+(?::2)?)$/

/**
 * What AWS's messages call a task: its service, also of calls of the SDK, or the ARN that it names. Sources:
 * https://github.com/aws/context-ontology-accelerator/issues/104, https://github.com/jogold/cloudstructs/issues/163 and
 * https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/414 (answers of AWS, read 2026-11-25).
 */
export const taskNameOf = (resource: string): string => integrationForm.exec(resource)?.[1] ?? resource

/**
 * A function or an activity that a task names by its own ARN has event types of its own; everything else is a Task.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html (read 2026-11-25).
 */
export const taskEvents = (resource: string): TaskEvents => {
  const [, resourceType, action] = integrationForm.exec(resource) ?? []
  if (resourceType !== undefined && action !== undefined) return integrationEvents(resourceType, action)
  return resource.includes(':activity:')
    ? eventsOf('Activity', 'activity', {}, (task) => ({ ...scheduledByArn(resource, task), ...beat(task) }))
    : eventsOf('LambdaFunction', 'lambdaFunction', undefined, (task) => scheduledByArn(resource, task))
}

type Fields = Readonly<Record<string, unknown>>

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)

const beat = ({ heartbeatMs }: ScheduledTask): Fields => ({ heartbeatInSeconds: seconds(heartbeatMs) })

const limits = (task: ScheduledTask): Fields => ({
  timeoutInSeconds: seconds(task.timeoutMs),
  taskCredentials: task.roleArn === undefined ? undefined : { roleArn: task.roleArn },
})

const scheduledByArn = (resource: string, task: ScheduledTask): Fields => ({
  resource,
  input: new Payload(task.payload),
  ...limits(task),
})

const integrationEvents = (resourceType: string, resource: string): TaskEvents => {
  const named = { resourceType, resource }
  return eventsOf('Task', 'task', named, (task) => ({
    ...named,
    region: task.region,
    parameters: JSON.stringify(task.payload),
    ...limits(task),
    ...beat(task),
  }))
}

/** A timeout has no cause; what a worker reports by that name has the one that it sent. */
const isTimeout = ({ error, cause }: Failure): boolean => error === 'States.Timeout' && cause === ''

/** `named` goes into the details of every event but the first; undefined: the start has no details. */
const eventsOf = (
  type: 'Task' | 'LambdaFunction' | 'Activity',
  member: 'task' | 'lambdaFunction' | 'activity',
  named: Fields | undefined,
  scheduled: (task: ScheduledTask) => Fields,
): TaskEvents => ({
  scheduled: (record, line, task) => {
    record.next(line, `${type}Scheduled`, { [`${member}ScheduledEventDetails`]: scheduled(task) })
  },
  started: (record, line) => {
    record.next(line, `${type}Started`, named && { [`${member}StartedEventDetails`]: named })
  },
  submitted: (record, line, output) => {
    const details = { ...named, output: new Payload(output) }
    record.next(line, 'TaskSubmitted', { taskSubmittedEventDetails: details })
  },
  succeeded: (record, line, output) => {
    const details = { ...named, output: new Payload(output) }
    record.next(line, `${type}Succeeded`, { [`${member}SucceededEventDetails`]: details })
  },
  failed: (record, line, failure) => {
    const { error, cause } = failure
    if (isTimeout(failure))
      record.next(line, `${type}TimedOut`, { [`${member}TimedOutEventDetails`]: { ...named, error } })
    else record.next(line, `${type}Failed`, { [`${member}FailedEventDetails`]: { ...named, error, cause } })
  },
})
