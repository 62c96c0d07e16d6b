import { describe, expect, it } from 'vitest'
import { accessDenied, createPermissions } from './permissions.ts'
import type { Principal } from './world.ts'

const account = '111122223333'
const roleArn = `arn:aws:iam::${account}:role/Stack-WorkerRole`
const queueArn = `arn:aws:sqs:eu-west-1:${account}:Stack-Jobs`
const tableArn = `arn:aws:dynamodb:eu-west-1:${account}:table/Stack-Table`
const ruleArn = `arn:aws:events:eu-west-1:${account}:rule/Stack-Bus/Stack-Rule`
const role: Principal = { kind: 'role', arn: roleArn }
const rule: Principal = { kind: 'service', name: 'events.amazonaws.com', sourceArn: ruleArn }

const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Statement: [{ Effect: 'Allow', Action, Resource, ...more }],
})

describe('a role', () => {
  const cases = [
    { name: 'the very action and resource', action: 'sqs:SendMessage', resource: queueArn, permitted: true },
    { name: 'another action', action: 'sqs:DeleteMessage', resource: queueArn, permitted: false },
    { name: 'another resource', action: 'sqs:SendMessage', resource: `${queueArn}2`, permitted: false },
    {
      name: 'a list that holds both',
      action: ['sqs:Get*', 'sqs:SendMessage'],
      resource: ['x', queueArn],
      permitted: true,
    },
    { name: 'every action of the service', action: 'sqs:*', resource: queueArn, permitted: true },
    { name: 'actions by prefix', action: 'sqs:Send*', resource: queueArn, permitted: true },
    { name: 'an action in other letters', action: 'SQS:sendmessage', resource: queueArn, permitted: true },
    { name: 'every resource', action: 'sqs:SendMessage', resource: '*', permitted: true },
    {
      name: 'resources by prefix',
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:*:${account}:Stack-*`,
      permitted: true,
    },
    {
      name: 'a resource with one letter open',
      action: 'sqs:SendMessage',
      resource: `${queueArn.slice(0, -1)}?`,
      permitted: true,
    },
    { name: 'a dot that is no wildcard', action: 'sqs.SendMessage', resource: queueArn, permitted: false },
  ]
  it.each(cases)('with $name may send: $permitted', ({ action, resource, permitted }) => {
    const permissions = createPermissions(account)
    permissions.attachToRole(roleArn, allow(action, resource), 'Role')
    expect(permissions.permits(role, 'sqs:SendMessage', queueArn)).toBe(permitted)
  })

  it('without a policy may do nothing', () => {
    expect(createPermissions(account).permits(role, 'sqs:SendMessage', queueArn)).toBe(false)
  })

  it('may do what a policy adds that comes after it was refused', () => {
    const permissions = createPermissions(account)
    permissions.permits(role, 'sqs:SendMessage', queueArn)
    permissions.attachToRole(roleArn, allow('sqs:SendMessage', queueArn), 'Role')
    expect(permissions.permits(role, 'sqs:SendMessage', queueArn)).toBe(true)
  })

  it('may not do what any policy denies', () => {
    const permissions = createPermissions(account)
    permissions.attachToRole(roleArn, allow('sqs:*', '*'), 'Role')
    const denial = { Effect: 'Deny', Action: 'sqs:*', Principal: '*', Resource: queueArn }
    permissions.attachToResource(queueArn, { Statement: [denial] }, 'QueuePolicy')
    expect(permissions.permits(role, 'sqs:SendMessage', queueArn)).toBe(false)
  })

  it('is not stopped by the denial of calls without TLS', () => {
    const permissions = createPermissions(account)
    permissions.attachToRole(roleArn, allow('sqs:*', '*'), 'Role')
    const denial = {
      Effect: 'Deny',
      Action: 'sqs:*',
      Principal: '*',
      Resource: queueArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }
    permissions.attachToResource(queueArn, { Statement: [denial] }, 'QueuePolicy')
    expect(permissions.permits(role, 'sqs:SendMessage', queueArn)).toBe(true)
  })
})

describe('a service', () => {
  const sources = [
    { name: 'its own rule', condition: { ArnEquals: { 'aws:SourceArn': ruleArn } }, permitted: true },
    { name: 'another rule', condition: { ArnEquals: { 'aws:SourceArn': `${ruleArn}2` } }, permitted: false },
    {
      name: 'rules by prefix',
      condition: { ArnLike: { 'aws:SourceArn': `${ruleArn.slice(0, -4)}*` } },
      permitted: true,
    },
    { name: 'its account', condition: { StringEquals: { 'aws:SourceAccount': account } }, permitted: true },
    {
      name: 'another account',
      condition: { StringEquals: { 'aws:SourceAccount': '999' } },
      permitted: false,
    },
    {
      name: 'accounts by prefix',
      condition: { StringLike: { 'aws:SourceAccount': `${account.slice(0, 4)}*` } },
      permitted: true,
    },
    {
      name: 'roles of the account',
      condition: { StringEquals: { 'aws:PrincipalAccount': account } },
      permitted: false,
    },
    { name: 'any source', condition: {}, permitted: true },
  ]
  it.each(sources)('that the queue lets in for $name may send: $permitted', ({ condition, permitted }) => {
    const permissions = createPermissions(account)
    permissions.attachToResource(
      queueArn,
      allow('sqs:SendMessage', queueArn, {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: condition,
      }),
      'QueuePolicy',
    )
    expect(permissions.permits(rule, 'sqs:SendMessage', queueArn)).toBe(permitted)
  })

  it('that the queue does not name may not send', () => {
    const permissions = createPermissions(account)
    const principal = { Principal: { Service: 'sns.amazonaws.com' } }
    permissions.attachToResource(queueArn, allow('sqs:SendMessage', queueArn, principal), 'QueuePolicy')
    expect(permissions.permits(rule, 'sqs:SendMessage', queueArn)).toBe(false)
  })
})

it('the outside caller may do everything', () => {
  expect(createPermissions(account).permits({ kind: 'outside' }, 'sqs:SendMessage', queueArn)).toBe(true)
})

describe('a policy that is not modelled is refused by name:', () => {
  it.each([
    {
      name: 'an element',
      statement: { NotAction: 'sqs:*' },
      says: 'Role: policy element NotAction is not modelled',
    },
    {
      name: 'a condition key',
      statement: { Condition: { StringEquals: { 'aws:SourceIp': '::1' } } },
      says: 'Role: condition key aws:SourceIp is not modelled',
    },
    {
      name: 'a condition operator',
      statement: { Condition: { NumericLessThan: { 'aws:SourceArn': '1' } } },
      says: 'Role: condition operator NumericLessThan is not modelled',
    },
    {
      name: 'a kind of principal',
      statement: { Principal: { Federated: 'x' } },
      says: 'Role: principal Federated is not modelled',
    },
  ])('$name', ({ statement, says }) => {
    const permissions = createPermissions(account)
    expect(() => permissions.attachToRole(roleArn, allow('sqs:*', '*', statement), 'Role')).toThrow(says)
  })
})

describe('a refused call gets the error of AWS:', () => {
  const user = `User: arn:aws:sts::${account}:assumed-role/Stack-WorkerRole/Worker`
  it.each([
    {
      service: 'dynamodb' as const,
      iamAction: 'dynamodb:PutItem',
      arn: tableArn,
      error: 'AccessDeniedException',
      says: `${user} is not authorized to perform: dynamodb:PutItem on resource: ${tableArn} because no identity-based policy allows the dynamodb:PutItem action`,
    },
    {
      service: 'sqs' as const,
      iamAction: 'sqs:SendMessage',
      arn: queueArn,
      error: 'AccessDenied',
      says: `${user} is not authorized to perform: sqs:sendmessage on resource: ${queueArn} because no identity-based policy allows the sqs:sendmessage action`,
    },
  ])('$service: $error', ({ service, iamAction, arn, error, says }) => {
    const request = { by: 'Worker', principal: role, service, action: 'any', input: {} }
    const refusal = accessDenied(request, { iamAction, arn }, account)
    expect(refusal.name).toBe(error)
    expect(refusal.message).toBe(says)
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (read 2026-11-25)
  const denial = (more: object = {}) => allow('sqs:SendMessage', queueArn, { Effect: 'Deny', ...more })
  const toAll = { Principal: '*' }
  const noneAllows = (kind: string) => `because no ${kind} policy allows the sqs:sendmessage action`
  it.each([
    { name: 'nobody allows a role', by: role, says: noneAllows('identity-based') },
    { name: 'nobody allows a service', by: rule, says: noneAllows('resource-based') },
    {
      name: 'the role denies',
      by: role,
      ofRole: denial(),
      says: 'with an explicit deny in an identity-based policy',
    },
    {
      name: 'the queue denies a role',
      by: role,
      ofQueue: denial(toAll),
      says: 'with an explicit deny in a resource-based policy',
    },
    {
      name: 'the queue denies a service',
      by: rule,
      ofQueue: denial(toAll),
      says: 'with an explicit deny in a resource-based policy',
    },
    {
      name: 'the queue denies another',
      by: role,
      ofQueue: denial({ Principal: { AWS: `${roleArn}2` } }),
      says: noneAllows('identity-based'),
    },
    {
      name: 'both deny',
      by: role,
      ofRole: denial(),
      ofQueue: denial(toAll),
      says: 'with an explicit deny in an identity-based policy',
    },
  ])('$name: $says', ({ by, ofRole, ofQueue, says }) => {
    const permissions = createPermissions(account)
    if (ofRole !== undefined) permissions.attachToRole(roleArn, ofRole, 'Role')
    if (ofQueue !== undefined) permissions.attachToResource(queueArn, ofQueue, 'QueuePolicy')
    const target = { iamAction: 'sqs:SendMessage', arn: queueArn }
    const deniedIn = permissions.deniedIn(by, target.iamAction, queueArn)
    const request = { by: 'Worker', principal: by, service: 'sqs' as const, action: 'any', input: {} }
    expect(permissions.permits(by, target.iamAction, queueArn)).toBe(false)
    const { message } = accessDenied(request, target, account, deniedIn)
    expect(message).toContain(`sqs:sendmessage on resource: ${queueArn} ${says}`)
    expect(message.endsWith(says)).toBe(true)
  })
})
