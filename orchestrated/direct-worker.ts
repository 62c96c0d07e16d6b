import { required } from '../shared/batch.ts'
import type { FunctionEntry } from '../shared/runtime.ts'
import type { CommandRoute } from './commands.ts'
import { assignmentOf, replyTo } from './obey.ts'

/** A failure of a task, under the name by which the state machine retries or catches it. */
class TaskFailure extends Error {
  override readonly name: string
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/** A worker that the state machine invokes and waits for: it returns the fact, or throws the refusal by its name. */
export const directWorker =
  (route: CommandRoute): FunctionEntry =>
  (clients, env, providers, clock) => {
    const desk = { dynamo: clients.dynamo, name: required(env, 'TABLE_NAME'), clock, providers }
    const busName = route.announces ? required(env, 'BUS_NAME') : undefined
    const workplace = { desk, eventBridge: clients.eventBridge, busName }
    return async (payload) => {
      const reply = await replyTo(route, assignmentOf(route, payload), workplace)
      if (reply.end === 'success') return reply.output
      throw new TaskFailure(reply.error, reply.cause)
    }
  }
