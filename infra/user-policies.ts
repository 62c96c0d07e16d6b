import { allow, policyDocument, type Statement } from './policy.ts'
import type { Synthesised, Template } from './synth.ts'

/** Stand in a policy for what differs by account. */
const account = 'ACCOUNT'
const region = 'REGION'

interface Named extends Statement {
  readonly Sid: string
}

const named = (Sid: string, actions: readonly string[], resources: readonly string[]): Named => ({
  Sid,
  ...allow(actions, ...resources),
})

/**
 * What whoever deploys needs: to take on the roles of the CDK's bootstrap that the synthesised stacks name. What is
 * then made is made by CloudFormation, under a role that the bootstrap gave it. Whoever destroys stops what runs first.
 */
export const deployPolicy = ({ deployRoles, contestants }: Synthesised): object => {
  const { stacks, machines } = orchestratedOf(contestants)
  return policyDocument([
    named('TakeOnTheRolesOfTheBootstrap', ['sts:AssumeRole'], deployRoles.map(placed)),
    named('FindTheStateMachines', ['cloudformation:ListStackResources'], stacks),
    named('SeeWhatRuns', ['states:ListExecutions'], machines),
    named(
      'StopWhatRuns',
      ['states:StopExecution'],
      machines.map((machine) => machine.replace(':stateMachine:', ':execution:').concat(':*')),
    ),
  ])
}

/** The stacks that hold a state machine, and the machines. */
const orchestratedOf = (contestants: Synthesised['contestants']) => {
  const found = Object.entries(contestants).flatMap(([name, template]) =>
    idsOf(template, 'AWS::StepFunctions::StateMachine').map((id) => ({ name, id })),
  )
  return {
    stacks: distinct(found.map(({ name }) => arn('cloudformation', `stack/${name}/*`))),
    machines: distinct(found.map(({ id }) => arn('states', `stateMachine:*${id}-*`))),
  }
}

/** As CDK writes an ARN for a stack of no certain account: `${AWS::Region}` for the region, and so on. */
const placed = (arn: string): string =>
  arn.replaceAll(/\$\{AWS::(\w+)\}/g, (_, name: string) => placeholders[name] ?? name)

const placeholders: Readonly<Record<string, string>> = {
  Partition: 'aws',
  AccountId: account,
  Region: region,
}

/**
 * What a live run needs, and no more. CloudFormation ends the names that it gives with letters of its own, so that a
 * resource can only be told by how its name begins: by stack and logical id.
 */
export const runPolicy = ({ contestants, results }: Synthesised): object => {
  const stacks = [...Object.entries(contestants), ...Object.entries(results)]
  const machines = Object.entries(contestants).flatMap(([, template]) =>
    idsOf(template, 'AWS::StepFunctions::StateMachine'),
  )
  return policyDocument([
    named(
      'FindTheStacks',
      ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
      stacks.map(([name]) => arn('cloudformation', `stack/${name}/*`)),
    ),
    named(
      'SubmitOrders',
      ['states:StartExecution'],
      distinct(machines.map((id) => arn('states', `stateMachine:*${id}-*`))),
    ),
    named(
      'SubmitOrdersByTheFrontDoor',
      ['sqs:SendMessage'],
      Object.entries(contestants).flatMap(frontDoorsOf),
    ),
    named(
      'HearHowTheyEnd',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
      Object.entries(results).flatMap(([name, template]) =>
        idsOf(template, 'AWS::SQS::Queue').map((id) => arn('sqs', `${name}-${id}-*`)),
      ),
    ),
    named(
      'SeeWhereTheTimeWent',
      ['states:GetExecutionHistory'],
      distinct(machines.map((id) => arn('states', `execution:*${id}-*:*`))),
    ),
    named(
      'ReadTheTrace',
      ['logs:FilterLogEvents'],
      Object.keys(contestants).map((name) => arn('logs', `log-group:${name}-*Logs-*`)),
    ),
    named(
      'SwitchTheTrace',
      ['lambda:GetFunctionConfiguration', 'lambda:UpdateFunctionConfiguration'],
      Object.keys(contestants).map((name) => arn('lambda', `function:${name}-*Function-*`)),
    ),
    named(
      'PutStockOnTheShelves',
      ['dynamodb:BatchWriteItem'],
      Object.keys(contestants).map((name) => arn('dynamodb', `table/${name}-InventoryTable-*`)),
    ),
    named(
      'HoldTheLawsAgainstTheTables',
      ['dynamodb:Scan'],
      Object.keys(contestants).map((name) => arn('dynamodb', `table/${name}-*Table-*`)),
    ),
  ])
}

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`

const idsOf = (template: Template, type: string): readonly string[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id)

/** Queues that a stack names in its outputs, to be sent to from outside. */
const frontDoorsOf = ([name, { Resources, Outputs = {} }]: readonly [string, Template]): readonly string[] =>
  Object.values(Outputs)
    .map(({ Value }) => String(Reflect.get(Object(Value), 'Ref')))
    .filter((id) => Resources[id]?.Type === 'AWS::SQS::Queue')
    .map((id) => arn('sqs', `${name}-${id}-*`))

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
