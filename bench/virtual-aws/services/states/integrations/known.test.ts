import { expect, it } from 'vitest'
import { isKnownResource } from './known.ts'

// The pages of https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html (read 2026-11-25)
it.each([
  'codebuild:batchGetReports',
  'codebuild:stopBuildBatch',
  'eks:createFargateProfile.sync',
  'eks:createNodegroup',
  'elasticmapreduce:setClusterTerminationProtection',
  'elasticmapreduce:modifyInstanceFleetByName',
  'emr-containers:startJobRun.sync',
  'emr-serverless:createApplication.sync',
  'emr-serverless:cancelJobRun.sync',
  'sagemaker:createEndpoint',
  'sagemaker:createHyperParameterTuningJob.sync',
  'states:startExecution.sync:2',
  'aws-sdk:dynamodb:query',
  'aws-sdk:sfn:startExecution.waitForTaskToken',
  'aws-sdk:s3:getObject',
])('AWS takes %s as the resource of a task', (resource) => {
  expect(isKnownResource(`arn:aws:states:::${resource}`)).toBe(true)
})

it.each([
  'dynamodb:query',
  'codebuild:batchGetReports.sync',
  'emr-containers:createVirtualCluster.sync',
  'sagemaker:createEndpoint.sync',
  'lambda:invoke.sync',
  'states:startExecution.sync:3',
  'aws-sdk:sqs:SendMessage',
  'aws-sdk:sqs:sendMessage.sync',
])('AWS does not take %s', (resource) => {
  expect(isKnownResource(`arn:aws:states:::${resource}`)).toBe(false)
})
