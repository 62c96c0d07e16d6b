import { RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { alarm, signals } from './alarms.ts'
import { type Owner, stemOf } from './names.ts'
import { allow, policyDocument, type Statement, trust } from './policy.ts'
import { settings } from './settings.ts'
import type { SharedResources } from './shared-resources.ts'

/** A function that serves one message: what it may do and what it is told. */
export interface ServiceFunction {
  /** The bundle that exports the handler: the `file` of the template's `file.export`. */
  readonly file: string
  readonly handler: string
  /** Whose table it works on. */
  readonly owner: Owner
  /** The queue that it is fed from; without one it is invoked directly. */
  readonly queue?: CfnQueue
  readonly publishes: boolean
  /** What it does with its owner's table and the owner's other functions do not. */
  readonly tableActions?: readonly string[]
  readonly statements?: readonly Statement[]
  readonly environment?: Readonly<Record<string, string>>
}

/** What each owner does with its table: one record an order, saved whole under a condition. */
const tableActions: Readonly<Record<Owner, readonly string[]>> = {
  order: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  // Stock is taken and given back in transactions; IAM knows these by the actions within them.
  inventory: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  payment: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  shipping: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  notification: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  // The view moves on in place, from whichever event comes first, and unread.
  view: ['dynamodb:UpdateItem'],
}

/** What Lambda's poller needs of the queue; it acts under the function's role. */
const pollerActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

/** A function with its role, its log group, its alarms and, when it is fed from a queue, its mapping. */
export const serviceFunction = (shared: SharedResources, spec: ServiceFunction): CfnFunction => {
  const { stack } = shared
  const stem = stemOf(spec.handler)
  const table = tableOf(shared, spec.owner)
  const logs = new CfnLogGroup(stack, `${stem}Logs`, { retentionInDays: settings.logs.retentionDays })
  logs.applyRemovalPolicy(RemovalPolicy.DESTROY)

  const statements: Statement[] = [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logs.attrArn),
    allow([...(spec.tableActions ?? []), ...tableActions[spec.owner]], table.attrArn),
  ]
  if (spec.queue !== undefined) statements.push(allow(pollerActions, spec.queue.attrArn))
  if (spec.publishes) statements.push(allow(['events:PutEvents'], shared.bus.attrArn))
  statements.push(...(spec.statements ?? []))
  const role = new CfnRole(stack, `${stem}Role`, {
    assumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    policies: [{ policyName: 'LeastPrivilege', policyDocument: policyDocument(statements) }],
  })

  const lambda = new CfnFunction(stack, `${stem}Function`, {
    code: shared.code,
    handler: `${spec.file}.${spec.handler}`,
    runtime: settings.function.runtime,
    architectures: [settings.function.architecture],
    memorySize: settings.function.memoryMiB,
    timeout: settings.function.timeoutSeconds,
    role: role.attrArn,
    loggingConfig: { logFormat: 'JSON', logGroup: logs.ref },
    environment: {
      variables: {
        TABLE_NAME: table.ref,
        ...(spec.publishes ? { BUS_NAME: shared.bus.ref } : {}),
        ...spec.environment,
      },
    },
  })
  Validations.of(lambda).acknowledge({
    id: 'AwsSolutions-L1',
    reason:
      'A version in long-term support, the same for every contestant, and the one whose cold starts are modelled.',
  })
  alarm(stack, `${stem}Function`, signals.functionErrors, { FunctionName: lambda.ref })
  alarm(stack, `${stem}Function`, signals.functionThrottles, { FunctionName: lambda.ref })
  if (spec.queue !== undefined) mapping(stack, stem, spec.queue, lambda)
  return lambda
}

const tableOf = ({ tables, stack }: SharedResources, owner: Owner) => {
  const table = tables.get(owner)
  if (table === undefined) throw new Error(`Stack ${stack.stackName} has no table for "${owner}".`)
  return table
}

const mapping = (stack: Stack, stem: string, queue: CfnQueue, lambda: CfnFunction): CfnEventSourceMapping =>
  new CfnEventSourceMapping(stack, `${stem}Mapping`, {
    eventSourceArn: queue.attrArn,
    functionName: lambda.ref,
    batchSize: settings.mapping.batchSize,
    maximumBatchingWindowInSeconds: settings.mapping.windowSeconds,
    scalingConfig: { maximumConcurrency: settings.mapping.concurrencyMax },
    functionResponseTypes: ['ReportBatchItemFailures'],
  })
