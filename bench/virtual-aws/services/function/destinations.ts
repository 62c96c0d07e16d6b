import type { Answer, Principal, ServiceCall, World } from '../../world.ts'
import type { FunctionIdentity } from './environment.ts'

/** Where records of asynchronous invocations and discarded events are sent, as the role of the function. */
export class Destinations {
  readonly #world: World
  readonly #by: string
  readonly #principal: Principal

  constructor(world: World, identity: FunctionIdentity) {
    this.#world = world
    this.#by = identity.functionId
    this.#principal = { kind: 'role', arn: identity.settings.roleArn }
  }

  /**
   * Sends an invocation record in the form that the kind of destination takes. Source:
   * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html (read 2026-11-25).
   */
  sendRecord(arn: string, record: InvocationRecord, done: (failure: string | undefined) => void): void {
    const [, , service] = arn.split(':')
    if (service === 'sqs') this.#sendMessage(arn, { MessageBody: JSON.stringify(record) }, done)
    else if (service === 'events') this.#call('events', 'PutEvents', eventOf(arn, record), done)
    else {
      const input = { FunctionName: arn, InvocationType: 'Event', Payload: record }
      this.#call('lambda', 'Invoke', input, done)
    }
  }

  /** Sends an event as it is to a dead-letter queue, with what went wrong as attributes. Same source. */
  sendEvent(
    arn: string,
    event: { readonly text: string; readonly attributes: Readonly<Record<string, unknown>> },
    done: (failure: string | undefined) => void,
  ): void {
    this.#sendMessage(arn, { MessageBody: event.text, MessageAttributes: event.attributes }, done)
  }

  #sendMessage(arn: string, message: object, done: (failure: string | undefined) => void): void {
    const url = this.#world.queues.urlOf(arn)
    if (url === undefined) done('QueueDoesNotExist')
    else this.#call('sqs', 'SendMessage', { QueueUrl: url, ...message }, done)
  }

  #call(
    service: ServiceCall['service'],
    action: string,
    input: ServiceCall['input'],
    done: (failure: string | undefined) => void,
  ): void {
    const request = { by: this.#by, principal: this.#principal, service, action, input }
    this.#world.call(request, (answer) => done(failureIn(answer)))
  }
}

const actionsByService: Readonly<Record<string, string>> = {
  sqs: 'sqs:SendMessage',
  events: 'events:PutEvents',
  lambda: 'lambda:InvokeFunction',
}

/** The permission that the role of the function needs. */
export const destinationAction = (arn: string): string => actionsByService[arn.split(':')[2] ?? ''] ?? ''

/** What a destination is told of an invocation. */
export interface InvocationRecord {
  readonly version: '1.0'
  readonly timestamp: string
  readonly requestContext: {
    readonly requestId: string
    readonly functionArn: string
    readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded'
    readonly approximateInvokeCount: number
  }
  readonly requestPayload: unknown
  /** Absent when the function was never run. */
  readonly responseContext?: {
    readonly statusCode: 200
    readonly executedVersion: '$LATEST'
    readonly functionError?: 'Unhandled'
  }
  readonly responsePayload?: unknown
}

const eventOf = (busArn: string, record: InvocationRecord): ServiceCall['input'] => {
  const { functionArn, condition } = record.requestContext
  const result = condition === 'Success' ? 'Success' : 'Failure'
  return {
    Entries: [
      {
        EventBusName: busArn,
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${result}`,
        Resources: [functionArn, busArn],
        Detail: JSON.stringify(record),
      },
    ],
  }
}

/** An event that the bus did not take fails the delivery as well. */
const failureIn = (answer: Answer): string | undefined => {
  if (!answer.ok) return answer.error.name
  const { Entries } = answer.output as { readonly Entries?: readonly { readonly ErrorCode?: string }[] }
  return Entries?.[0]?.ErrorCode
}
