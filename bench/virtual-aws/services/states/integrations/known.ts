/**
 * Optimized integrations of Step Functions and the patterns that each has beside request and response, as a machine
 * may name them. Sources: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html (read 2026-11-24)
 * and the pages that it leads to: connect-codebuild, connect-eks, connect-emr, connect-emr-eks, connect-emr-serverless and
 * connect-sagemaker (read 2026-11-25).
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
  'codebuild:batchDeleteBuilds': [],
  'codebuild:batchGetReports': [],
  'codebuild:deleteBuildBatch': [],
  'codebuild:retryBuildBatch': ['sync'],
  'codebuild:startBuild': ['sync'],
  'codebuild:startBuildBatch': ['sync'],
  'codebuild:stopBuild': [],
  'codebuild:stopBuildBatch': [],
  'databrew:startJobRun': ['sync'],
  'dynamodb:deleteItem': [],
  'dynamodb:getItem': [],
  'dynamodb:putItem': [],
  'dynamodb:updateItem': [],
  'ecs:runTask': ['sync', 'waitForTaskToken'],
  'eks:call': [],
  'eks:createCluster': ['sync'],
  'eks:createFargateProfile': ['sync'],
  'eks:createNodegroup': ['sync'],
  'eks:deleteCluster': ['sync'],
  'eks:deleteFargateProfile': ['sync'],
  'eks:deleteNodegroup': ['sync'],
  'eks:runJob': ['sync'],
  'elasticmapreduce:addStep': ['sync'],
  'elasticmapreduce:cancelStep': [],
  'elasticmapreduce:createCluster': ['sync'],
  'elasticmapreduce:modifyInstanceFleetByName': [],
  'elasticmapreduce:modifyInstanceGroupByName': [],
  'elasticmapreduce:setClusterTerminationProtection': [],
  'elasticmapreduce:terminateCluster': ['sync'],
  'emr-containers:createVirtualCluster': [],
  'emr-containers:deleteVirtualCluster': ['sync'],
  'emr-containers:startJobRun': ['sync'],
  'emr-serverless:cancelJobRun': ['sync'],
  'emr-serverless:createApplication': ['sync'],
  'emr-serverless:deleteApplication': ['sync'],
  'emr-serverless:startApplication': ['sync'],
  'emr-serverless:startJobRun': ['sync'],
  'emr-serverless:stopApplication': ['sync'],
  'events:putEvents': ['waitForTaskToken'],
  'glue:startJobRun': ['sync'],
  'http:invoke': [],
  'lambda:invoke': ['waitForTaskToken'],
  'mediaconvert:createJob': ['sync'],
  'sagemaker:createEndpoint': [],
  'sagemaker:createEndpointConfig': [],
  'sagemaker:createHyperParameterTuningJob': ['sync'],
  'sagemaker:createLabelingJob': ['sync'],
  'sagemaker:createModel': [],
  'sagemaker:createProcessingJob': ['sync'],
  'sagemaker:createTrainingJob': ['sync'],
  'sagemaker:createTransformJob': ['sync'],
  'sagemaker:updateEndpoint': [],
  'sns:publish': ['waitForTaskToken'],
  'sqs:sendMessage': ['waitForTaskToken'],
  'states:startExecution': ['sync', 'sync:2', 'waitForTaskToken'],
}

/**
 * Calls of the SDK, whose actions are in camel case; which services and actions there are is not asked.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html (read 2026-11-25).
 */
const sdk = /^arn:[\w-]+:states:::aws-sdk:[a-z][a-z\d]*:[a-z]\w*(\.waitForTaskToken)?$/
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
