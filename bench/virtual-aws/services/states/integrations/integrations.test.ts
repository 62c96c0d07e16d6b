import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../world.ts'
import { createTestWorld, runDefinition } from '../testing.ts'
import type { Integration } from './integration.ts'

const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:Work'

const task = (resource: string, given: unknown) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource: resource, Arguments: given, End: true } },
})

const run = async (resource: string, given: unknown, answer: Answer) => {
  const test = createTestWorld({ answer: () => answer, answerMs: 10 })
  const { execution } = await runDefinition(test, task(resource, given), { id: 7 })
  return { execution, call: test.calls[0] }
}

const refused = (name: string, message = 'no'): Answer => ({
  ok: false,
  error: Object.assign(new Error(message), { name }),
})
const returned = (Payload: unknown): Answer => ({ ok: true, output: { StatusCode: 200, Payload } })
const failed = (Payload: unknown): Answer => ({
  ok: true,
  output: { StatusCode: 200, FunctionError: 'Unhandled', Payload },
})

describe('lambda:invoke', () => {
  const resource = 'arn:aws:states:::lambda:invoke'
  const given = { FunctionName: functionArn, Payload: { order: '{% $states.input.id %}' } }

  it('calls the function with its payload and gives the payload in the shape of the API', async () => {
    const { execution, call } = await run(resource, given, returned({ id: 'f1' }))
    expect(call).toMatchObject({
      service: 'lambda',
      action: 'Invoke',
      input: { FunctionName: functionArn, Payload: { order: 7 } },
    })
    expect(execution.output).toMatchObject({
      ExecutedVersion: '$LATEST',
      Payload: { id: 'f1' },
      StatusCode: 200,
    })
  })

  it.each([
    {
      what: 'an error that the handler threw',
      payload: { errorType: 'PaymentDeclined', errorMessage: 'limit' },
      error: 'PaymentDeclined',
    },
    {
      what: 'a function that timed out',
      payload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 10.00 seconds' },
      error: 'Sandbox.Timedout',
    },
    {
      what: 'a runtime that died',
      payload: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited' },
      error: 'Runtime.ExitError',
    },
  ])('names $what as the runtime reported it: $error', async ({ payload, error }) => {
    const { execution } = await run(resource, given, failed(payload))
    expect(execution.failure).toEqual({ error, cause: JSON.stringify(payload) })
  })

  it('names a failure without a type Lambda.Unknown', async () => {
    const { execution } = await run(resource, given, failed({ errorMessage: 'Task timed out' }))
    expect(execution.failure?.error).toBe('Lambda.Unknown')
  })

  it.each([
    { name: 'TooManyRequestsException', error: 'Lambda.TooManyRequestsException' },
    { name: 'ResourceNotFoundException', error: 'Lambda.ResourceNotFoundException' },
    { name: 'ServiceException', error: 'Lambda.ServiceException' },
    { name: 'AccessDeniedException', error: 'Lambda.AWSLambdaException' },
  ])('reports the service error $name as $error', async ({ name, error }) => {
    const { execution } = await run(resource, given, refused(name))
    expect(execution.failure?.error).toBe(error)
  })

  it('refuses a result of more than 256 KiB', async () => {
    const { execution } = await run(resource, given, returned('x'.repeat(262_144)))
    expect(execution.failure).toEqual({
      error: 'States.DataLimitExceeded',
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    })
  })
})

describe('A parameter that AWS knows', () => {
  it.each([
    { resource: 'lambda:invoke', parameter: 'Qualifier' },
    { resource: 'sqs:sendMessage', parameter: 'MessageSystemAttributes' },
    { resource: 'states:startExecution', parameter: 'TraceHeader' },
  ])('and nobody modelled is refused by name, not as AWS refuses: $parameter', async (asked) => {
    const { resource, parameter } = asked
    await expect(run(`arn:aws:states:::${resource}`, { [parameter]: 'x' }, returned(1))).rejects.toThrow(
      `/States/Work/Arguments: the parameter '${parameter}' is not modelled`,
    )
  })
})

describe('A result that is too large', () => {
  it.each([
    { resource: 'arn:aws:states:::lambda:invoke', name: 'lambda' },
    { resource: 'arn:aws:states:::batch:submitJob.sync:2', name: 'batch' },
    { resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem', name: 'aws-sdk:dynamodb' },
    { resource: functionArn, name: functionArn },
    { resource: `${functionArn}:live`, name: `${functionArn}:live` },
  ])('is told of $resource by the name $name', async ({ resource, name }) => {
    const integration = (): Integration => ({
      waitsForToken: false,
      parameters: undefined,
      call: (_, done) => done({ ok: true, output: 'x'.repeat(262_144) }),
    })
    const definition = { StartAt: 'Call', States: { Call: { Type: 'Task', Resource: resource, End: true } } }
    const { execution } = await runDefinition(createTestWorld(), definition, {}, { integration })
    expect(execution.failure?.cause).toBe(
      `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    )
  })
})

describe('A function as the resource of a task', () => {
  it('gets the arguments as its payload, and its result is the result of the task', async () => {
    const { execution, call } = await run(functionArn, { order: 7 }, returned({ id: 'f1' }))
    expect(call?.input).toEqual({ FunctionName: functionArn, Payload: { order: 7 } })
    expect(execution.output).toEqual({ id: 'f1' })
  })
})

describe('sqs:sendMessage', () => {
  const resource = 'arn:aws:states:::sqs:sendMessage'
  const given = { QueueUrl: 'https://sqs/q', MessageBody: { a: 1 } }

  it('sends a body that is no string as JSON, and gives the answer of SQS', async () => {
    const sent: Answer = { ok: true, output: { MessageId: 'm-1', MD5OfMessageBody: 'd', $metadata: {} } }
    const { execution, call } = await run(resource, given, sent)
    expect(call?.input).toEqual({ QueueUrl: 'https://sqs/q', MessageBody: '{"a":1}' })
    expect(execution.output).toMatchObject({ MessageId: 'm-1', MD5OfMessageBody: 'd' })
    expect(execution.output).not.toHaveProperty('$metadata')
  })

  it.each([
    { name: 'QueueDoesNotExist', error: 'SQS.QueueDoesNotExistException' },
    { name: 'AccessDenied', error: 'SQS.AmazonSQSException' },
  ])('reports $name as $error', async ({ name, error }) => {
    const { execution } = await run(resource, given, refused(name))
    expect(execution.failure?.error).toBe(error)
  })
})

describe('events:putEvents', () => {
  const resource = 'arn:aws:states:::events:putEvents'
  const given = { Entries: [{ Source: 's', DetailType: 'T', Detail: { a: 1 }, EventBusName: 'bus' }] }

  it('sends details as JSON and adds the execution and the machine to the resources', async () => {
    const { execution, call } = await run(resource, given, {
      ok: true,
      output: { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] },
    })
    const { arn, machine } = execution
    expect(call?.input).toEqual({
      Entries: [
        {
          Source: 's',
          DetailType: 'T',
          Detail: '{"a":1}',
          EventBusName: 'bus',
          Resources: [arn, machine.arn],
        },
      ],
    })
    expect(execution.output).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] })
  })

  it('fails when one entry fails', async () => {
    const output = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
    }
    const { execution } = await run(resource, given, { ok: true, output })
    expect(execution.failure?.error).toBe('EventBridge.FailedEntry')
    expect(JSON.parse(execution.failure?.cause ?? '')).toEqual(output)
  })
})
