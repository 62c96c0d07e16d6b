import { NotModelled } from '../properties.ts'
import type { StatesApi } from './api.ts'
import { machineIn } from './execution-actions.ts'
import { roleArnIn } from './inputs.ts'
import type { JsonObject } from './json.ts'
import { sfnErrors } from './sfn-errors.ts'

const modelledUpdates = new Set(['stateMachineArn', 'definition', 'roleArn'])

/**
 * What is started from now on has the new definition and role; what runs, and what is redriven, keeps its own. AWS:
 * executions started within a few seconds may still have the old ones.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html (read 2026-11-25).
 */
export const updateStateMachine = (api: StatesApi, input: JsonObject): JsonObject => {
  const machine = machineIn(api, input)
  const other = Object.keys(input).find((name) => !modelledUpdates.has(name) && input[name] !== undefined)
  if (other !== undefined) throw new NotModelled(`states: UpdateStateMachine: ${other} is not modelled`)
  const { definition } = input
  const roleArn = roleArnIn(input)
  if (definition === undefined && roleArn === undefined) {
    throw sfnErrors.missingRequiredParameter('Either the definition or the role ARN must be specified')
  }
  const revisionId = api.newName()
  api.update(machine, {
    revisionId,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(typeof definition === 'string' ? { definition } : {}),
  })
  return { updateDate: new Date(api.nowMs()), revisionId }
}

export const describeStateMachine = (api: StatesApi, input: JsonObject): JsonObject => {
  const machine = machineIn(api, input)
  const { loggingConfiguration, tracingConfiguration, revisionId } = machine
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: machine.definition,
    roleArn: machine.roleArn,
    type: machine.express === undefined ? 'STANDARD' : 'EXPRESS',
    creationDate: new Date(machine.createdMs),
    loggingConfiguration: loggingConfiguration ?? { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: tracingConfiguration ?? { enabled: false },
    ...(revisionId === undefined ? {} : { revisionId }),
  }
}
