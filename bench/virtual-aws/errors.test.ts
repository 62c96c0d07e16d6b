import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as events from '@aws-sdk/client-eventbridge'
import * as states from '@aws-sdk/client-sfn'
import * as sqs from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import type { ServiceId } from './observer.ts'
import { accessDenied } from './permissions.ts'
import * as eventErrors from './services/event-bus/errors.ts'
import * as queueErrors from './services/queue/errors.ts'
import { sfnErrors } from './services/states/sfn-errors.ts'
import * as tableErrors from './services/table/errors.ts'
import { overQuota } from './throttling.ts'

const arn = 'arn:aws:sqs:eu-west-1:111122223333:Stack-Jobs'

const denied = (service: ServiceId): Error =>
  accessDenied(
    { by: 'Worker', principal: { kind: 'role', arn }, service, action: 'any', input: {} },
    { iamAction: `${service}:Any`, arn },
    '111122223333',
  )

type Maker = (...given: never[]) => unknown

/** What the makers of a module make; what needs more than a word is given it. */
const madeBy = (module: object, given: Readonly<Record<string, readonly unknown[]>> = {}): readonly Error[] =>
  Object.entries(module).flatMap(([name, maker]) => {
    if (typeof maker !== 'function') return []
    const made = (maker as Maker)(...((given[name] ?? ['word', 1, 2, 3]) as never[]))
    return made instanceof Error ? [made] : []
  })

const limits = ['KeyRangeThroughputExceeded', 'AccountLimitExceeded'] as const
const throttled = (['Read', 'Write'] as const).flatMap((operation) =>
  limits.map((limit) => tableErrors.throttled(operation, limit, arn)),
)

/** By service: the SDK's module, the class that all errors of the client have, and every error that is modelled. */
const services = [
  {
    service: 'states',
    module: states,
    Base: states.SFNServiceException,
    errors: [...madeBy(sfnErrors), overQuota('states'), denied('states')],
  },
  {
    service: 'events',
    module: events,
    Base: events.EventBridgeServiceException,
    errors: [...madeBy(eventErrors), overQuota('events'), denied('events')],
  },
  {
    service: 'sqs',
    module: sqs,
    Base: sqs.SQSServiceException,
    errors: [...madeBy(queueErrors), overQuota('sqs'), denied('sqs')],
  },
  {
    service: 'dynamodb',
    module: dynamodb,
    Base: dynamodb.DynamoDBServiceException,
    errors: [
      ...madeBy(tableErrors, {
        transactionCanceled: [[{ Code: 'None' }]],
        throttled: ['Write', limits[0], arn],
      }),
      ...throttled,
      denied('dynamodb'),
    ],
  },
] as const

const each = services.flatMap(({ service, module, Base, errors }) =>
  errors.map((error) => ({ title: `${service}: ${error.name}`, module, Base, error })),
)

/** SQS alone has others than 400. Source: the lists of errors in its API reference (read 2026-11-25). */
const sqsStatus: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  PurgeQueueInProgress: 403,
  RequestThrottled: 403,
  ResourceNotFoundException: 404,
}

describe('an error is what the client of the SDK throws', () => {
  it.each(each)('$title', ({ module, Base, error }) => {
    expect(error).toBeInstanceOf(Base)
    // Where the SDK has a class of that name, the error is of that class; elsewhere the client throws its base class.
    const Class = Reflect.get(module, error.name) as (new (...given: never[]) => Error) | undefined
    if (Class === undefined) expect(Object.getPrototypeOf(error)).toBe(Base.prototype)
    else expect(error).toBeInstanceOf(Class)
    expect(error).toMatchObject({
      $fault: 'client',
      $metadata: { httpStatusCode: (Base === sqs.SQSServiceException && sqsStatus[error.name]) || 400 },
    })
    expect(error.message).not.toBe('')
  })

  it('and there are as many as the services have', () => {
    expect(each.length).toBeGreaterThan(35)
  })
})
