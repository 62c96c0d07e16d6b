import { explained } from '../../bench/live/errors.ts'
import { stopExecutions } from '../../bench/live/stop-executions.ts'
import { connect, disconnect, type Target } from '../../bench/live/target.ts'
import type { StopExecutions } from './program.ts'

/** Stops what runs in a stack on AWS; throws BadInput for what whoever destroys can cure. */
export const stopOnAws: StopExecutions = async (stack, { region, profile }, onFound) => {
  const target: Target = { kind: 'aws', region, ...(profile === undefined ? {} : { profile }) }
  const clients = connect(target)
  try {
    return await stopExecutions(clients, stack, { onFound })
  } catch (error) {
    throw explained(error, target)
  } finally {
    disconnect(clients)
  }
}
