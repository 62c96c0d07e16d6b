import type { ServiceCall } from '../../world.ts'
import type { StatesApi } from './api.ts'
import {
  describeExecution,
  getExecutionHistory,
  listExecutions,
  redriveExecution,
  startExecution,
  startSyncExecution,
  stopExecution,
} from './execution-actions.ts'
import type { JsonObject } from './json.ts'
import { describeStateMachine, updateStateMachine } from './machine-actions.ts'
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './task-actions.ts'

/** The resource that an action names in its input. */
export type Named = 'stateMachineArn' | 'executionArn' | 'taskToken'

interface Entry {
  /** Tells the output, at once or when it is there, or throws one of the SDK's errors. */
  readonly act: (api: StatesApi, input: JsonObject, done: (output: JsonObject) => void) => void
  readonly names: Named
  readonly hop: string
}

/** An action that answers at once. */
const entry = (act: (api: StatesApi, input: JsonObject) => JsonObject, names: Named, hop: string): Entry => ({
  act: (api, input, done) => done(act(api, input)),
  names,
  hop,
})

const entries: readonly (readonly [string, Entry])[] = [
  ['StartExecution', entry(startExecution, 'stateMachineArn', 'states.startExecution')],
  ['StartSyncExecution', { act: startSyncExecution, names: 'stateMachineArn', hop: 'states.startExecution' }],
  ['DescribeExecution', entry(describeExecution, 'executionArn', 'states.startExecution')],
  ['ListExecutions', entry(listExecutions, 'stateMachineArn', 'states.startExecution')],
  ['GetExecutionHistory', entry(getExecutionHistory, 'executionArn', 'states.startExecution')],
  ['StopExecution', entry(stopExecution, 'executionArn', 'states.startExecution')],
  ['RedriveExecution', entry(redriveExecution, 'executionArn', 'states.startExecution')],
  ['DescribeStateMachine', entry(describeStateMachine, 'stateMachineArn', 'states.startExecution')],
  ['UpdateStateMachine', entry(updateStateMachine, 'stateMachineArn', 'states.startExecution')],
  ['SendTaskSuccess', entry(sendTaskSuccess, 'taskToken', 'states.answer')],
  ['SendTaskFailure', entry(sendTaskFailure, 'taskToken', 'states.answer')],
  ['SendTaskHeartbeat', entry(sendTaskHeartbeat, 'taskToken', 'states.answer')],
]

const actions = new Map(
  entries.map(([name, made]) => [name, { ...made, iamAction: `states:${name}` }] as const),
)

/** The action of that name; another is refused by name. */
export const actionOf = (name: ServiceCall['action']): Entry & { readonly iamAction: string } => {
  const found = actions.get(name)
  if (found === undefined) throw new Error(`The action ${name} of Step Functions is not modelled`)
  return found
}
