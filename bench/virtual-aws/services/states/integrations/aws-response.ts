import type { JsonObject } from '../json.ts'
import { isObject } from '../json.ts'

const httpHeaders = { Connection: 'keep-alive', 'Content-Type': 'application/json' }

/** What Step Functions adds to the answer of an optimized integration; the headers are abridged and constant. */
const sdkMetadata = {
  SdkHttpMetadata: {
    AllHttpHeaders: { Connection: ['keep-alive'], 'Content-Type': ['application/json'] },
    HttpHeaders: httpHeaders,
    HttpStatusCode: 200,
  },
  SdkResponseMetadata: { RequestId: '00000000-0000-4000-8000-000000000000' },
}

/** An SDK output as a task's result: without the client's own metadata, with Step Functions'. */
export const taskResult = (output: unknown): JsonObject => {
  const result: Record<string, unknown> = {}
  // Written out: what is added to a spread object has V8 build a new hidden class each time.
  if (isObject(output))
    for (const name of Object.keys(output)) if (name !== '$metadata') result[name] = output[name]
  result['SdkHttpMetadata'] = sdkMetadata.SdkHttpMetadata
  result['SdkResponseMetadata'] = sdkMetadata.SdkResponseMetadata
  return result
}

/** Errors that a service's model names; AWS reports any other by the general name of the service's exception. */
interface NamedErrors {
  readonly service: string
  readonly named: ReadonlySet<string>
  readonly general: string
}

/** `QueueDoesNotExist` of SQS is `SQS.QueueDoesNotExistException` in a state machine. */
export const serviceErrorName = ({ service, named, general }: NamedErrors, name: string): string => {
  if (!named.has(name)) return `${service}.${general}`
  return `${service}.${name.endsWith('Exception') ? name : `${name}Exception`}`
}

/** The cause, as the older AWS SDK for Java words an error. */
export const serviceErrorCause = (awsName: string, error: Error, status: number): string =>
  `${error.message} (Service: ${awsName}; Status Code: ${status}; Error Code: ${error.name}; Request ID: 00000000-0000-4000-8000-000000000000; Proxy: null)`
