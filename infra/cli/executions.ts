import { explained } from '../../bench/live/errors.ts'
import { connectAsConfigured, stopExecutions } from '../../bench/live/stop-executions.ts'
import type { StopExecutions } from './program.ts'

/** Stops what runs in a stack; throws BadInput for what whoever destroys can cure. */
export const stopWhereConfigured: StopExecutions = async (stack, { region, profile }, onFound) => {
  const { cloudFormation, sfn } = connectAsConfigured(region, profile)
  try {
    return await stopExecutions({ cloudFormation, sfn }, stack, { onFound })
  } catch (error) {
    throw explained(error, { kind: 'aws', region, ...(profile === undefined ? {} : { profile }) })
  } finally {
    cloudFormation.destroy()
    sfn.destroy()
  }
}
