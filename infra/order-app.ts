import { App, type AppProps } from 'aws-cdk-lib'
import { choreographedStack } from './choreographed-stack.ts'
import type { resultsStackOf } from './names.ts'
import { orchestratedDirectStack, orchestratedStack } from './orchestrated-stack.ts'
import { resultsStack } from './results-stack.ts'

export const stackNames = ['Orchestrated', 'OrchestratedDirect', 'Choreographed'] as const
export type StackName = (typeof stackNames)[number]
export type ResultsStackName = ReturnType<typeof resultsStackOf<StackName>>

/**
 * All contestants in one app, each with the stack of its instruments; a variant is one more line. `codeFolder` holds
 * the bundles that the handlers name.
 */
export const orderApp = (codeFolder: string, props: AppProps = {}): App => {
  const app = new App({
    ...props,
    analyticsReporting: false,
    // What CloudFormation would refuse is an error here, not a warning.
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true, ...props.context },
  })
  const contestants = [
    orchestratedStack(app, codeFolder),
    orchestratedDirectStack(app, codeFolder),
    choreographedStack(app, codeFolder),
  ]
  for (const contestant of contestants) resultsStack(app, contestant)
  return app
}
