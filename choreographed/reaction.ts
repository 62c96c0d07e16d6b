import { receivesOf, required } from '../shared/batch.ts'
import type { Request } from '../shared/idempotent.ts'
import type { Envelope } from '../shared/messages/envelope.ts'
import type { CommandName, MessageName } from '../shared/messages/names.ts'
import type { DataOf } from '../shared/messages/registry.ts'
import { atEndOfPatience, hasRunOut } from '../shared/patience.ts'
import { publish } from '../shared/publish.ts'
import type { FunctionEntry } from '../shared/runtime.ts'
import { obey } from '../shared/services/directory.ts'
import { listener, reading } from './listener.ts'

/** What a service gives itself to do when it hears of something. */
type Task = { [Name in CommandName]: { readonly type: Name; readonly data: DataOf<Name> } }[CommandName]

/** A reaction: hear of `on`, do one step of one's own, publish what came of it. Nobody is answered. */
export const reaction =
  <On extends MessageName>(on: On, taskOf: (message: Envelope<On>) => Task): FunctionEntry =>
  (clients, env, providers, clock) => {
    const messageIn = reading([on])
    const desk = { dynamo: clients.dynamo, name: required(env, 'TABLE_NAME'), clock, providers }
    const busName = required(env, 'BUS_NAME')
    return listener(clients, env, async (record) => {
      const message = messageIn(record)
      const { type, data } = taskOf(message)
      const { subject: orderId, id: causeId } = message
      // Field by field: each object that is spread and then added to would have a shape of its own.
      const request = { type, orderId, data, causeId, attempt: receivesOf(record) } as Request
      const fact = await obey(
        request,
        desk,
        () => mayGiveUp(request.type) && hasRunOut(message.time, clock.nowMs()),
      )
      await publish(clients.eventBridge, busName, fact)
    })
  }

/** With nobody in charge, the service itself fences off what it gives up, and tells of the refusal. */
const mayGiveUp = (step: CommandName): boolean => atEndOfPatience[step] !== 'never'
