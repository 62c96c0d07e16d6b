import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { synthAll } from './synth.ts'
import { type Json, listAt } from './templates.testing.ts'
import { deployPolicy, runPolicy } from './user-policies.ts'

const synthesised = synthAll()
const statementsOf = (policy: object): readonly Json[] => listAt(policy as Json, 'Statement')
const actionsOf = (policy: object): readonly string[] =>
  statementsOf(policy).flatMap((statement) => listAt(statement, 'Action').map(String))
const allowed = (policy: object, action: string): readonly RegExp[] =>
  statementsOf(policy)
    .filter((statement) => listAt(statement, 'Action').includes(action))
    .flatMap((statement) => listAt(statement, 'Resource').map(String))
    .map((pattern) => new RegExp(`^${pattern.replaceAll(/[.$?+()[\]]/g, '\\$&').replaceAll('*', '.*')}$`))

/** What whoever destroys does, and no run. */
const stopping = 'bench/live/stop-executions.ts'
const callsOf = (file: string): readonly string[] =>
  // A waiter makes calls too, and no name tells which: one that is not mapped to a permission fails here.
  [...readFileSync(file, 'utf8').matchAll(/\bnew (\w+)Command\(|\bpaginate(\w+)\(|\b(waitUntil\w+)\(/g)].map(
    ([, sent, paginated, waiter]) => sent ?? paginated ?? waiter ?? '',
  )

describe('the policy of whoever deploys', () => {
  it('takes on the roles of the bootstrap and stops executions, and does nothing else', () => {
    expect(deployPolicy(synthesised)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TakeOnTheRolesOfTheBootstrap',
          Effect: 'Allow',
          Action: ['sts:AssumeRole'],
          Resource: ['deploy', 'lookup', 'file-publishing'].map(
            (role) => `arn:aws:iam::ACCOUNT:role/cdk-hnb659fds-${role}-role-ACCOUNT-REGION`,
          ),
        },
        {
          Sid: 'FindTheStateMachines',
          Effect: 'Allow',
          Action: ['cloudformation:ListStackResources'],
          Resource: ['Orchestrated', 'OrchestratedDirect'].map(
            (stack) => `arn:aws:cloudformation:REGION:ACCOUNT:stack/${stack}/*`,
          ),
        },
        {
          Sid: 'SeeWhatRuns',
          Effect: 'Allow',
          Action: ['states:ListExecutions'],
          Resource: ['arn:aws:states:REGION:ACCOUNT:stateMachine:*OrderFlow-*'],
        },
        {
          Sid: 'StopWhatRuns',
          Effect: 'Allow',
          Action: ['states:StopExecution'],
          Resource: ['arn:aws:states:REGION:ACCOUNT:execution:*OrderFlow-*:*'],
        },
      ],
    })
  })

  it('allows every call that stopping makes, and no other beside the roles', () => {
    const names = actionsOf(deployPolicy(synthesised)).map((action) => action.replace(/^\w+:/, ''))
    expect([...callsOf(stopping), 'AssumeRole'].toSorted()).toEqual(names.toSorted())
  })
})

describe('the policy of whoever runs', () => {
  const policy = runPolicy(synthesised)

  it('names every action in full, each once', () => {
    const actions = actionsOf(policy)
    expect(actions.filter((action) => !/^[a-z]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([])
    expect(new Set(actions).size).toBe(actions.length)
  })

  it('names no resource but those of these stacks', () => {
    for (const statement of statementsOf(policy))
      for (const resource of listAt(statement, 'Resource'))
        expect(String(resource)).toMatch(
          /:REGION:ACCOUNT:\S*(Orchestrated|OrchestratedDirect|Choreographed|OrderFlow)\S*[-/]/,
        )
  })

  /** As CloudFormation names what a template gives no name. */
  const physical = (stack: string, id: string): string => `${stack}-${id}-1A2B3C4D5E6F`
  const arns: Readonly<Record<string, (name: string) => string>> = {
    'AWS::Lambda::Function': (name) => `arn:aws:lambda:REGION:ACCOUNT:function:${name}`,
    'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:REGION:ACCOUNT:table/${name}`,
    'AWS::Logs::LogGroup': (name) => `arn:aws:logs:REGION:ACCOUNT:log-group:${name}`,
    'AWS::SQS::Queue': (name) => `arn:aws:sqs:REGION:ACCOUNT:${name}`,
  }
  const reached = (action: string, type: string): readonly string[] =>
    [...Object.entries(synthesised.contestants), ...Object.entries(synthesised.results)].flatMap(
      ([stack, { Resources }]) =>
        Object.entries(Resources)
          .filter(([, resource]) => resource.Type === type)
          .filter(([id]) =>
            allowed(policy, action).some((pattern) => pattern.test(arns[type]?.(physical(stack, id)) ?? '')),
          )
          .map(([id]) => `${stack}/${id}`),
    )
  const countOf = (type: string): number =>
    Object.values(synthesised.contestants)
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter(({ Type }) => Type === type).length

  it('reaches every function and every table of the contestants', () => {
    for (const action of ['lambda:GetFunctionConfiguration', 'lambda:UpdateFunctionConfiguration'])
      expect(reached(action, 'AWS::Lambda::Function')).toHaveLength(countOf('AWS::Lambda::Function'))
    expect(reached('dynamodb:Scan', 'AWS::DynamoDB::Table')).toHaveLength(countOf('AWS::DynamoDB::Table'))
  })

  it('reaches the logs of every function, named by the stack', () => {
    const machines = countOf('AWS::StepFunctions::StateMachine')
    expect(
      reached('logs:FilterLogEvents', 'AWS::Logs::LogGroup').filter((group) => !group.includes('OrderFlow')),
    ).toHaveLength(countOf('AWS::Logs::LogGroup') - machines)
  })

  it('writes to the inventory alone', () => {
    expect(reached('dynamodb:BatchWriteItem', 'AWS::DynamoDB::Table')).toEqual([
      'Orchestrated/InventoryTable',
      'OrchestratedDirect/InventoryTable',
      'Choreographed/InventoryTable',
    ])
  })

  it('sends to the front door and reads the results, and touches no other queue', () => {
    expect(reached('sqs:SendMessage', 'AWS::SQS::Queue')).toEqual(['Choreographed/OrderOnCreateOrderQueue'])
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage'])
      expect(reached(action, 'AWS::SQS::Queue')).toEqual([
        'OrchestratedResults/ResultsQueue',
        'OrchestratedDirectResults/ResultsQueue',
        'ChoreographedResults/ResultsQueue',
      ])
  })

  it('allows every call that a live run makes, and no other', () => {
    const files = [
      'bench/contestants.ts',
      ...readdirSync('bench/live')
        .filter((name) => name.endsWith('.ts') && !/[.](test|testing)[.]ts$/.test(name))
        .map((name) => `bench/live/${name}`)
        .filter((file) => file !== stopping),
    ]
    const calls = files.flatMap(callsOf)
    const names = actionsOf(policy).map((action) => action.replace(/^\w+:/, ''))
    expect([...new Set(calls.map((call) => permissionOf[call] ?? call))].toSorted()).toEqual(names.toSorted())
  })
})

/** Where a permission bears another name than the call. */
const permissionOf: Readonly<Record<string, string>> = {
  BatchWrite: 'BatchWriteItem',
  DeleteMessageBatch: 'DeleteMessage',
}
