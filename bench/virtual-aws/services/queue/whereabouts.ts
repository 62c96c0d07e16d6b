import type { Properties } from '../properties.ts'
import type { Directory } from './directory.ts'
import { invalidParameter, missingParameter, outOfRange, queueDoesNotExist } from './errors.ts'
import type { Queue } from './queue.ts'
import { isWholeBetween } from './send.ts'

/** GetQueueUrl: of a queue of this account. */
export const queueUrl = (directory: Directory, accountId: string, input: Properties): object => {
  const { QueueName, QueueOwnerAWSAccountId } = input
  if (typeof QueueName !== 'string' || QueueName === '') throw missingParameter('QueueName')
  const queue = directory.find(QueueName)
  const isOurs = QueueOwnerAWSAccountId === undefined || QueueOwnerAWSAccountId === accountId
  if (!isOurs || queue === undefined || queue.identity.name !== QueueName) throw queueDoesNotExist()
  return { QueueUrl: queue.identity.url }
}

const resultsMax = 1000

/** ListDeadLetterSourceQueues: page by page when `MaxResults` says how many. */
export const deadLetterSources = (directory: Directory, queue: Queue, input: Properties): object => {
  const { MaxResults, NextToken } = input
  if (MaxResults !== undefined && !isWholeBetween(MaxResults, 1, resultsMax))
    throw outOfRange('MaxResults', MaxResults, 1, resultsMax)
  const from = NextToken === undefined ? 0 : Number(NextToken)
  if (!Number.isInteger(from) || from < 0)
    throw invalidParameter(`Value ${String(NextToken)} for parameter NextToken is invalid.`)
  const urls = directory.sourcesOf(queue.identity.arn).map(({ identity }) => identity.url)
  const until = from + (MaxResults ?? resultsMax)
  return {
    queueUrls: urls.slice(from, until),
    ...(MaxResults !== undefined && until < urls.length && { NextToken: String(until) }),
  }
}
