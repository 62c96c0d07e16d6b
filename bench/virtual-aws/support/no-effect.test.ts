import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { deploy, type Template } from '../deploy.ts'
import type { Observer } from '../observer.ts'
import { recordsOf, startMs } from '../stack.testing.ts'
import { probedTemplate } from './probe.testing.ts'

/** Everything that a run of the template tells, from a call at each of its doors. */
const told = async (template: Template): Promise<string> => {
  const heard: unknown[] = []
  const observer: Observer = {
    call: (call) => heard.push(call),
    invocation: (invocation) => heard.push(invocation),
    transition: (transition) => heard.push(transition),
    execution: (execution) => heard.push(execution),
    metered: (...metered) => heard.push(metered),
    lost: (lost) => heard.push(lost),
    throttled: (throttled) => heard.push(throttled),
  }
  const { clients, kernel, outputs } = deploy(template, {
    region: 'eu-west-1',
    seed: 1,
    startMs,
    observer,
    code: {
      'jobs.work':
        ({ clients: { dynamo }, env }) =>
        async (event) => {
          const Item = { pk: recordsOf(event)[0]?.messageId }
          await dynamo.send(new PutCommand({ TableName: env['TABLE_NAME'], Item }))
        },
    },
  })
  const { QueueUrl, MachineArn, BusName } = outputs
  const entry = { Source: 'jobs', DetailType: 'Job', Detail: '{}', EventBusName: BusName }
  void clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'go' }))
  void clients.eventBridge.send(new PutEventsCommand({ Entries: [entry] }))
  void clients.sfn.send(new StartExecutionCommand({ stateMachineArn: MachineArn, name: 'one' }))
  await kernel.run(startMs + 60_000)
  return JSON.stringify(heard)
}

const withProperty = (logicalId: string, property: object): Template => {
  const resource = probedTemplate.Resources[logicalId]
  const { Type = '', Properties } = resource ?? {}
  const changed = { Type, Properties: { ...(Properties as object), ...property } }
  return { ...probedTemplate, Resources: { ...probedTemplate.Resources, [logicalId]: changed } }
}

const withAttribute = (attribute: object): Template => {
  const { JobTable } = probedTemplate.Resources
  const changed = { Type: '', ...JobTable, ...attribute }
  return { ...probedTemplate, Resources: { ...probedTemplate.Resources, JobTable: changed } }
}

const withResource = (Type: string): Template => ({
  ...probedTemplate,
  Resources: { ...probedTemplate.Resources, Further: { Type, Properties: {} } },
})

describe('a run tells the same', () => {
  it.each([
    { logicalId: 'JobFunction', property: { Runtime: 'nodejs22.x' } },
    { logicalId: 'JobFunction', property: { Architectures: ['arm64'] } },
    { logicalId: 'JobFunction', property: { Description: 'Works' } },
    { logicalId: 'JobFunction', property: { PackageType: 'Zip' } },
    { logicalId: 'JobFunction', property: { Code: { ZipFile: '' } } },
    { logicalId: 'JobFunction', property: { FunctionName: 'Stack-JobFunction' } },
    { logicalId: 'JobFunction', property: { Tags: [{ Key: 'a', Value: 'b' }] } },
    { logicalId: 'JobFunction', property: { LoggingConfig: { LogFormat: 'Text', LogGroup: 'jobs' } } },
    { logicalId: 'JobMapping', property: { BatchSize: 10, Enabled: true } },
    { logicalId: 'JobMapping', property: { Tags: [{ Key: 'a', Value: 'b' }] } },
    { logicalId: 'JobQueue', property: { SqsManagedSseEnabled: true } },
    { logicalId: 'JobQueue', property: { ReceiveMessageWaitTimeSeconds: 20 } },
    { logicalId: 'JobQueue', property: { Tags: [{ Key: 'a', Value: 'b' }] } },
    { logicalId: 'JobTable', property: { SSESpecification: { SSEEnabled: true } } },
    { logicalId: 'JobTable', property: { DeletionProtectionEnabled: true } },
    { logicalId: 'JobTable', property: { PointInTimeRecoverySpecification: {} } },
    { logicalId: 'JobTable', property: { TableClass: 'STANDARD' } },
    { logicalId: 'JobTable', property: { Tags: [{ Key: 'a', Value: 'b' }] } },
    { logicalId: 'JobMachine', property: { TracingConfiguration: { Enabled: true } } },
    { logicalId: 'JobMachine', property: { StateMachineType: 'STANDARD' } },
    { logicalId: 'JobMachine', property: { StateMachineName: 'Stack-JobMachine' } },
    { logicalId: 'JobMachine', property: { Tags: [{ Key: 'a', Value: 'b' }] } },
  ])('whether or not $logicalId has $property', async ({ logicalId, property }) => {
    expect(await told(withProperty(logicalId, property))).toBe(await plain)
  })

  it.each([
    { DependsOn: ['JobQueue'] },
    { DeletionPolicy: 'Retain' },
    { UpdateReplacePolicy: 'Retain' },
    { Metadata: { 'aws:cdk:path': 'Stack/JobTable' } },
  ])('whether or not a resource has the attribute %o', async (attribute) => {
    expect(await told(withAttribute(attribute))).toBe(await plain)
  })

  it.each([
    { AWSTemplateFormatVersion: '2010-09-09' },
    { Description: 'Jobs' },
    { Metadata: {} },
    { Rules: { Checked: { Assertions: [] } } },
  ])('whether or not the template has the section %o', async (section) => {
    expect(await told({ ...probedTemplate, ...section })).toBe(await plain)
  })

  it.each([
    'AWS::CDK::Metadata',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::Logs::LogGroup',
    'AWS::Logs::ResourcePolicy',
  ])('whether or not it has a resource of the type %s', async (type) => {
    expect(await told(withResource(type))).toBe(await plain)
  })

  it('and it tells of everything that was asked for', async () => {
    for (const action of ['SendMessage', 'PutEvents', 'StartExecution', 'PutItem', 'DeleteMessageBatch'])
      expect(await plain).toContain(`"action":"${action}"`)
  })
})

const plain = told(probedTemplate)
