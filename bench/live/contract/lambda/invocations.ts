import {
  InvalidRequestContentException,
  InvokeCommand,
  type InvokeCommandOutput,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda'
import { lambdaApi, lambdaGuide } from '../documentation.ts'
import { equal, holds, includes, refused } from '../expectations.ts'
import { arnOf, functionRole, lambdaFunction, queue, refTo } from '../resources.ts'
import { receiveOne } from '../sqs/messages.ts'
import { type Aws, group } from '../statement.ts'

const invoke = (aws: Aws, name: string, payload: unknown, more: object = {}): Promise<InvokeCommandOutput> =>
  aws.lambda.send(
    new InvokeCommand({ FunctionName: aws.named(name), Payload: JSON.stringify(payload), ...more }),
  )

const answerIn = ({ Payload }: InvokeCommandOutput): unknown =>
  JSON.parse(new TextDecoder().decode(Payload ?? new Uint8Array()) || 'null')

const shared = { FunctionRole: functionRole }

export const invocations = group({ stack: 'lambda-invoke', service: 'Lambda', shared }, [
  {
    id: 'answer',
    statement: 'Invoke answers with status code 200 and what the function returned, as JSON',
    documentation: lambdaApi('Invoke'),
    resources: { Echo: lambdaFunction('echo') },
    check: async (aws) => {
      const answer = await invoke(aws, 'Echo', { a: [1, 'x', null] })
      equal([answer.StatusCode, answer.FunctionError], [200, undefined], 'status and error')
      equal(answerIn(answer), { a: [1, 'x', null] }, 'payload')
    },
  },
  {
    id: 'function-error',
    statement:
      'An error of the function is no error of Invoke: 200, FunctionError, and the error in the payload',
    documentation: lambdaApi('Invoke'),
    resources: { Fail: lambdaFunction('fail') },
    check: async (aws) => {
      const answer = await invoke(aws, 'Fail', { error: 'ShopClosed', cause: 'until Monday' })
      equal([answer.StatusCode, answer.FunctionError], [200, 'Unhandled'], 'status and error')
      includes(Object(answerIn(answer)), { errorMessage: 'until Monday' }, 'payload')
    },
  },
  {
    id: 'error-name',
    statement: 'The payload of an error tells the name that the function gave it as errorType',
    documentation: lambdaGuide('nodejs-exceptions'),
    resources: { FailByName: lambdaFunction('fail') },
    check: async (aws) =>
      includes(
        Object(answerIn(await invoke(aws, 'FailByName', { error: 'ShopClosed' }))),
        { errorType: 'ShopClosed' },
        'payload',
      ),
  },
  {
    id: 'timeout',
    statement: 'A function that takes longer than its timeout answers with FunctionError',
    documentation: lambdaGuide('configuration-timeout'),
    resources: { Slow: lambdaFunction('sleep', {}, { Timeout: 1 }) },
    check: async (aws) => {
      const answer = await invoke(aws, 'Slow', { ms: 6000 })
      equal([answer.StatusCode, answer.FunctionError], [200, 'Unhandled'], 'status and error')
    },
  },
  {
    id: 'asynchronous',
    statement: 'Invoke of type Event answers 202 without a payload, and the function is run with the event',
    documentation: lambdaGuide('invocation-async'),
    resources: { Heard: queue(), Witness: lambdaFunction('witness', { TOLD_URL: refTo('Heard') }) },
    check: async (aws) => {
      const answer = await invoke(aws, 'Witness', { n: 3 }, { InvocationType: 'Event' })
      equal([answer.StatusCode, answer.FunctionError], [202, undefined], 'status and error')
      equal(answerIn(answer), null, 'payload')
      equal(JSON.parse((await receiveOne(aws, 'Heard', 20)).Body ?? '{}'), { n: 3 }, 'what it was given')
    },
  },
  {
    id: 'missing-function',
    statement: 'Invoke of a function that is not there is ResourceNotFoundException',
    documentation: lambdaApi('Invoke'),
    resources: { Near: lambdaFunction('echo') },
    check: async (aws) => {
      const FunctionName = `${aws.named('Near')}-not`
      await refused(
        aws.lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' })),
        ResourceNotFoundException,
        'a name without a function',
      )
    },
  },
  {
    id: 'invalid-payload',
    statement: 'Invoke with a payload that is no JSON is InvalidRequestContentException',
    documentation: lambdaApi('Invoke'),
    resources: { Strict: lambdaFunction('echo') },
    check: async (aws) => {
      await refused(
        aws.lambda.send(new InvokeCommand({ FunctionName: aws.named('Strict'), Payload: '{' })),
        InvalidRequestContentException,
        'an open brace',
      )
    },
  },
  {
    id: 'throttled',
    statement: 'A function without concurrency refuses each invocation as TooManyRequestsException',
    documentation: lambdaGuide('configuration-concurrency'),
    resources: { Closed: lambdaFunction('echo', {}, { ReservedConcurrentExecutions: 0 }) },
    check: async (aws) => {
      const error = await refused(invoke(aws, 'Closed', {}), TooManyRequestsException, 'no concurrency')
      equal(Object(error).Reason, 'ReservedFunctionConcurrentInvocationLimitExceeded', 'Reason')
    },
  },
  {
    id: 'on-failure',
    statement: 'An asynchronous event that fails for good goes to the OnFailure destination, with the error',
    documentation: lambdaGuide('invocation-async-retain-records'),
    resources: {
      Undone: queue(),
      FailAsync: lambdaFunction('fail'),
      FailAsyncConfig: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: refTo('FailAsync'),
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: arnOf('Undone') } },
        },
      },
    },
    check: async (aws) => {
      await invoke(aws, 'FailAsync', { error: 'ShopClosed', n: 1 }, { InvocationType: 'Event' })
      const record = Object(JSON.parse((await receiveOne(aws, 'Undone', 20)).Body ?? '{}'))
      includes(
        record.requestContext,
        { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
        'requestContext',
      )
      equal(record.requestPayload, { error: 'ShopClosed', n: 1 }, 'requestPayload')
      includes(record.responseContext, { statusCode: 200, functionError: 'Unhandled' }, 'responseContext')
      includes(record.responsePayload, { errorMessage: 'on purpose' }, 'responsePayload')
    },
  },
  {
    id: 'dead-letter',
    statement:
      'An asynchronous event that fails for good goes to the dead-letter queue as it came, with ErrorMessage',
    documentation: lambdaGuide('invocation-async-retain-records'),
    resources: {
      Lost: queue(),
      FailForGood: lambdaFunction('fail', {}, { DeadLetterConfig: { TargetArn: arnOf('Lost') } }),
      FailForGoodConfig: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: refTo('FailForGood'), Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
      },
    },
    check: async (aws) => {
      await invoke(aws, 'FailForGood', { cause: 'no way', n: 2 }, { InvocationType: 'Event' })
      const { Body = '{}', MessageAttributes = {} } = await receiveOne(aws, 'Lost', 20)
      equal(JSON.parse(Body), { cause: 'no way', n: 2 }, 'the event')
      equal(MessageAttributes['ErrorMessage']?.StringValue, 'no way', 'ErrorMessage')
      for (const name of ['RequestID', 'ErrorCode'])
        holds(MessageAttributes[name]?.StringValue !== undefined, `${name}: expected one`)
    },
  },
])
