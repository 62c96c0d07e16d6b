import { InvalidRequestContentException, InvokeCommand } from '@aws-sdk/client-lambda'
import { jsonText } from './payload.ts'

/** What both sides of it have: the SDK's `send`. */
interface Sender {
  send(command: object): Promise<never>
}

/** Lambda's client: payloads of Invoke are JSON as text or bytes to a handler, and values inside of the virtual AWS. */
export const invokeClient = (inner: Sender): Sender => ({
  send: async (command) => {
    if (!(command instanceof InvokeCommand)) return inner.send(command)
    const output: object = await inner.send(withValue(command))
    return ('Payload' in output ? { ...output, Payload: bytesOf(output.Payload) } : output) as never
  },
})

const withValue = ({ input }: InvokeCommand): InvokeCommand => {
  const { Payload } = input
  if (Payload === undefined) return new InvokeCommand(input)
  const text = typeof Payload === 'string' ? Payload : new TextDecoder().decode(Payload as Uint8Array)
  return new InvokeCommand({ ...input, Payload: parsed(text) as Uint8Array })
}

/** Source: https://docs.aws.amazon.com/botocore/latest/reference/services/lambda/client/exceptions/InvalidRequestContentException.html (read 2026-11-25); the wording is as recalled. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidRequestContentException({
      message: `Could not parse request body into json: ${cause instanceof Error ? cause.message : cause}`,
      Type: 'User',
      $metadata: { httpStatusCode: 400 },
    })
  }
}

/** As the SDK gives it: bytes that can be read as text. */
const bytesOf = (value: unknown): Uint8Array & { transformToString(): string } => {
  const text = jsonText(value)
  return Object.assign(new TextEncoder().encode(text), { transformToString: () => text })
}
