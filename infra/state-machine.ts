import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { alarm, signals } from './alarms.ts'
import { allow, policyDocument, type Statement, trust } from './policy.ts'
import { settings } from './settings.ts'
import { output } from './shared-resources.ts'

/** A flow's definition, and whom it commands. */
export interface OrderFlow {
  readonly definition: URL
  /** By placeholder: `${ReserveInventoryQueueUrl}` in the definition becomes the value given here. */
  readonly substitutions: Readonly<Record<string, string>>
  /** The calls that the definition makes, and on what. */
  readonly calls: Statement
}

/** AWS sets log delivery up by account and takes these actions on `*` alone. */
const logDelivery = allow(
  [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  '*',
)

/** The conductor: a Standard workflow with its own role, log group and alarms. */
export const stateMachine = (stack: Stack, flow: OrderFlow): CfnStateMachine => {
  const id = 'OrderFlow'
  const logs = new CfnLogGroup(stack, `${id}Logs`, {
    // Under this prefix AWS needs no entry in the account's resource policy, which is bounded in length.
    logGroupName: `/aws/vendedlogs/states/${stack.stackName}-${id}`,
    retentionInDays: settings.logs.retentionDays,
  })
  logs.applyRemovalPolicy(RemovalPolicy.DESTROY)
  const role = new CfnRole(stack, `${id}Role`, {
    assumeRolePolicyDocument: trust('states.amazonaws.com'),
    policies: [{ policyName: 'LeastPrivilege', policyDocument: policyDocument([flow.calls, logDelivery]) }],
  })
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'AWS offers no resource-level permission for setting up log delivery.',
  })
  const machine = new CfnStateMachine(stack, id, {
    stateMachineType: 'STANDARD',
    definitionString: definitionOf(flow),
    definitionSubstitutions: flow.substitutions,
    roleArn: role.attrArn,
    loggingConfiguration: {
      level: 'ALL',
      // Orders are personal data; the history shows inputs and outputs to whoever may read it.
      includeExecutionData: false,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.attrArn } }],
    },
  })
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions-SF2',
    reason:
      'Tracing is off in every contestant: it would add a cost and a latency that only some of them have.',
  })
  const { failedExecutions, timedOutExecutions, lateExecutions, throttledExecutions } = signals
  for (const signal of [failedExecutions, timedOutExecutions, lateExecutions, throttledExecutions])
    alarm(stack, id, signal, { StateMachineArn: machine.ref })
  output(stack, 'StateMachineArn', machine.ref)
  return machine
}

/** The definition in one line, once every placeholder in it has a value and every value has a placeholder. */
const definitionOf = ({ definition, substitutions }: OrderFlow): string => {
  const text = JSON.stringify(JSON.parse(readFileSync(definition, 'utf8')))
  const asked = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''))
  const file = basename(definition.pathname)
  for (const name of asked)
    if (!(name in substitutions))
      throw new Error(`${file} has the placeholder \${${name}}, which no route provides.`)
  for (const name of Object.keys(substitutions))
    if (!asked.has(name)) throw new Error(`${file} lacks the placeholder \${${name}} of a route.`)
  return text
}
