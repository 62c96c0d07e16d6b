import {
  ListReplaysCommand,
  PutEventsCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateStateMachineCommand,
  DescribeMapRunCommand,
  GetActivityTaskCommand,
  PublishStateMachineVersionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn'
import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  RemovePermissionCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { functionF, functionWorld } from '../services/function/function-world.testing.ts'
import type { Properties } from '../services/properties.ts'
import { command, type Probe, type Probes, property, resourceType, state } from './probe.testing.ts'

const target = (more: object): Probe =>
  property('JobRule', {
    Targets: [{ Id: 'Queue', Arn: { 'Fn::GetAtt': ['JobQueue', 'Arn'] }, ...more }],
  })

const invoked =
  (input: Properties): Probe =>
  () =>
    functionWorld(functionF(), () => async () => undefined).invoke(input)

const sentTo = (Destination: string): Probe =>
  resourceType('AWS::Lambda::EventInvokeConfig', {
    FunctionName: 'Stack-JobFunction',
    Qualifier: '$LATEST',
    DestinationConfig: { OnFailure: { Destination } },
  })

export const functionProbes: Probes = {
  Layers: property('JobFunction', { Layers: [] }),
  VpcConfig: property('JobFunction', { VpcConfig: {} }),
  FileSystemConfigs: property('JobFunction', { FileSystemConfigs: [] }),
  TracingConfig: property('JobFunction', { TracingConfig: { Mode: 'Active' } }),
  SnapStart: property('JobFunction', { SnapStart: { ApplyOn: 'PublishedVersions' } }),
  EphemeralStorage: property('JobFunction', { EphemeralStorage: { Size: 1024 } }),
  'AWS::Lambda::Version': resourceType('AWS::Lambda::Version'),
  'AWS::Lambda::Alias': resourceType('AWS::Lambda::Alias'),
  'AWS::Lambda::Url': resourceType('AWS::Lambda::Url'),
  ImageConfig: property('JobFunction', { ImageConfig: {} }),
  CodeSigningConfigArn: property('JobFunction', { CodeSigningConfigArn: 'arn' }),
  KmsKeyArn: property('JobFunction', { KmsKeyArn: 'arn' }),
  RuntimeManagementConfig: property('JobFunction', { RuntimeManagementConfig: {} }),
  RecursiveLoop: property('JobFunction', { RecursiveLoop: 'Allow' }),
  DurableConfig: property('JobFunction', { DurableConfig: {} }),
  DryRun: invoked({ InvocationType: 'DryRun' }),
  LogType: invoked({ LogType: 'Tail' }),
  ClientContext: invoked({ ClientContext: 'e30=' }),
  TenantId: invoked({ TenantId: 'one' }),
  Qualifier: invoked({ Qualifier: '1' }),
  'arn:aws:sns': sentTo('arn:aws:sns:eu-west-1:111122223333:Topic'),
  'arn:aws:s3': sentTo('arn:aws:s3:::bucket'),
}

const filteredBy = (pattern: object): Probe =>
  property('JobMapping', { FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } })

export const mappingProbes: Probes = {
  ProvisionedPollerConfig: property('JobMapping', { ProvisionedPollerConfig: { MinimumPollers: 2 } }),
  DestinationConfig: property('JobMapping', { DestinationConfig: {} }),
  MetricsConfig: property('JobMapping', { MetricsConfig: { Metrics: ['EventCount'] } }),
  LoggingConfig: property('JobMapping', { LoggingConfig: {} }),
  KmsKeyArn: property('JobMapping', { KmsKeyArn: 'arn' }),
  StartingPosition: property('JobMapping', { StartingPosition: 'LATEST' }),
  body: filteredBy({ $or: [{ body: ['x'] }, { body: ['y'] }] }),
  $or: filteredBy({ $or: [{ body: ['x'] }, { body: ['y'] }] }),
}

export const queueProbes: Probes = {
  KmsMasterKeyId: property('JobQueue', { KmsMasterKeyId: 'alias/aws/sqs' }),
  KmsDataKeyReusePeriodSeconds: property('JobQueue', { KmsDataKeyReusePeriodSeconds: 300 }),
  Policy: command(
    'sqs',
    ({ QueueUrl }) => new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
  ),
  CreateQueue: command('sqs', () => new CreateQueueCommand({ QueueName: 'Probed' })),
  DeleteQueue: command('sqs', ({ QueueUrl }) => new DeleteQueueCommand({ QueueUrl })),
  AddPermission: command(
    'sqs',
    ({ QueueUrl }) =>
      new AddPermissionCommand({ QueueUrl, Label: 'l', AWSAccountIds: ['1'], Actions: ['SendMessage'] }),
  ),
  RemovePermission: command('sqs', ({ QueueUrl }) => new RemovePermissionCommand({ QueueUrl, Label: 'l' })),
  TagQueue: command('sqs', ({ QueueUrl }) => new TagQueueCommand({ QueueUrl, Tags: {} })),
  UntagQueue: command('sqs', ({ QueueUrl }) => new UntagQueueCommand({ QueueUrl, TagKeys: [] })),
  ListQueueTags: command('sqs', ({ QueueUrl }) => new ListQueueTagsCommand({ QueueUrl })),
}

const toOther = (arn: string): Probe => target({ Arn: `${arn}:eu-west-1:111122223333:other` })

export const busProbes: Probes = {
  'arn:aws:sns': toOther('arn:aws:sns'),
  'arn:aws:events': toOther('arn:aws:events'),
  'arn:aws:kinesis': toOther('arn:aws:kinesis'),
  'arn:aws:firehose': toOther('arn:aws:firehose'),
  'arn:aws:ecs': toOther('arn:aws:ecs'),
  'arn:aws:logs': toOther('arn:aws:logs'),
  AppSyncParameters: target({ AppSyncParameters: {} }),
  BatchParameters: target({ BatchParameters: {} }),
  EcsParameters: target({ EcsParameters: {} }),
  HttpParameters: target({ HttpParameters: {} }),
  KinesisParameters: target({ KinesisParameters: {} }),
  RedshiftDataParameters: target({ RedshiftDataParameters: {} }),
  RunCommandParameters: target({ RunCommandParameters: {} }),
  SageMakerPipelineParameters: target({ SageMakerPipelineParameters: {} }),
  ScheduleExpression: property('JobRule', { ScheduleExpression: 'rate(5 minutes)' }),
  ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS: property('JobRule', {
    State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  }),
  EventSourceName: property('JobBus', { EventSourceName: 'aws.partner/a/b' }),
  KmsKeyIdentifier: property('JobBus', { KmsKeyIdentifier: 'alias/a' }),
  LogConfig: property('JobBus', { LogConfig: {} }),
  Policy: property('JobBus', { Policy: {} }),
  'AWS::Events::EventBusPolicy': resourceType('AWS::Events::EventBusPolicy'),
  'AWS::Events::Connection': resourceType('AWS::Events::Connection'),
  'AWS::Events::ApiDestination': resourceType('AWS::Events::ApiDestination'),
  'AWS::Events::Endpoint': resourceType('AWS::Events::Endpoint'),
  'AWS::EventSchemas::Discoverer': resourceType('AWS::EventSchemas::Discoverer'),
  'AWS::Scheduler::Schedule': resourceType('AWS::Scheduler::Schedule'),
  'AWS::Pipes::Pipe': resourceType('AWS::Pipes::Pipe'),
  EndpointId: command(
    'eventBridge',
    () => new PutEventsCommand({ EndpointId: 'abc.123', Entries: [{ Source: 'jobs' }] }),
  ),
  PutTargets: command('eventBridge', () => new PutTargetsCommand({ Rule: 'other', Targets: [] })),
  TestEventPattern: command(
    'eventBridge',
    () => new TestEventPatternCommand({ EventPattern: '{}', Event: '{}' }),
  ),
  ListReplays: command('eventBridge', () => new ListReplaysCommand({})),
}

const task = (Resource: string, more: object = {}): Probe =>
  state({ Type: 'Task', Resource, Parameters: {}, ...more })

const ItemProcessor = {
  ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
  StartAt: 'Each',
  States: { Each: { Type: 'Pass', End: true } },
}

const updated = (more: object): Probe =>
  command('sfn', ({ MachineArn }) => {
    const roleArn = 'arn:aws:iam::111122223333:role/Stack-JobRole'
    return new UpdateStateMachineCommand({ stateMachineArn: MachineArn, roleArn, ...more })
  })

export const machineProbes: Probes = {
  EncryptionConfiguration: property('JobMachine', { EncryptionConfiguration: {} }),
  DefinitionS3Location: property('JobMachine', { DefinitionS3Location: { Bucket: 'b', Key: 'k' } }),
  'AWS::StepFunctions::Activity': resourceType('AWS::StepFunctions::Activity'),
  'AWS::StepFunctions::StateMachineVersion': resourceType('AWS::StepFunctions::StateMachineVersion'),
  'AWS::StepFunctions::StateMachineAlias': resourceType('AWS::StepFunctions::StateMachineAlias'),
  CreateStateMachine: command(
    'sfn',
    () => new CreateStateMachineCommand({ name: 'New', definition: '{}', roleArn: 'arn' }),
  ),
  PublishStateMachineVersion: command(
    'sfn',
    ({ MachineArn }) => new PublishStateMachineVersionCommand({ stateMachineArn: MachineArn }),
  ),
  DescribeMapRun: command('sfn', () => new DescribeMapRunCommand({ mapRunArn: 'arn' })),
  GetActivityTask: command('sfn', () => new GetActivityTaskCommand({ activityArn: 'arn' })),
  publish: updated({ publish: true }),
  loggingConfiguration: updated({ loggingConfiguration: { level: 'OFF' } }),
  tracingConfiguration: updated({ tracingConfiguration: { enabled: false } }),
  'sns:publish': task('arn:aws:states:::sns:publish'),
  'states:startExecution.sync': task('arn:aws:states:::states:startExecution.sync'),
  'http:invoke': task('arn:aws:states:::http:invoke'),
  ItemReader: state({ Type: 'Map', ItemReader: {}, ItemProcessor }),
  ResultWriter: state({ Type: 'Map', ResultWriter: {}, ItemProcessor }),
}
