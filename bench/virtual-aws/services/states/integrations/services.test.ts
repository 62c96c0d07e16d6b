import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { InvalidDefinition } from '../definition/invalid.ts'
import { accountId, deployMachines, inJsonata, queue, type Surroundings } from '../machines.testing.ts'

const table: NonNullable<Surroundings['resources']> = {
  JobTable: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  },
}
const TableName = 'Stack-JobTable'
const Key = { pk: { S: 'one' } }
const integration = (name: string): string => `arn:aws:states:::${name}`

const task = (name: string, Arguments: unknown) => ({
  Type: 'Task',
  Resource: integration(name),
  Arguments,
})

/** Runs one task by itself; its output, or why it failed. */
const run = async (name: string, given: unknown, surroundings: Surroundings = {}) => {
  const machines = deployMachines(
    {
      Flow: inJsonata({ Work: { ...task(name, given), End: true } }),
      Other: inJsonata({ Done: { Type: 'Succeed' } }),
    },
    { resources: table, ...surroundings },
  )
  machines.stack.table(TableName).put({ pk: 'old', count: 7, tags: ['a', 1, true, null, { b: 2 }] })
  const { executionArn } = await machines.send(
    new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), input: '{"id":7}' }),
  )
  await machines.pass(5_000)
  const described = await machines.send(new DescribeExecutionCommand({ executionArn: String(executionArn) }))
  const { output, error, cause } = described as Readonly<Record<string, string | undefined>>
  return {
    machines,
    output: output === undefined ? undefined : (JSON.parse(output) as Readonly<Record<string, unknown>>),
    error,
    cause: cause?.replace(/Request ID: [^;]*;/, 'Request ID: …;'),
  }
}

const cause = (service: string, code: string, what: string): string =>
  `${what} (Service: ${service}; Status Code: 400; Error Code: ${code}; Request ID: …; Proxy: null)`

const dynamoCause = (code: string, what: string): string => cause('AmazonDynamoDBv2', code, what)

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html (read 2026-11-25)
describe('dynamodb:getItem, putItem, updateItem and deleteItem', () => {
  it('put an item in the form of DynamoDB, and give its metadata as the result', async () => {
    const Item = {
      ...Key,
      count: { N: '3' },
      isOpen: { BOOL: true },
      none: { NULL: true },
      lines: { L: [{ S: 'a' }, { M: { sku: { S: 'b' } } }] },
    }
    const { output, machines } = await run('dynamodb:putItem', { TableName, Item })
    expect(machines.stack.table(TableName).item('one')).toEqual({
      pk: 'one',
      count: 3,
      isOpen: true,
      none: null,
      lines: ['a', { sku: 'b' }],
    })
    expect(output).toMatchObject({ SdkHttpMetadata: { HttpStatusCode: 200 } })
  })

  it('get an item in the form of DynamoDB; one that is not there is missing in the result', async () => {
    const found = await run('dynamodb:getItem', { TableName, Key: { pk: { S: 'old' } } })
    expect(found.output?.['Item']).toEqual({
      pk: { S: 'old' },
      count: { N: '7' },
      tags: { L: [{ S: 'a' }, { N: '1' }, { BOOL: true }, { NULL: true }, { M: { b: { N: '2' } } }] },
    })
    const missing = await run('dynamodb:getItem', { TableName, Key })
    expect(missing.output).not.toHaveProperty('Item')
  })

  it('update an item, with expressions', async () => {
    const { output } = await run('dynamodb:updateItem', {
      TableName,
      Key: { pk: { S: 'old' } },
      UpdateExpression: 'SET #count = #count + :more',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':more': { N: '5' } },
      ReturnValues: 'ALL_NEW',
    })
    expect(output?.['Attributes']).toMatchObject({ pk: { S: 'old' }, count: { N: '12' } })
  })

  it('delete an item', async () => {
    const { machines } = await run('dynamodb:deleteItem', { TableName, Key: { pk: { S: 'old' } } })
    expect(machines.stack.table(TableName).item('old')).toBeUndefined()
  })

  it.each([
    {
      what: 'a condition that does not hold',
      given: { TableName, Item: { pk: { S: 'old' } }, ConditionExpression: 'attribute_not_exists(pk)' },
      error: 'DynamoDB.ConditionalCheckFailedException',
      says: dynamoCause('ConditionalCheckFailedException', 'The conditional request failed'),
    },
    // The next three: as recorded on AWS.
    {
      what: 'a table that does not exist',
      given: { TableName: 'None', Item: Key },
      error: 'DynamoDB.ResourceNotFoundException',
      says: dynamoCause('ResourceNotFoundException', 'Requested resource not found'),
    },
    {
      what: 'an item that is null',
      given: { TableName, Item: null },
      error: 'DynamoDB.AmazonDynamoDBException',
      says: dynamoCause(
        'ValidationException',
        "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
      ),
    },
    {
      what: 'a table name with a slash',
      given: { TableName: '/None', Item: Key },
      error: 'DynamoDB.AmazonDynamoDBException',
      says: dynamoCause(
        'ValidationException',
        "1 validation error detected: Value '/None' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
      ),
    },
  ])('fail for $what as $error', async ({ given, error, says }) => {
    expect(await run('dynamodb:putItem', given)).toMatchObject({ error, cause: says })
  })

  it.each([
    { what: 'plain text', Item: { pk: 'one' } },
    { what: 'a number that is no text', Item: { pk: { S: 'one' }, count: { N: 1 } } },
    { what: 'two types at once', Item: { pk: { S: 'one', N: '1' } } },
    { what: 'a type that does not exist', Item: { pk: { X: 'one' } } },
  ])('fail as States.Runtime for an attribute value that is $what', async ({ Item }) => {
    const { error, cause: says } = await run('dynamodb:putItem', { TableName, Item })
    expect(error).toBe('States.Runtime')
    expect(says).toContain('could not be used to start the Task')
  })

  it('are refused at deploy with a parameter that they do not support, and with a token', async () => {
    const given = { TableName, Item: Key, Condition: 'x' }
    await expect(run('dynamodb:putItem', given)).rejects.toThrow(InvalidDefinition)
    await expect(run('dynamodb:putItem.waitForTaskToken', { TableName, Item: Key })).rejects.toThrow()
  })

  it("ask for what the machine's role may do, and fail in AWS's words where it may not", async () => {
    const { error, cause: says } = await run(
      'dynamodb:putItem',
      { TableName, Item: Key },
      { allowed: ['dynamodb:GetItem'] },
    )
    expect(error).toBe('DynamoDB.AmazonDynamoDBException')
    expect(says).toContain(
      `is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:${accountId}:table/Stack-JobTable because no identity-based policy allows the dynamodb:PutItem action`,
    )
  })
})

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html (read 2026-11-25)
describe('states:startExecution', () => {
  const StateMachineArn = `arn:aws:states:eu-west-1:${accountId}:stateMachine:Stack-Other`

  it('starts an execution of another machine and goes on, with its ARN and start date', async () => {
    const { output, machines } = await run('states:startExecution', {
      StateMachineArn,
      Name: 'child',
      Input: { order: '{% $states.input.id %}' },
    })
    const executionArn = `arn:aws:states:eu-west-1:${accountId}:execution:Stack-Other:child`
    expect(output).toMatchObject({
      ExecutionArn: executionArn,
      StartDate: expect.stringMatching(/^2026-01-05T.*Z$/),
      SdkHttpMetadata: { HttpStatusCode: 200 },
    })
    const child = await machines.send(new DescribeExecutionCommand({ executionArn }))
    expect(child).toMatchObject({ status: 'SUCCEEDED', input: '{"order":7}' })
  })

  it.each([
    {
      what: 'a machine that does not exist',
      given: { StateMachineArn: `${StateMachineArn}2` },
      error: 'StepFunctions.StateMachineDoesNotExistException',
      says: cause(
        'AWSStepFunctions',
        'StateMachineDoesNotExist',
        `State Machine Does Not Exist: '${StateMachineArn}2'`,
      ),
    },
    {
      what: 'a name that may not be',
      given: { StateMachineArn, Name: 'a b' },
      error: 'StepFunctions.InvalidNameException',
      says: cause('AWSStepFunctions', 'InvalidName', "Invalid Name: 'a b'"),
    },
  ])('fails for $what as $error', async ({ given, error, says }) => {
    expect(await run('states:startExecution', given)).toMatchObject({ error, cause: says })
  })

  it("asks for states:StartExecution of the machine's role", async () => {
    const { error, cause: says } = await run(
      'states:startExecution',
      { StateMachineArn },
      { allowed: ['sqs:*'] },
    )
    expect(error).toBe('StepFunctions.AWSStepFunctionsException')
    expect(says).toContain(
      `is not authorized to perform: states:StartExecution on resource: ${StateMachineArn} because no identity-based policy allows the states:StartExecution action`,
    )
  })
})

describe('events:putEvents', () => {
  it('gives what EventBridge answered and nothing else: so recorded on AWS', async () => {
    const Entries = [{ Source: 'orders', DetailType: 'OrderCreated', Detail: { id: 7 } }]
    const { output } = await run('events:putEvents', { Entries })
    expect(output).toEqual({ Entries: [{ EventId: expect.any(String) }], FailedEntryCount: 0 })
  })
})

describe('A Resource', () => {
  it.each(['sns:publish', 'states:startExecution.sync:2', 'aws-sdk:s3:getObject', 'http:invoke'])(
    'that AWS knows and is not modelled is refused by name: %s',
    (name) => {
      const states = { Work: { ...task(name, {}), End: true } }
      expect(() => deployMachines({ Flow: inJsonata(states) }, { resources: queue })).toThrow(
        `the Resource ${integration(name)} is not modelled`,
      )
    },
  )

  it("that AWS does not know is refused in AWS's words", () => {
    const states = { Work: { ...task('sqs:sendLetter', {}), End: true } }
    expect(() => deployMachines({ Flow: inJsonata(states) })).toThrow(
      'The resource provided arn:aws:states:::sqs:sendLetter is not recognized.',
    )
  })
})
