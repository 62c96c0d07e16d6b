import {
  LambdaServiceException,
  RequestTooLargeException,
  ResourceNotFoundException,
  type ThrottleReason,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda'
import type { Answer, InvocationAnswer } from '../../world.ts'
import { jsonText, responseRefusal } from './payload.ts'

type Refused = Extract<InvocationAnswer, { readonly ok: false }>

/** The answer to an event that was queued: nothing but that. */
export const queuedOutput: Answer = { ok: true, output: { StatusCode: 202 } }

/** A handler's result as JSON, within the quota of a synchronous answer. */
export const acrossTheWire = (payload: unknown): InvocationAnswer => {
  const text = jsonText(payload)
  const tooLarge = responseRefusal(text)
  return tooLarge === undefined
    ? { ok: true, payload: JSON.parse(text) }
    : { ok: false, errorType: 'Function.ResponseSizeTooLarge', errorMessage: tooLarge, refused: false }
}

const refused = (errorType: string, errorMessage: string): Refused => ({
  ok: false,
  errorType,
  errorMessage,
  refused: true,
})

export const notFound = (functionArn: string): Refused =>
  refused('ResourceNotFoundException', `Function not found: ${functionArn}`)

export const requestTooLarge = (message: string): Refused => refused('RequestTooLargeException', message)

/** An invocation's end in the shape of the API. */
export const invokeOutput = (answer: InvocationAnswer): Answer => {
  if (answer.ok) {
    return { ok: true, output: { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: answer.payload } }
  }
  if (answer.refused) return { ok: false, error: refusalError(answer) }
  const { errorType, errorMessage } = answer
  return {
    ok: true,
    output: {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      FunctionError: 'Unhandled',
      Payload: { errorType, errorMessage },
    },
  }
}

/** As the SDK's own classes: https://docs.aws.amazon.com/botocore/latest/reference/services/lambda/client/exceptions/RequestTooLargeException.html and its neighbours (read 2026-11-25). */
const refusalError = ({ errorType, errorMessage, reason }: Refused): Error =>
  errorsByType[errorType]?.(errorMessage, reason) ??
  new LambdaServiceException({ name: errorType, message: errorMessage, $fault: 'client', $metadata: {} })

const errorsByType: Readonly<Record<string, (message: string, reason: string | undefined) => Error>> = {
  TooManyRequestsException: (message, reason) =>
    new TooManyRequestsException({
      message,
      Reason: reason as ThrottleReason,
      Type: 'User',
      $metadata: { httpStatusCode: 429 },
    }),
  ResourceNotFoundException: (message) =>
    new ResourceNotFoundException({ message, Type: 'User', $metadata: { httpStatusCode: 404 } }),
  RequestTooLargeException: (message) =>
    new RequestTooLargeException({ message, Type: 'User', $metadata: { httpStatusCode: 413 } }),
}
