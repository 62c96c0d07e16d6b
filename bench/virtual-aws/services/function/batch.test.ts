import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReceivedMessage } from '../../world.ts'
import { batchBytesMax, batchesOf, surelyFits } from './batch.ts'
import { sqsEvent } from './sqs-event.ts'

const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:Q'
const region = 'eu-west-1'

const message = (body: string, attribute = ''): ReceivedMessage => ({
  messageId: '5a5a0001-0000-4000-8000-000000000001',
  receiptHandle: 'AQEB.1.1.1',
  body,
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767571200000' },
  messageAttributes: attribute === '' ? {} : { a: { DataType: 'String', StringValue: attribute } },
})
const bytesOf = (messages: readonly ReceivedMessage[]): number =>
  Buffer.byteLength(JSON.stringify(sqsEvent(messages, queueArn, region)))

const anyMessage = fc
  .record({
    character: fc.constantFrom('x', '"', 'é', '\u0001', '😀'),
    length: fc.integer({ min: 0, max: 400_000 }),
    attribute: fc.constantFrom('', 'y'.repeat(100_000)),
  })
  .map(({ character, length, attribute }) => message(character.repeat(length), attribute))

describe('a batch', () => {
  it('that surely fits does, whatever its characters', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 10 }), (messages) => {
        if (surelyFits(messages)) expect(bytesOf(messages)).toBeLessThanOrEqual(batchBytesMax)
      }),
      { seed: 20_261_125, numRuns: 100 },
    )
  })

  it('is parted in order, each part within the payload and none smaller than it must be', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 40 }), (messages) => {
        const batches = batchesOf(messages, queueArn, region)
        expect(batches.flat()).toEqual(messages)
        for (const [index, batch] of batches.entries()) {
          expect(bytesOf(batch)).toBeLessThanOrEqual(batchBytesMax)
          const [next] = batches[index + 1] ?? []
          if (next !== undefined) expect(bytesOf([...batch, next])).toBeGreaterThanOrEqual(batchBytesMax)
        }
      }),
      { seed: 20_261_125, numRuns: 30 },
    )
  })
})
