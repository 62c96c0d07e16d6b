import { describe, expect, it } from 'vitest'
import { commandRoutes } from '../orchestrated/commands.ts'
import {
  at,
  everyDeployed,
  everyTemplate,
  type Json,
  listAt,
  referred,
  resourcesOf,
} from './templates.testing.ts'

interface Grant {
  readonly role: string
  readonly actions: readonly string[]
  readonly resources: readonly Json[]
}

const grantsOf = (...stacks: readonly string[]): readonly Grant[] =>
  resourcesOf('AWS::IAM::Role', ...stacks).flatMap(({ stack, id, properties }) =>
    listAt(properties, 'Policies')
      .flatMap((policy) => listAt(policy, 'PolicyDocument', 'Statement'))
      .map((statement) => ({
        role: `${stack}/${id}`,
        actions: listAt(statement, 'Action').map(String),
        resources: listAt(statement, 'Resource'),
      })),
  )

/** Each wildcard resource, with the reason that there is no narrower one. */
const wildcards: Readonly<Record<string, string>> = {
  'Orchestrated/OrderFlowRole': 'log delivery is set up by account',
  'OrchestratedDirect/OrderFlowRole': 'log delivery is set up by account',
}

describe('the permissions', () => {
  it('name every action in full', () => {
    const actions = grantsOf().flatMap((grant) => grant.actions)
    expect(actions.length).toBeGreaterThan(100)
    expect(actions.filter((action) => !/^[a-z0-9]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([])
  })

  it('name every resource, but for those with a stated reason', () => {
    const wild = grantsOf().filter(({ resources }) =>
      resources.some((resource) => referred(resource) === undefined),
    )
    expect(wild.map(({ role }) => role).toSorted()).toEqual(Object.keys(wildcards).toSorted())
    expect(wild.flatMap(({ actions }) => actions).filter((action) => !action.startsWith('logs:'))).toEqual([])
  })

  it('attach no managed policy', () => {
    for (const { id, properties } of resourcesOf('AWS::IAM::Role'))
      expect(at(properties, 'ManagedPolicyArns'), id).toBeUndefined()
  })

  it('let only the terminal steps of the order service publish, when there is a conductor', () => {
    const announcers = commandRoutes
      .filter(({ announces }) => announces)
      .map(({ command }) => `${command}Role`)
    for (const stack of ['Orchestrated', 'OrchestratedDirect'])
      expect(rolesThatMay('events:PutEvents', stack)).toEqual(announcers.toSorted())
  })

  it('let every function read and write its own table alone', () => {
    const onTables = grantsOf().filter(({ actions }) =>
      actions.some((action) => action.startsWith('dynamodb:')),
    )
    const tables = new Map(
      resourcesOf('AWS::Lambda::Function').map(({ stack, properties }) => [
        `${stack}/${referred(at(properties, 'Role'))}`,
        referred(at(properties, 'Environment', 'Variables', 'TABLE_NAME')),
      ]),
    )
    expect(onTables.map(({ role, resources }) => [role, ...resources.map(referred)])).toEqual([...tables])
    const actionsOn = new Map(onTables.map(({ resources, actions }) => [referred(resources[0]), actions]))
    const records = ['dynamodb:GetItem', 'dynamodb:PutItem']
    expect(Object.fromEntries(actionsOn)).toEqual({
      OrderTable: records,
      InventoryTable: [...records, 'dynamodb:UpdateItem'],
      PaymentTable: records,
      ShippingTable: records,
      NotificationTable: records,
      ViewTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    })
  })

  it('let workers answer for their own state machine alone', () => {
    const answering = grantsOf('Orchestrated').filter(({ actions }) =>
      actions.includes('states:SendTaskSuccess'),
    )
    expect(answering).toHaveLength(commandRoutes.length)
    for (const { actions, resources } of answering) {
      expect(actions).toEqual(['states:SendTaskSuccess', 'states:SendTaskFailure'])
      expect(resources).toEqual([{ Ref: 'OrderFlow' }])
    }
  })

  it('let the direct conductor invoke the ten functions and nothing else', () => {
    const invoking = grantsOf('OrchestratedDirect').filter(({ actions }) =>
      actions.includes('lambda:InvokeFunction'),
    )
    expect(invoking.map(({ role }) => role)).toEqual(['OrchestratedDirect/OrderFlowRole'])
    expect(invoking[0]?.resources.map(referred)).toEqual(
      commandRoutes.map(({ command }) => `${command}Function`),
    )
    expect(resourcesOf('AWS::SQS::Queue', 'OrchestratedDirect')).toEqual([])
    expect(resourcesOf('AWS::Lambda::EventSourceMapping', 'OrchestratedDirect')).toEqual([])
  })

  it('let only reactions put a message off, each in its own queue', () => {
    const hiding = grantsOf().filter(({ actions }) => actions.includes('sqs:ChangeMessageVisibility'))
    expect(hiding).toHaveLength(resourcesOf('AWS::Lambda::Function', 'Choreographed').length)
    for (const { role, resources } of hiding)
      expect(resources.map(referred)).toEqual([role.replace(/^Choreographed\/(.+)Role$/, '$1Queue')])
  })

  it('let the view be read at a deadline alone', () => {
    const reading = grantsOf('Choreographed').filter(
      ({ actions, resources }) =>
        actions.includes('dynamodb:GetItem') && referred(resources[0]) === 'ViewTable',
    )
    expect(reading.map(({ role }) => role)).toEqual(['Choreographed/ViewOnDeadlineRole'])
  })

  it('let only the view set deadlines', () => {
    expect(rolesThatMay('sqs:SendMessage', 'Choreographed')).toEqual([
      'ViewOnAnyEventRole',
      'ViewOnDeadlineRole',
    ])
  })
})

describe('the queue policies', () => {
  it('refuse plain HTTP at every queue', () => {
    for (const [stack] of everyTemplate)
      expect(
        resourcesOf('AWS::SQS::QueuePolicy', stack)
          .filter(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement').some(deniesPlainHttp))
          .map(({ properties }) => referred(at(properties, 'Queues', 0)))
          .toSorted(),
      ).toEqual(
        resourcesOf('AWS::SQS::Queue', stack)
          .map(({ id }) => id)
          .toSorted(),
      )
  })

  it('let EventBridge send for the rule that targets the queue, and for no other', () => {
    const allowed = resourcesOf('AWS::SQS::QueuePolicy').flatMap(({ properties }) =>
      listAt(properties, 'PolicyDocument', 'Statement')
        .filter((statement) => at(statement, 'Effect') === 'Allow')
        .map((statement) => [
          referred(at(statement, 'Condition', 'ArnEquals', 'aws:SourceArn')),
          referred(at(statement, 'Resource')),
        ]),
    )
    const needed = resourcesOf('AWS::Events::Rule').flatMap(({ id, properties }) =>
      listAt(properties, 'Targets').flatMap((target) => [
        [id, referred(at(target, 'Arn'))],
        [id, referred(at(target, 'DeadLetterConfig', 'Arn'))],
      ]),
    )
    expect(needed.length).toBeGreaterThan(0)
    expect(allowed.map(String).toSorted()).toEqual(needed.map(String).toSorted())
  })
})

describe('every statement of every template, wherever it stands,', () => {
  const statements = everyDeployed.flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).flatMap(([id, resource]) =>
      statementsIn(resource as unknown as Json).map((statement) => ({ where: `${stack}/${id}`, statement })),
    ),
  )
  const hasWildcard = (texts: readonly Json[]): boolean => texts.some((text) => String(text).includes('*'))

  it('is looked at', () => {
    expect(statements.length).toBeGreaterThan(250)
  })

  it('allows no action by a wildcard', () => {
    for (const { where, statement } of statements)
      if (at(statement, 'Effect') === 'Allow') {
        expect(hasWildcard(listAt(statement, 'Action')), where).toBe(false)
        expect(at(statement, 'NotAction'), where).toBeUndefined()
        expect(at(statement, 'NotResource'), where).toBeUndefined()
      }
  })

  it('allows no resource by a wildcard, but for those with a stated reason', () => {
    const wild = statements.filter(
      ({ statement }) => at(statement, 'Effect') === 'Allow' && hasWildcard(listAt(statement, 'Resource')),
    )
    expect(wild.map(({ where }) => where).toSorted()).toEqual(Object.keys(wildcards).toSorted())
  })

  it('allows nothing to everybody', () => {
    for (const { where, statement } of statements)
      if (at(statement, 'Effect') === 'Allow')
        expect(JSON.stringify(at(statement, 'Principal') ?? {}), where).not.toContain('*')
  })
})

/** The statements of all policies in a value, at any depth. */
const statementsIn = (value: Json): readonly Json[] =>
  value === null || typeof value !== 'object'
    ? []
    : [
        ...listAt(value, 'Statement').filter((each) => at(each, 'Effect') !== undefined),
        ...Object.values(value).flatMap((inner: Json) => statementsIn(inner)),
      ]

const rolesThatMay = (action: string, stack: string): readonly string[] =>
  grantsOf(stack)
    .filter(({ actions }) => actions.includes(action))
    .map(({ role }) => role.slice(stack.length + 1))
    .toSorted()

const deniesPlainHttp = (statement: Json): boolean =>
  at(statement, 'Effect') === 'Deny' &&
  at(statement, 'Principal') === '*' &&
  at(statement, 'Condition', 'Bool', 'aws:SecureTransport') === 'false'
