/** One statement of an IAM policy, as CloudFormation takes it. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: string | Readonly<Record<string, string>>
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Allows these actions on these resources to whoever bears the policy. */
export const allow = (actions: readonly string[], ...resources: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
})

export const policyDocument = (statements: readonly Statement[]): object => ({
  Version: '2012-10-17',
  Statement: statements,
})

/** Lets one AWS service, such as `lambda.amazonaws.com`, take on the role. */
export const trust = (service: string): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
})
