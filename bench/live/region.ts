import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { BadInput } from '../workload/bad-input.ts'

/**
 * The region that the AWS configuration of this machine names: the environment's, else the profile's, else that of the
 * EC2 instance that this is. Undefined where nothing names one; throws BadInput where what it names can be no region.
 */
export const configuredRegion = async (profile: string | undefined): Promise<string | undefined> => {
  // The SDK leaves out the second, which the AWS CLI and the CDK read. An empty one names none.
  const named = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION']
  if (named) return named
  const client = new CloudFormationClient(profile === undefined ? {} : { profile })
  try {
    return await client.config.region()
  } catch (error) {
    if (error instanceof Error && /^Region is missing/.test(error.message)) return undefined
    if (error instanceof Error && /^Region not accepted/.test(error.message))
      throw new BadInput(`--region: your AWS configuration names none that there can be: ${error.message}`)
    throw error
  } finally {
    client.destroy()
  }
}
