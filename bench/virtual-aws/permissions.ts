import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { AccessDeniedException as EventBridgeAccessDenied } from '@aws-sdk/client-eventbridge'
import { LambdaServiceException } from '@aws-sdk/client-lambda'
import { SFNServiceException } from '@aws-sdk/client-sfn'
import { SQSServiceException } from '@aws-sdk/client-sqs'
import type { ServiceId } from './observer.ts'
import { NotModelled } from './services/properties.ts'
import type { PolicyKind, Principal, ServiceCall } from './world.ts'

/** Answers remembered before they are forgotten all at once: executions have ARNs of their own, without end. */
const rememberedMax = 100_000

/** Who may do what: identity policies of roles, and the policies of resources. */
export interface Permissions {
  /** `document` with intrinsics resolved; `origin` names the template's resource in refusals. */
  attachToRole(roleArn: string, document: unknown, origin: string): void
  attachToResource(resourceArn: string, document: unknown, origin: string): void
  /** Takes away what was attached under that origin. */
  detach(origin: string): void
  permits(principal: Principal, iamAction: string, arn: string): boolean
  /** Of what is refused: the kind of the policies that deny it, undefined when it is only that none allows it. */
  deniedIn(principal: Principal, iamAction: string, arn: string): PolicyKind | undefined
}

interface Statement {
  readonly origin: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly RegExp[]
  /** Undefined in a resource policy without `Resource`: the resource itself. */
  readonly resources: readonly RegExp[] | undefined
  readonly principals: readonly string[]
  readonly conditions: readonly Condition[]
}

interface Condition {
  readonly key: string
  readonly matches: (value: string | undefined) => boolean
}

/** What → action → answer. */
type Answers = Map<string, Map<string, boolean>>

type CheckedPrincipal = Exclude<Principal, { kind: 'outside' }>

type Facts = Readonly<Record<string, string | undefined>>

export const createPermissions = (accountId: string): Permissions => new PolicyBook(accountId)

class PolicyBook implements Permissions {
  readonly #accountId: string
  readonly #ofRole = new Map<string, Statement[]>()
  readonly #ofResource = new Map<string, Statement[]>()
  /** Role → what → action → answer. Forgotten when a policy changes. */
  readonly #ofRoles: Map<string, Answers> = new Map()
  /** Service → source → what → action → answer. */
  readonly #ofServices: Map<string, Map<string, Answers>> = new Map()
  #rememberedCount = 0

  constructor(accountId: string) {
    this.#accountId = accountId
  }

  attachToRole(roleArn: string, document: unknown, origin: string): void {
    this.#attach(this.#ofRole, roleArn, document, origin)
  }

  attachToResource(resourceArn: string, document: unknown, origin: string): void {
    this.#attach(this.#ofResource, resourceArn, document, origin)
  }

  #attach(policies: Map<string, Statement[]>, arn: string, document: unknown, origin: string): void {
    const known = policies.get(arn) ?? []
    policies.set(arn, [...known, ...readPolicy(document, origin)])
    this.#forget()
  }

  detach(origin: string): void {
    for (const policies of [this.#ofRole, this.#ofResource])
      for (const [arn, statements] of policies)
        policies.set(
          arn,
          statements.filter((statement) => statement.origin !== origin),
        )
    this.#forget()
  }

  permits(principal: Principal, iamAction: string, arn: string): boolean {
    if (principal.kind === 'outside') return true
    const byTarget =
      principal.kind === 'role'
        ? entryOf(this.#ofRoles, principal.arn)
        : entryOf(entryOf(this.#ofServices, principal.name), principal.sourceArn)
    const byAction = entryOf(byTarget, arn)
    const known = byAction.get(iamAction)
    if (known !== undefined) return known
    const answer = this.#decide(principal, iamAction, arn)
    byAction.set(iamAction, answer)
    this.#rememberedCount += 1
    if (this.#rememberedCount >= rememberedMax) this.#forget()
    return answer
  }

  #forget(): void {
    this.#ofRoles.clear()
    this.#ofServices.clear()
    this.#rememberedCount = 0
  }

  /** AWS names one kind where both deny, and does not say which. */
  deniedIn(principal: Principal, iamAction: string, arn: string): PolicyKind | undefined {
    if (principal.kind === 'outside') return undefined
    const { ofRole, ofResource } = this.#applying(principal, iamAction, arn)
    if (ofRole.some(denies)) return 'identity-based'
    return ofResource.some(denies) ? 'resource-based' : undefined
  }

  /** Within one account either side may allow, and an explicit denial of either side wins. */
  #decide(principal: CheckedPrincipal, iamAction: string, arn: string): boolean {
    const { ofRole, ofResource } = this.#applying(principal, iamAction, arn)
    const applying = [...ofRole, ...ofResource]
    return applying.length > 0 && !applying.some(denies)
  }

  #applying(principal: CheckedPrincipal, iamAction: string, arn: string) {
    const ofRole = principal.kind === 'role' ? (this.#ofRole.get(principal.arn) ?? []) : []
    const ofResource = this.#ofResource.get(arn) ?? []
    const facts = this.#factsOf(principal)
    return {
      ofRole: ofRole.filter((statement) => applies(statement, iamAction, arn, facts)),
      ofResource: ofResource.filter(
        (statement) => namesPrincipal(statement, principal) && applies(statement, iamAction, arn, facts),
      ),
    }
  }

  #factsOf(principal: Principal): Facts {
    const secure = { 'aws:SecureTransport': 'true' }
    if (principal.kind !== 'service') return { ...secure, 'aws:PrincipalAccount': this.#accountId }
    return { ...secure, 'aws:SourceArn': principal.sourceArn, 'aws:SourceAccount': this.#accountId }
  }
}

const entryOf = <Key, Value>(maps: Map<string, Map<Key, Value>>, key: string): Map<Key, Value> => {
  let map = maps.get(key)
  if (map === undefined) {
    map = new Map()
    maps.set(key, map)
  }
  return map
}

const denies = ({ effect }: Statement): boolean => effect === 'Deny'

const applies = (statement: Statement, iamAction: string, arn: string, facts: Facts): boolean =>
  statement.actions.some((pattern) => pattern.test(iamAction)) &&
  (statement.resources === undefined || statement.resources.some((pattern) => pattern.test(arn))) &&
  statement.conditions.every((condition) => condition.matches(facts[condition.key]))

const namesPrincipal = (statement: Statement, principal: Principal): boolean => {
  const accepted = statement.principals
  if (accepted.includes('*')) return true
  if (principal.kind === 'service') return accepted.includes(principal.name)
  return principal.kind === 'role' && accepted.includes(principal.arn)
}

const statementKeys = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition']

const readPolicy = (document: unknown, origin: string): readonly Statement[] => {
  const { Statement: statements } = (document ?? {}) as { readonly Statement?: unknown }
  if (statements === undefined) throw new Error(`${origin}: expected a policy document with a Statement`)
  return listOf(statements).map((statement) => readStatement(statement as Record<string, unknown>, origin))
}

const readStatement = (statement: Readonly<Record<string, unknown>>, origin: string): Statement => {
  for (const key of Object.keys(statement)) {
    if (!statementKeys.includes(key)) {
      throw new NotModelled(
        `${origin}: policy element ${key} is not modelled (modelled: ${statementKeys.join(', ')})`,
      )
    }
  }
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new Error(`${origin}: expected the Effect Allow or Deny, found ${JSON.stringify(effect)}`)
  }
  const resources = statement['Resource']
  return {
    origin,
    effect,
    actions: listOf(statement['Action']).map((action) => wildcards(String(action), 'i')),
    resources:
      resources === undefined ? undefined : listOf(resources).map((arn) => wildcards(String(arn), '')),
    principals: readPrincipals(statement['Principal'], origin),
    conditions: readConditions(statement['Condition'], origin),
  }
}

const readPrincipals = (principal: unknown, origin: string): readonly string[] => {
  if (principal === undefined) return []
  if (principal === '*') return ['*']
  return Object.entries(principal as object).flatMap(([kind, names]) => {
    if (kind !== 'Service' && kind !== 'AWS')
      throw new NotModelled(`${origin}: principal ${kind} is not modelled (modelled: Service, AWS)`)
    return listOf(names).map(String)
  })
}

const knownFacts = ['aws:SourceArn', 'aws:SourceAccount', 'aws:SecureTransport', 'aws:PrincipalAccount']

const readConditions = (condition: unknown, origin: string): readonly Condition[] =>
  Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([operator, tests]) => {
      const matcherOf = conditionOperators[operator]
      if (matcherOf === undefined) {
        const known = Object.keys(conditionOperators).join(', ')
        throw new NotModelled(
          `${origin}: condition operator ${operator} is not modelled (modelled: ${known})`,
        )
      }
      return Object.entries(tests).map(([key, expected]) => {
        const known = knownFacts.find((fact) => fact.toLowerCase() === key.toLowerCase())
        if (known === undefined) {
          throw new NotModelled(
            `${origin}: condition key ${key} is not modelled (modelled: ${knownFacts.join(', ')})`,
          )
        }
        const matchers = listOf(expected).map((value) => matcherOf(String(value)))
        return {
          key: known,
          matches: (value: string | undefined) =>
            value !== undefined && matchers.some((matches) => matches(value)),
        }
      })
    },
  )

type Matcher = (value: string) => boolean

const like = (expected: string): Matcher => {
  const pattern = wildcards(expected, '')
  return (value) => pattern.test(value)
}
const equal =
  (expected: string): Matcher =>
  (value) =>
    value === expected

const conditionOperators: Readonly<Record<string, (expected: string) => Matcher>> = {
  StringEquals: equal,
  StringLike: like,
  // As on AWS, the two ARN operators are the same.
  ArnEquals: like,
  ArnLike: like,
  Bool: equal,
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const wildcards = (pattern: string, flags: string): RegExp => {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, flags)
}

/**
 * The error of a call that a policy denies, or else that no policy allows, worded as AWS words it; SQS alone says
 * `AccessDenied`, and its action in small letters. Sources: messages quoted in
 * https://github.com/aws/serverless-application-model/issues/3633 and https://github.com/anomalyco/sst/issues/4469
 * (read 2026-11-22), and https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (read
 * 2026-11-25), which has the ARN of a managed policy follow an explicit denial; denials here are of inline policies.
 */
export const accessDenied = (
  request: ServiceCall,
  target: { readonly iamAction: string; readonly arn: string },
  accountId: string,
  deniedIn?: PolicyKind,
): Error => {
  const action = request.service === 'sqs' ? target.iamAction.toLowerCase() : target.iamAction
  const user = userOf(request, accountId)
  const asked = request.principal.kind === 'service' ? 'resource-based' : 'identity-based'
  const reason =
    deniedIn === undefined
      ? `because no ${asked} policy allows the ${action} action`
      : `with an explicit deny in ${deniedIn === 'identity-based' ? 'an' : 'a'} ${deniedIn} policy`
  return deniedBy[request.service](
    `User: ${user} is not authorized to perform: ${action} on resource: ${target.arn} ${reason}`,
  )
}

const userOf = ({ principal, by }: ServiceCall, accountId: string): string => {
  if (principal.kind === 'service') return principal.name
  if (principal.kind === 'outside') return `arn:aws:iam::${accountId}:root`
  const roleName = principal.arn.slice(principal.arn.lastIndexOf('/') + 1)
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${by}`
}

const denial = (message: string) => ({
  name: 'AccessDeniedException',
  $fault: 'client' as const,
  message,
  $metadata: { httpStatusCode: 400 },
})

/** The error of a denial, as the client of the service throws it. */
export const denialBy = (service: ServiceId, message: string): Error => deniedBy[service](message)

const deniedBy: Readonly<Record<ServiceId, (message: string) => Error>> = {
  states: (message) => new SFNServiceException(denial(message)),
  events: (message) => new EventBridgeAccessDenied({ message, $metadata: { httpStatusCode: 400 } }),
  sqs: (message) =>
    new SQSServiceException({ ...denial(message), name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }),
  dynamodb: (message) => new DynamoDBServiceException(denial(message)),
  lambda: (message) => new LambdaServiceException({ ...denial(message), $metadata: { httpStatusCode: 403 } }),
}
