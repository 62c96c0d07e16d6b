import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** What a function of these templates may use. */
export interface Runtime {
  readonly sqs: Pick<SQSClient, 'send'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly sleep: (ms: number) => Promise<void>
}

type Handler = (event: unknown) => Promise<unknown>

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[]
}

/** Answers with what it was given. */
const echo = (): Handler => async (event) => event

/** Throws the error that the event names; without one, a plain Error. */
const fail = (): Handler => async (event) => {
  const { error = 'Error', cause = 'on purpose' } = Object(event) as { error?: string; cause?: string }
  throw Object.assign(new Error(cause), { name: error })
}

/** Answers after as many milliseconds as the event says. */
const sleep =
  ({ sleep: rest }: Runtime): Handler =>
  async (event) => {
    await rest(Number(Object(event).ms))
    return 'rested'
  }

const tell = async ({ sqs, env }: Runtime, event: unknown): Promise<void> => {
  await sqs.send(new SendMessageCommand({ QueueUrl: env['TOLD_URL'], MessageBody: JSON.stringify(event) }))
}

/** Tells the queue of `TOLD_URL` what it was given. */
const witness =
  (runtime: Runtime): Handler =>
  async (event) => {
    await tell(runtime, event)
  }

/** Tells what it was given, and reports the messages that say `fail`, the first time that it gets them. */
const reportFailures =
  (runtime: Runtime): Handler =>
  async (event) => {
    await tell(runtime, event)
    const { Records } = event as SqsEvent
    return {
      batchItemFailures: Records.filter(({ body }) => body.startsWith('fail')).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    }
  }

/** Tells what it was given, and throws if any message says `fail`. */
const failWhole =
  (runtime: Runtime): Handler =>
  async (event) => {
    await tell(runtime, event)
    const { Records } = event as SqsEvent
    if (Records.some(({ body }) => body.startsWith('fail'))) throw new Error('one of them fails')
  }

/** The functions that templates name as `index.NAME`: in the virtual AWS and on the wire the same code. */
export const functions = { echo, fail, sleep, witness, reportFailures, failWhole } satisfies Readonly<
  Record<string, (runtime: Runtime) => Handler>
>
