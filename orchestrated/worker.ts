import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { eachRecord, receivesOf, required } from '../shared/batch.ts'
import type { Clients, FunctionEntry } from '../shared/runtime.ts'
import type { CommandRoute } from './commands.ts'
import { assignmentOf, type Reply, replyTo } from './obey.ts'

/**
 * A worker behind a queue: each record is a command with the token of the task that waits for its answer. A record
 * whose task was answered is done, even when the answer was that the command failed.
 */
export const worker =
  (route: CommandRoute): FunctionEntry =>
  (clients, env, providers, clock) => {
    const desk = { dynamo: clients.dynamo, name: required(env, 'TABLE_NAME'), clock, providers }
    const busName = route.announces ? required(env, 'BUS_NAME') : undefined
    const workplace = { desk, eventBridge: clients.eventBridge, busName }
    return eachRecord(
      {
        async perform(record) {
          const body: unknown = JSON.parse(record.body)
          const { attempt, command } = assignmentOf(route, body)
          const attempts = attempt + receivesOf(record) - 1
          const reply = await replyTo(route, { attempt: attempts, command }, workplace)
          await answer(clients.sfn, taskTokenOf(body), reply).catch(unlessNoLongerAwaited)
        },
      },
      env,
    )
  }

const taskTokenOf = (body: unknown): string => {
  const { taskToken } = body as { readonly taskToken?: unknown }
  if (typeof taskToken !== 'string') throw new Error(`Expected a task token; got ${typeof taskToken}.`)
  return taskToken
}

const answer = (sfn: Clients['sfn'], taskToken: string, reply: Reply): Promise<unknown> =>
  reply.end === 'success'
    ? sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(reply.output) }))
    : sfn.send(new SendTaskFailureCommand({ taskToken, error: reply.error, cause: reply.cause }))

/** The task was answered before, or gave up waiting: its machine has moved on and will ask again if it must. */
const unlessNoLongerAwaited = (error: unknown): void => {
  const isNoLongerAwaited =
    error instanceof Error && (error.name === 'TaskTimedOut' || error.name === 'TaskDoesNotExist')
  if (!isNoLongerAwaited) throw error
}
