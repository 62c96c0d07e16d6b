import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation'
import { paginateListExecutions, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { BadInput } from '../workload/bad-input.ts'
import type { LiveClients } from './target.ts'

/** What is heard and done between two requests. */
export interface Stopping {
  /** So many were found that run, and are stopped next. */
  readonly onFound?: (count: number) => void
  readonly pause?: (ms: number) => Promise<unknown>
}

type Clients = Pick<LiveClients, 'cloudFormation' | 'sfn'>

/**
 * Clients that go where the CDK goes, to an endpoint too where the configuration names one: what is stopped must be what
 * is deleted.
 */
export const connectAsConfigured = (region: string, profile: string | undefined): Clients => {
  const config = { region, ...(profile === undefined ? {} : { profile }) }
  return { cloudFormation: new CloudFormationClient(config), sfn: new SFNClient(config) }
}

/**
 * StopExecution is refilled at 25 a second in the regions that are given least, ListExecutions at 2: this is below both.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (read 2026-11-25)
 */
const stopsAtOnce = 10
const stopPauseMs = 500
const pagePauseMs = 500

/** A list shows what has begun and ended a moment late; so often it is read again. */
const roundsMax = 10
const roundPauseMs = 2_000

/**
 * Stops every execution of a stack's state machines, and gives how many were. A stack that is not there has none.
 * Throws BadInput where new ones keep coming.
 */
export const stopExecutions = async (
  clients: Clients,
  stackName: string,
  { onFound, pause = sleep }: Stopping = {},
): Promise<number> => {
  const machines = await stateMachinesOf(clients, stackName)
  const stopped = new Set<string>()
  for (let round = 0; round < roundsMax; round += 1) {
    const fresh = (await runningOf(clients, machines, pause)).filter((arn) => !stopped.has(arn))
    if (fresh.length === 0) return stopped.size
    onFound?.(fresh.length)
    for (let first = 0; first < fresh.length; first += stopsAtOnce) {
      const some = fresh.slice(first, first + stopsAtOnce)
      await Promise.all(
        some.map(async (arn) => {
          if (await stop(clients, arn)) stopped.add(arn)
        }),
      )
      await pause(stopPauseMs)
    }
    await pause(roundPauseMs)
  }
  throw new BadInput(
    `Executions of ${stackName} keep starting: ${stopped.size} were stopped, and others came. End the run that hands orders in, then try again.`,
  )
}

const stateMachinesOf = async (
  { cloudFormation }: Clients,
  stackName: string,
): Promise<readonly string[]> => {
  const found: string[] = []
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client: cloudFormation },
      { StackName: stackName },
    ))
      for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries)
        if (ResourceType === 'AWS::StepFunctions::StateMachine' && PhysicalResourceId !== undefined)
          found.push(PhysicalResourceId)
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return []
    throw error
  }
  return found
}

const runningOf = async (
  { sfn }: Clients,
  machines: readonly string[],
  pause: NonNullable<Stopping['pause']>,
): Promise<readonly string[]> => {
  const running: string[] = []
  for (const stateMachineArn of machines)
    try {
      for await (const { executions = [], nextToken } of paginateListExecutions(
        { client: sfn, pageSize: 1_000 },
        { stateMachineArn, statusFilter: 'RUNNING' },
      )) {
        running.push(...executions.flatMap(({ executionArn }) => executionArn ?? []))
        if (nextToken !== undefined) await pause(pagePauseMs)
      }
    } catch (error) {
      // A stack whose deletion failed half-way still lists what is gone.
      if (!(error instanceof Error && error.name === 'StateMachineDoesNotExist')) throw error
    }
  return running
}

/** False where it has ended by itself; the next list tells whether it has. */
const stop = async ({ sfn }: Clients, executionArn: string): Promise<boolean> => {
  try {
    await sfn.send(
      new StopExecutionCommand({
        executionArn,
        error: 'Destroyed',
        cause: 'npm run destroy takes its stack down',
      }),
    )
    return true
  } catch (error) {
    if (error instanceof Error && hasEnded.includes(error.name)) return false
    throw error
  }
}

const hasEnded: readonly string[] = ['ExecutionDoesNotExist', 'ValidationException']
