import { type Deployment, type DeployOptions, deploy, type Template } from '../../deploy.ts'
import type { ExecutionEnd, Meter, Transition } from '../../observer.ts'
import { startMs } from '../../stack.testing.ts'

/** State machines of a template, reached by the SDK's own commands. */
export interface Machines {
  readonly stack: Deployment
  readonly transitions: Transition[]
  readonly ends: ExecutionEnd[]
  readonly metered: { readonly meter: Meter; readonly resource: string; readonly units: number }[]
  readonly duplicates: unknown[]
  /** The machine's ARN, by logical id. */
  arnOf(logicalId: string): string
  /** Sends, lets that much time pass, and gives the answer, which must be there by then. */
  send(command: object, withinMs?: number): Promise<Answer>
  /** The error that a command is refused with. */
  refusal(command: object): Promise<Error>
  pass(ms: number): Promise<void>
}

type Answer = Readonly<Record<string, unknown>>
type Client = 'sfn' | 'sqs' | 'dynamo'
type Properties = Readonly<Record<string, unknown>>

export const accountId = '111122223333'

/** What the machines' role may do, beside more resources. */
export interface Surroundings {
  readonly allowed?: readonly string[]
  readonly resources?: Template['Resources']
  readonly options?: Partial<DeployOptions>
}

const templateOf = (
  machines: Readonly<Record<string, Properties>>,
  { allowed = ['*'], resources = {} }: Surroundings,
): Template => ({
  Resources: {
    ...resources,
    FlowRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies: [
          {
            PolicyName: 'Work',
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: allowed, Resource: '*' }] },
          },
        ],
      },
    },
    ...Object.fromEntries(
      Object.entries(machines).map(([logicalId, properties]) => [
        logicalId,
        {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { RoleArn: { 'Fn::GetAtt': ['FlowRole', 'Arn'] }, ...properties },
        },
      ]),
    ),
  },
})

/** Deploys machines by logical id; their properties but for the role. */
export const deployMachines = (
  machines: Readonly<Record<string, Properties>>,
  surroundings: Surroundings = {},
): Machines => {
  const transitions: Transition[] = []
  const ends: ExecutionEnd[] = []
  const metered: Machines['metered'] = []
  const duplicates: unknown[] = []
  const stack = deploy(templateOf(machines, surroundings), {
    region: 'eu-west-1',
    seed: 1,
    startMs,
    code: {},
    observer: {
      transition: (transition) => transitions.push(transition),
      execution: (end) => ends.push(end),
      metered: (meter, resource, units) => metered.push({ meter, resource, units }),
      duplicate: (_resource, body) => duplicates.push(body),
    },
    ...surroundings.options,
  })
  const pass = async (ms: number): Promise<void> => {
    const untilMs = stack.kernel.nowMs + ms
    stack.kernel.at(untilMs, () => undefined)
    await stack.kernel.run(untilMs)
  }
  const settled = async (command: object, withinMs: number): Promise<Answer | Error> => {
    const heard: (Answer | Error)[] = []
    const sent: Promise<Answer> = stack.clients[clientOf(command)].send(command)
    sent.then(
      (answer) => heard.push(answer),
      (error: Error) => heard.push(error),
    )
    await pass(withinMs)
    const [first] = heard
    if (first === undefined) throw new Error(`${command.constructor.name} was not answered in ${withinMs} ms`)
    return first
  }
  return {
    stack,
    transitions,
    ends,
    metered,
    duplicates,
    pass,
    arnOf: (logicalId) => `arn:aws:states:eu-west-1:${accountId}:stateMachine:Stack-${logicalId}`,
    send: async (command, withinMs = 1_000) => {
      const answer = await settled(command, withinMs)
      if (answer instanceof Error) throw answer
      return answer
    },
    refusal: async (command) => {
      const answer = await settled(command, 1_000)
      if (answer instanceof Error) return answer
      throw new Error(`${command.constructor.name} was not refused`)
    },
  }
}

const clientOf = (command: object): Client => {
  const { name } = command.constructor
  if (/Message|Queue/.test(name)) return 'sqs'
  return /^(Get|Put)Command/.test(name) ? 'dynamo' : 'sfn'
}

/** A machine in JSONata with these states, beginning with the first. */
export const inJsonata = (states: Readonly<Record<string, object>>, more: object = {}): Properties => ({
  Definition: { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], ...more, States: states },
})

export const queue: Template['Resources'] = {
  JobQueue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
}

/** A task that waits for the answer to a token in the queue's message. */
export const asking = (more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: {
    QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${accountId}/Stack-JobQueue`,
    MessageBody: {
      token: '{% $states.context.Task.Token %}',
      state: '{% $states.context.State.Name %}',
      input: '{% $states.input %}',
      redrives: '{% $states.context.Execution.RedriveCount %}',
    },
  },
  ...more,
})
