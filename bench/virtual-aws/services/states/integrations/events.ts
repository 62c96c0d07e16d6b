import { isObject, type JsonObject } from '../json.ts'
import { serviceErrorCause, serviceErrorName } from './aws-response.ts'
import type { Integration, TaskCall, TaskOutcome } from './integration.ts'

const eventErrors = {
  service: 'EventBridge',
  named: new Set(['InternalException', 'ResourceNotFoundException', 'LimitExceededException']),
  general: 'AmazonEventBridgeException',
}

/**
 * `arn:aws:states:::events:putEvents`: a detail that is no string is sent as its JSON, and the execution and its
 * machine are added to the resources of each entry. One failed entry fails the task. The result is recorded on AWS
 * without the metadata that other integrations add.
 */
export const eventsPutEvents = (waitsForToken: boolean): Integration => ({
  waitsForToken,
  parameters: new Set(['Entries']),
  call: (task, done) => {
    const { world, visit, principal } = task
    const input = { Entries: entriesOf(task) }
    world.call(
      { by: visit.execution.machine.logicalId, principal, service: 'events', action: 'PutEvents', input },
      (answer) => {
        if (answer.ok) done(resultOf(answer.output))
        else {
          const { error } = answer
          const cause = serviceErrorCause('AmazonEventBridge', error, 400)
          done({ ok: false, failure: { error: serviceErrorName(eventErrors, error.name), cause } })
        }
      },
    )
  },
})

const entriesOf = ({ visit, payload }: TaskCall): readonly JsonObject[] => {
  const entries = isObject(payload) ? payload['Entries'] : undefined
  const { arn, machine } = visit.execution
  return (Array.isArray(entries) ? entries : []).filter(isObject).map((entry) => {
    const resources = Array.isArray(entry['Resources']) ? entry['Resources'] : []
    const detail = entry['Detail']
    return {
      ...entry,
      ...(detail === undefined || typeof detail === 'string' ? {} : { Detail: JSON.stringify(detail) }),
      Resources: [...resources, arn, machine.arn],
    }
  })
}

const resultOf = (output: unknown): TaskOutcome => {
  const { Entries: entries, FailedEntryCount: failed = 0 } = isObject(output) ? output : {}
  const told = { Entries: entries, FailedEntryCount: failed }
  if (failed === 0) return { ok: true, output: told }
  const cause = JSON.stringify(told)
  return { ok: false, failure: { error: 'EventBridge.FailedEntry', cause } }
}
