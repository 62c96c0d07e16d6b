import { deploy, type Sender, type Template } from '../deploy.ts'
import { pollerActions, startMs, workerTemplate } from '../stack.testing.ts'

/** Asks the virtual AWS for one thing that SUPPORT.md says is not modelled; it must be refused. */
export type Probe = () => unknown

/** Probes by the name that SUPPORT.md gives the thing. */
export type Probes = Readonly<Record<string, Probe>>

const worker = workerTemplate({ actions: [...pollerActions, 'dynamodb:*', 'sqs:SendMessage'] })

/** One resource of each kind that a probe may ask more of: deployed as it is, it is refused nothing. */
export const probedTemplate: Template = {
  Resources: {
    ...worker.Resources,
    JobBus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'Jobs' } },
    JobRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'JobBus' },
        EventPattern: { source: ['jobs'] },
        Targets: [{ Id: 'Queue', Arn: { 'Fn::GetAtt': ['JobQueue', 'Arn'] } }],
      },
    },
    JobArchive: {
      Type: 'AWS::Events::Archive',
      Properties: { SourceArn: { 'Fn::GetAtt': ['JobBus', 'Arn'] } },
    },
    JobMachine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['JobRole', 'Arn'] },
        Definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
      },
    },
  },
  Outputs: {
    QueueUrl: { Value: { Ref: 'JobQueue' } },
    TableName: { Value: { Ref: 'JobTable' } },
    MachineArn: { Value: { Ref: 'JobMachine' } },
    BusName: { Value: { Ref: 'JobBus' } },
  },
}

export const deployed = (template: Template) =>
  deploy(template, {
    region: 'eu-west-1',
    seed: 1,
    startMs,
    eventsMax: 10_000,
    code: { 'jobs.work': () => async () => undefined },
  })

/** A section beside `Resources`. */
export const section =
  (name: string, value: unknown): Probe =>
  () =>
    deployed({ ...probedTemplate, [name]: value })

/** A further resource of this type. */
export const resourceType =
  (type: string, Properties: object = {}): Probe =>
  () =>
    deployed({
      ...probedTemplate,
      Resources: { ...probedTemplate.Resources, Probed: { Type: type, Properties } },
    })

type LogicalId =
  | 'JobArchive'
  | 'JobBus'
  | 'JobFunction'
  | 'JobMachine'
  | 'JobMapping'
  | 'JobQueue'
  | 'JobRole'
  | 'JobRule'
  | 'JobTable'

const changed = (logicalId: LogicalId, change: (resource: object) => object): Template => {
  const resource = probedTemplate.Resources[logicalId]
  if (resource === undefined) throw new Error(`Expected a resource ${logicalId} in the probed template`)
  return {
    ...probedTemplate,
    Resources: { ...probedTemplate.Resources, [logicalId]: change(resource) as typeof resource },
  }
}

/** Further properties of one resource. */
export const property =
  (logicalId: LogicalId, more: object): Probe =>
  () =>
    deployed(
      changed(logicalId, (resource) => ({
        ...resource,
        Properties: { ...(resource as { Properties?: object }).Properties, ...more },
      })),
    )

/** A further attribute beside `Properties`. */
export const attribute =
  (name: string, value: unknown): Probe =>
  () =>
    deployed(changed('JobQueue', (resource) => ({ ...resource, [name]: value })))

/** A statement of the role's policy. */
export const statement = (more: object): Probe =>
  property('JobRole', {
    Policies: [
      {
        PolicyName: 'Probed',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*', ...more }] },
      },
    ],
  })

/** The one state of a machine. */
export const state = (fields: object): Probe =>
  property('JobMachine', {
    Definition: {
      StartAt: 'Probed',
      States: { Probed: { End: true, ...fields } },
    },
  })

/** What a deployed template is called: what the commands of a probe name. */
export interface Deployed {
  readonly QueueUrl: string
  readonly TableName: string
  readonly MachineArn: string
  readonly BusName: string
}

/** A command that the outside caller sends; `make` is given the names of what is deployed. */
export const command =
  (client: 'sfn' | 'eventBridge' | 'sqs' | 'dynamo', make: (names: Deployed) => object): Probe =>
  async () => {
    const { clients, kernel, outputs } = deployed(probedTemplate)
    const sender: Sender = clients[client]
    const sent = sender.send(make(outputs as unknown as Deployed))
    // The run ends with what is not modelled, before the answer comes: whichever is first tells.
    await Promise.race([sent, kernel.run(startMs + 60_000).then(() => sent)])
  }
