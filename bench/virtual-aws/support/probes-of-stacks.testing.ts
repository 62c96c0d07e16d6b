import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge'
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import {
  attribute,
  command,
  type Probes,
  property,
  resourceType,
  section,
  statement,
} from './probe.testing.ts'

const named = (QueueName: object) => property('JobQueue', { QueueName })

export const templateProbes: Probes = {
  'Fn::ImportValue': named({ 'Fn::ImportValue': 'Other' }),
  'Fn::GetAZs': named({ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }),
  'Fn::Base64': named({ 'Fn::Base64': 'Jobs' }),
  'Fn::Transform': named({ 'Fn::Transform': { Name: 'AWS::Include' } }),
  'Fn::Cidr': named({ 'Fn::Select': [0, { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }] }),
  'Fn::ToJsonString': named({ 'Fn::ToJsonString': { jobs: true } }),
  'Fn::Length': named({ 'Fn::Length': [1] }),
  'Fn::ForEach': property('JobQueue', { 'Fn::ForEach': ['Each', ['a'], { QueueName: 'a' }] }),
  Transform: section('Transform', 'AWS::Serverless-2016-10-31'),
  Hooks: section('Hooks', {}),
  CreationPolicy: attribute('CreationPolicy', {}),
  UpdatePolicy: attribute('UpdatePolicy', {}),
  'AWS::SNS::Topic': resourceType('AWS::SNS::Topic'),
}

export const callProbes: Probes = {
  ListStateMachines: command('sfn', () => new ListStateMachinesCommand({})),
  ListEventBuses: command('eventBridge', () => new ListEventBusesCommand({})),
  ListQueues: command('sqs', () => new ListQueuesCommand({})),
}

export const permissionProbes: Probes = {
  NotAction: statement({ NotAction: 'sqs:*', Action: undefined }),
  NotResource: statement({ NotResource: '*', Resource: undefined }),
  NotPrincipal: statement({ NotPrincipal: '*' }),
  PermissionsBoundary: property('JobRole', {
    PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
  }),
  Federated: statement({ Principal: { Federated: 'cognito-identity.amazonaws.com' } }),
  NumericLessThan: statement({ Condition: { NumericLessThan: { 'aws:SourceAccount': '1' } } }),
  'aws:SourceIp': statement({ Condition: { StringEquals: { 'aws:SourceIp': '10.0.0.1' } } }),
  AdministratorAccess: property('JobRole', {
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  }),
  'AWS::IAM::ManagedPolicy': resourceType('AWS::IAM::ManagedPolicy'),
  'AWS::IAM::User': resourceType('AWS::IAM::User'),
}
