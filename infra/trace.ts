import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Providers } from '../shared/providers.ts'
import type { Clients, Clock, Handler } from '../shared/runtime.ts'

/** What a function did in one invocation, told to whoever measures. Times in ms since the Unix epoch. */
interface TraceLine {
  readonly trace: 1
  /** The run that the environment was made for. */
  readonly run: string | undefined
  readonly functionName: string
  readonly cold: boolean
  readonly memoryMiB: number
  readonly requestId: string
  readonly startedMs: number
  readonly endedMs: number
  readonly event: unknown
  readonly result?: unknown
  /** What the handler threw: to whoever invoked it, name and message are its answer. */
  readonly error?: { readonly name: string; readonly message: string }
  readonly calls: readonly TracedCall[]
  readonly providers: readonly TracedCall[]
}

interface TracedCall {
  readonly action: string
  readonly input: unknown
  readonly output?: unknown
  /** Name of the error that it was refused with. */
  readonly error?: string
  /** Requests that the SDK made of it. */
  readonly attempts: number
  readonly startedMs: number
  readonly endedMs: number
}

/** Watches a function: its clients, its providers, its invocations. */
export interface Tracer {
  clients(clients: Clients): Clients
  providers(providers: Providers): Providers
  handler(handler: Handler): LambdaHandler
}

/** What the Lambda runtime calls; the context is Lambda's. */
export type LambdaHandler = (event: unknown, context: unknown) => Promise<unknown>

/**
 * One line of JSON an invocation, with all that the function was given, asked AWS and the providers for, and was
 * answered. The calls themselves stay as they are, but that DynamoDB is asked what it will bill.
 */
export const createTracer = (
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
  write: (line: string, requestId: string) => unknown,
): Tracer => {
  const run = traceTargetOf(env['TRACE'])?.run
  let isCold = true
  let calls: TracedCall[] = []
  let providerCalls: TracedCall[] = []

  const traced = async <Output>(
    told: () => TracedCall[],
    action: string,
    input: unknown,
    work: () => Promise<Output>,
  ): Promise<Output> => {
    const startedMs = clock.nowMs()
    const tell = (end: Partial<TracedCall>, of: unknown): void =>
      void told().push({ action, input, ...end, attempts: attemptsOf(of), startedMs, endedMs: clock.nowMs() })
    try {
      const output = await work()
      tell({ output: withoutMetadata(output) }, output)
      return output
    } catch (error) {
      tell({ output: reasonsOf(error), error: nameOf(error) }, error)
      throw error
    }
  }

  const client = <Client extends { send(command: never): Promise<unknown> }>(real: Client): Client =>
    ({
      send: (command: Command) => {
        const asked = isOfTable(command) ? withCapacity(command) : command
        return traced(
          () => calls,
          actionOf(asked),
          asked.input,
          () => real.send(asked as never),
        )
      },
    }) as unknown as Client

  const provider = <Provider extends object>(real: Provider): Provider =>
    Object.fromEntries(
      Object.entries(real).map(([operation, ask]: [string, (request: unknown) => Promise<unknown>]) => [
        operation,
        (request: unknown) =>
          traced(
            () => providerCalls,
            operation,
            request,
            () => ask(request),
          ),
      ]),
    ) as Provider

  return {
    clients: ({ sfn, eventBridge, sqs, dynamo }) => ({
      sfn: client(sfn),
      eventBridge: client(eventBridge),
      sqs: client(sqs),
      dynamo: client(dynamo),
    }),
    providers: ({ gateway, carrier, mailer }) => ({
      gateway: provider(gateway),
      carrier: provider(carrier),
      mailer: provider(mailer),
    }),
    handler: (handler) => async (event, context) => {
      const cold = isCold
      isCold = false
      calls = []
      providerCalls = []
      const startedMs = clock.nowMs()
      const tell = async (end: Pick<TraceLine, 'result' | 'error'>): Promise<void> => {
        const line: TraceLine = {
          trace: 1,
          run,
          functionName: env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
          cold,
          memoryMiB: Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 0),
          requestId: requestIdOf(context),
          startedMs,
          endedMs: clock.nowMs(),
          event,
          ...end,
          calls,
          providers: providerCalls,
        }
        await write(JSON.stringify(line), line.requestId)
      }
      try {
        const result = await handler(event)
        await tell({ result })
        return result
      } catch (error) {
        await tell({ error: { name: nameOf(error), message: error instanceof Error ? error.message : '' } })
        throw error
      }
    },
  }
}

/** What the variable `TRACE` says: where to tell, `log` or an address, and after a space for which run. */
export const traceTargetOf = (
  variable: string | undefined,
): { readonly to: string; readonly run: string | undefined } | undefined => {
  const [to = '', run] = variable?.split(' ') ?? []
  return to === '' ? undefined : { to, run }
}

/**
 * Lambda cuts a longer line of a log at 262,118 bytes; its JSON format, in which a line is a text in quotes, may double
 * it.
 */
const lineBytesMax = 120_000
/** In Base64, which no quoting makes longer, a third more. */
const partBytesMax = 90_000

/** A line as a log takes it: whole, or in numbered parts where it would be cut. */
export const logLinesOf = (line: string, requestId: string): readonly string[] => {
  const bytes = Buffer.from(line)
  if (bytes.length <= lineBytesMax) return [line]
  const parts = Math.ceil(bytes.length / partBytesMax)
  return Array.from({ length: parts }, (_, part) => {
    const text = bytes.subarray(part * partBytesMax, (part + 1) * partBytesMax).toString('base64')
    return JSON.stringify({ tracePart: 1, requestId, part, parts, text })
  })
}

interface Command {
  readonly input: object
}

/** By identity: a bundler may rename a class. */
const actions = new Map<unknown, string>([
  [SendTaskSuccessCommand, 'SendTaskSuccess'],
  [SendTaskFailureCommand, 'SendTaskFailure'],
  [PutEventsCommand, 'PutEvents'],
  [SendMessageCommand, 'SendMessage'],
  [ChangeMessageVisibilityCommand, 'ChangeMessageVisibility'],
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [UpdateCommand, 'UpdateItem'],
  [TransactWriteCommand, 'TransactWriteItems'],
])

const actionOf = (command: Command): string => actions.get(command.constructor) ?? command.constructor.name

type TableCommand = GetCommand | PutCommand | UpdateCommand | TransactWriteCommand

const isOfTable = (command: Command): command is TableCommand =>
  command instanceof GetCommand ||
  command instanceof PutCommand ||
  command instanceof UpdateCommand ||
  command instanceof TransactWriteCommand

const withCapacity = (command: TableCommand): TableCommand => {
  command.input.ReturnConsumedCapacity = 'TOTAL'
  return command
}

const withoutMetadata = (output: unknown): unknown => {
  if (output === null || typeof output !== 'object') return output
  const { $metadata: _, ...rest } = output as { readonly $metadata?: unknown }
  return rest
}

const attemptsOf = (of: unknown): number => {
  const metadata: unknown = of !== null && typeof of === 'object' ? Reflect.get(of, '$metadata') : undefined
  const attempts: unknown =
    metadata !== null && typeof metadata === 'object' ? Reflect.get(metadata, 'attempts') : undefined
  return typeof attempts === 'number' ? attempts : 1
}

/** Why a transaction was cancelled, item by item; other errors say it by their name. */
const reasonsOf = (error: unknown): unknown =>
  error instanceof Error && 'CancellationReasons' in error
    ? { CancellationReasons: error.CancellationReasons }
    : undefined

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))

const requestIdOf = (context: unknown): string =>
  context !== null && typeof context === 'object' ? String(Reflect.get(context, 'awsRequestId') ?? '') : ''
