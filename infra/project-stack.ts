import { DefaultStackSynthesizer, type IStackSynthesizer, Stack, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/**
 * A stack of this project. Every resource in it that AWS can tag tells which contestant it serves and that it may go:
 * a bill can be split by it, and whoever finds a leftover knows whose it is.
 */
export const projectStack = (scope: Construct, stackName: string, contestant: string): Stack => {
  // Without the rule on the bootstrap version a template is its resources and outputs, and any endpoint takes it.
  const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false })
  // CDK declares one getter less strictly than its own interface under exactOptionalPropertyTypes.
  const stack = new Stack(scope, stackName, { synthesizer: synthesizer as IStackSynthesizer })
  for (const [name, value] of Object.entries(tagsOf(contestant))) Tags.of(stack).add(name, value)
  return stack
}

/** The tags of everything that serves a contestant. */
export const tagsOf = (contestant: string): Readonly<Record<string, string>> => ({
  project: 'orchestration-vs-choreography',
  contestant,
  purpose: 'benchmark',
})
