import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { eventually, holds, present } from '../expectations.ts'
import { receiveOne } from '../sqs/messages.ts'
import type { Aws } from '../statement.ts'

/** How checks start executions of a machine, by its logical id, and read how they ended. */

export const start = async (
  aws: Aws,
  machine: string,
  input: unknown = {},
  name?: string,
): Promise<string> => {
  const { executionArn } = await aws.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: aws.named(machine),
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    }),
  )
  return present(executionArn, 'executionArn')
}

export const describe = (aws: Aws, executionArn: string): Promise<DescribeExecutionCommandOutput> =>
  aws.sfn.send(new DescribeExecutionCommand({ executionArn }))

/** How an execution ended, and when that was seen. */
export const ended = (
  aws: Aws,
  executionArn: string,
  withinMs?: number,
): Promise<DescribeExecutionCommandOutput> =>
  eventually(
    aws,
    async () => {
      const described = await describe(aws, executionArn)
      return described.status === 'RUNNING' ? undefined : described
    },
    'the end of the execution',
    withinMs,
  )

export const run = async (
  aws: Aws,
  machine: string,
  input?: unknown,
): Promise<DescribeExecutionCommandOutput> => ended(aws, await start(aws, machine, input))

/** The output of an execution that has to succeed. */
export const outputOf = async (aws: Aws, machine: string, input?: unknown): Promise<unknown> =>
  succeeded(await run(aws, machine, input))

export const succeeded = ({ status, output, error, cause }: DescribeExecutionCommandOutput): unknown => {
  holds(status === 'SUCCEEDED', `expected SUCCEEDED, got ${status}: ${error}: ${cause}`)
  return JSON.parse(output ?? 'null')
}

export const history = async (aws: Aws, executionArn: string): Promise<readonly HistoryEvent[]> =>
  (await aws.sfn.send(new GetExecutionHistoryCommand({ executionArn }))).events ?? []

/** Milliseconds from the start to the end of an execution, as the service tells them. */
export const lasted = ({ startDate, stopDate }: DescribeExecutionCommandOutput): number =>
  present(stopDate, 'stopDate').getTime() - present(startDate, 'startDate').getTime()

/** The token that a machine sent to a queue as `{ "token": … }`. */
export const tokenFrom = async (aws: Aws, queue: string): Promise<string> => {
  const { Body = '{}' } = await receiveOne(aws, queue)
  return String(Object(JSON.parse(Body)).token)
}
