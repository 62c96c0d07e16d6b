import type { Resource, Resources } from './statement.ts'

/** The few kinds of resources that statements are checked on, as CloudFormation has them. */

type Properties = Readonly<Record<string, unknown>>

const resource =
  (Type: string) =>
  (Properties: Properties = {}): Resource => ({ Type, Properties })

export const queue = resource('AWS::SQS::Queue')
export const rule = resource('AWS::Events::Rule')
export const permission = resource('AWS::Lambda::Permission')

/** Of the queue with that logical id. */
export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })
export const refTo = (logicalId: string) => ({ Ref: logicalId })

/** A name that CloudFormation makes begins with the stack's; a FIFO queue needs its suffix. */
export const fifoQueue = (name: string, properties: Properties = {}): Resource =>
  queue({
    QueueName: { 'Fn::Sub': `\${AWS::StackName}-${name}.fifo` },
    FifoQueue: true,
    ...properties,
  })

/** A queue, and a second one for what was received as often as it may be. */
export const queueWithDeadLetters = (
  name: string,
  maxReceiveCount: number,
  properties: Properties = {},
): Resources => ({
  [name]: queue({
    RedrivePolicy: { deadLetterTargetArn: arnOf(`${name}Dead`), maxReceiveCount },
    ...properties,
  }),
  [`${name}Dead`]: queue(),
})

/** Of all that AWS names by itself in this stack. */
const ofThisStack = (service: string, kind = ''): object => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${kind}\${AWS::StackName}-*`,
})

/** A role that one service takes, and what it may do to what belongs to the stack. */
const role = (service: string, statements: readonly Properties[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [
      {
        PolicyName: 'Contract',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
        },
      },
    ],
  },
})

/** What the state machines of a stack may do. */
export const machineRole: Resource = role('states', [
  { Action: ['sqs:SendMessage'], Resource: ofThisStack('sqs') },
  { Action: ['lambda:InvokeFunction'], Resource: ofThisStack('lambda', 'function:') },
  { Action: ['events:PutEvents'], Resource: ofThisStack('events', 'event-bus/') },
])

/** What the functions of a stack may do; logs are not kept. */
export const functionRole: Resource = role('lambda', [
  {
    Action: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: ofThisStack('sqs'),
  },
])

/** What a rule may do to a target that is no queue and no function. */
export const ruleRole: Resource = role('events', [
  { Action: ['states:StartExecution'], Resource: ofThisStack('states', 'stateMachine:') },
])

interface Definition {
  readonly StartAt: string
  readonly States: Properties
  readonly [field: string]: unknown
}

/**
 * A Standard machine in JSONata that runs as the role `MachineRole` of its stack. Each `Ref` becomes a substitution, and
 * the definition a text: so it comes to Step Functions as it stands here.
 */
export const machine = (definition: Definition): Resource => {
  const DefinitionSubstitutions: Record<string, unknown> = {}
  const DefinitionString = JSON.stringify(
    { QueryLanguage: 'JSONata', ...definition },
    (_, value: unknown) => {
      if (value === null || typeof value !== 'object' || !('Ref' in value)) return value
      DefinitionSubstitutions[String(value.Ref)] = value
      return `\${${String(value.Ref)}}`
    },
  )
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: arnOf('MachineRole'),
      DefinitionString,
      ...(Object.keys(DefinitionSubstitutions).length === 0 ? {} : { DefinitionSubstitutions }),
    },
  }
}

/** Stands in the template until the code is there, which is the same for all: the template stays small. */
const codeToCome = { ZipFile: 'throw new Error("The code of this function has not been put in its place")' }

/** A function of `functions.ts` by its name there; it runs as the role `FunctionRole` of its stack. */
export const lambdaFunction = (
  name: string,
  variables: Properties = {},
  properties: Properties = {},
): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Handler: `index.${name}`,
    Runtime: 'nodejs22.x',
    Architectures: ['arm64'],
    Role: arnOf('FunctionRole'),
    Code: codeToCome,
    Timeout: 10,
    MemorySize: 128,
    Environment: { Variables: variables },
    ...properties,
  },
})

/** From a queue to a function, by their logical ids. */
export const mapping = (source: string, target: string, properties: Properties = {}): Resource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { EventSourceArn: arnOf(source), FunctionName: refTo(target), ...properties },
})

/** The bus of a stack. */
export const bus: Resource = {
  Type: 'AWS::Events::EventBus',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of the template's.
  Properties: { Name: { 'Fn::Sub': '${AWS::StackName}-Bus' } },
}

/** Lets the rules of the stack's bus send to its queues. */
export const openToRules = (...queues: readonly string[]): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: queues.map(refTo),
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: '*',
          Condition: { ArnLike: { 'aws:SourceArn': rulesOfThisStack } },
        },
      ],
    },
  },
})

const rulesOfThisStack = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of the template's.
  'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-*',
}

/** A table on demand with the partition key `pk`. */
export const table: Resource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
}
