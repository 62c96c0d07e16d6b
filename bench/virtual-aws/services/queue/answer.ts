import type { Answer } from '../../world.ts'
import { NotModelled } from '../properties.ts'

/** What SQS answers with is thrown inside. */
export const answerOf = (act: () => unknown): Answer => {
  try {
    return { ok: true, output: act() }
  } catch (error) {
    return refusal(error)
  }
}

/** The answer that was thrown; what the model does not know stays a defect of the run. */
export const refusal = (error: unknown): Answer => {
  if (!(error instanceof Error) || error instanceof NotModelled) throw error
  return { ok: false, error }
}
