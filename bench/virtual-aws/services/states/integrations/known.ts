/**
 * Optimized integrations of Step Functions and the patterns that each has beside request and response, as a machine
 * may name them. Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html (read 2026-11-24).
 */
const optimized: Readonly<Record<string, readonly string[]>> = {
  'apigateway:invoke': ['waitForTaskToken'],
  'athena:startQueryExecution': ['sync'],
  'athena:stopQueryExecution': [],
  'athena:getQueryExecution': [],
  'athena:getQueryResults': [],
  'batch:submitJob': ['sync'],
  'bedrock:createModelCustomizationJob': ['sync'],
  'bedrock:invokeModel': [],
  'codebuild:startBuild': ['sync'],
  'codebuild:startBuildBatch': ['sync'],
  'codebuild:stopBuild': [],
  'codebuild:retryBuildBatch': ['sync'],
  'databrew:startJobRun': ['sync'],
  'dynamodb:deleteItem': [],
  'dynamodb:getItem': [],
  'dynamodb:putItem': [],
  'dynamodb:updateItem': [],
  'ecs:runTask': ['sync', 'waitForTaskToken'],
  'eks:call': [],
  'eks:createCluster': ['sync'],
  'eks:deleteCluster': ['sync'],
  'eks:runJob': ['sync'],
  'elasticmapreduce:addStep': ['sync'],
  'elasticmapreduce:cancelStep': [],
  'elasticmapreduce:createCluster': ['sync'],
  'elasticmapreduce:terminateCluster': ['sync'],
  'emr-serverless:startJobRun': ['sync'],
  'events:putEvents': ['waitForTaskToken'],
  'glue:startJobRun': ['sync'],
  'http:invoke': [],
  'lambda:invoke': ['waitForTaskToken'],
  'mediaconvert:createJob': ['sync'],
  'sagemaker:createTrainingJob': ['sync'],
  'sagemaker:createTransformJob': ['sync'],
  'sagemaker:createProcessingJob': ['sync'],
  'sns:publish': ['waitForTaskToken'],
  'sqs:sendMessage': ['waitForTaskToken'],
  'states:startExecution': ['sync', 'sync:2', 'waitForTaskToken'],
}

const sdk = /^arn:[\w-]+:states:::aws-sdk:[\w-]+:\w+(\.waitForTaskToken)?$/
const service = /^arn:[\w-]+:states:::([\w-]+:\w+)(?:\.([\w:]+))?$/
const named = /^arn:[\w-]+:(lambda:[\w-]*:\d*:function|states:[\w-]*:\d*:activity):.+$/

/** Whether AWS takes this as the `Resource` of a Task, whether it is modelled here or not. */
export const isKnownResource = (resource: string): boolean => {
  if (sdk.test(resource) || named.test(resource)) return true
  const [, name = '', pattern] = service.exec(resource) ?? []
  return (
    Object.hasOwn(optimized, name) && (pattern === undefined || optimized[name]?.includes(pattern) === true)
  )
}
