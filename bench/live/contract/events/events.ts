import {
  PutEventsCommand,
  type PutEventsCommandOutput,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge'
import { equal } from '../expectations.ts'
import { arnOf, queue, refTo, rule } from '../resources.ts'
import { receiveUpTo, remove } from '../sqs/messages.ts'
import type { Aws, Resources } from '../statement.ts'

/** How checks put events on the bus of their stack, and read what a rule sent to its queue. */

/** The events of each rule have a source of their own, so that many share a bus. */
export const sourceOf = (name: string): string => `contract.${name}`

/** A rule on the bus with a queue of the same name, for events of its own source. */
export const listening = (name: string, pattern: object = {}, target: object = {}): Resources => ({
  [name]: queue(),
  [`${name}Rule`]: rule({
    EventBusName: refTo('Bus'),
    EventPattern: { source: [sourceOf(name)], ...pattern },
    Targets: [{ Id: 'queue', Arn: arnOf(name), ...target }],
  }),
})

export const putAll = (
  aws: Aws,
  name: string,
  entries: readonly Partial<PutEventsRequestEntry>[],
): Promise<PutEventsCommandOutput> =>
  aws.eventBridge.send(
    new PutEventsCommand({
      Entries: entries.map((entry) => ({
        EventBusName: aws.named('Bus'),
        Source: sourceOf(name),
        DetailType: 'Told',
        Detail: '{}',
        ...entry,
      })),
    }),
  )

/** One event for each detail, ten at a time. */
export const put = async (aws: Aws, name: string, details: readonly object[]): Promise<void> => {
  for (let from = 0; from < details.length; from += entriesMax) {
    const some = details.slice(from, from + entriesMax)
    const { FailedEntryCount } = await putAll(
      aws,
      name,
      some.map((detail) => ({ Detail: JSON.stringify(detail) })),
    )
    equal(FailedEntryCount, 0, 'FailedEntryCount')
  }
}

const entriesMax = 10
const deliverySeconds = 15
const strayMs = 1500

/** Waits for as many messages as are expected, and a little longer for those that are not: their bodies. */
export const delivered = async (aws: Aws, name: string, count: number): Promise<readonly string[]> => {
  const came = [...(await receiveUpTo(aws, name, count, deliverySeconds))]
  await aws.sleep(strayMs)
  came.push(...(await receiveUpTo(aws, name, 1, 1)))
  for (const message of came) await remove(aws, name, message)
  return came.map(({ Body = '' }) => Body)
}

/** The details of the events that come, in a settled order. */
export const detailsDelivered = async (aws: Aws, name: string, count: number): Promise<readonly string[]> =>
  (await delivered(aws, name, count))
    .map((body) => JSON.stringify(Object(JSON.parse(body)).detail))
    .toSorted()
