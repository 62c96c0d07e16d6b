import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRecord } from '../properties.ts'
import { smallWorld } from '../small-world.ts'
import { md5OfAttributes, md5OfText } from './digest.ts'
import { on, one, outputOf, send } from './queue.testing.ts'

/** Written from AWS's description once more, on other tools. */
const expectedDigest = (attributes: Readonly<Record<string, unknown>>): string => {
  const parts = Object.keys(attributes)
    .toSorted()
    .flatMap((name) => {
      const attribute = attributes[name]
      const { DataType, StringValue, BinaryValue } = isRecord(attribute) ? attribute : {}
      const value =
        BinaryValue instanceof Uint8Array ? Buffer.from(BinaryValue) : Buffer.from(String(StringValue))
      const sized = (bytes: Buffer) => {
        const length = Buffer.alloc(4)
        length.writeUInt32BE(bytes.length)
        return [length, bytes]
      }
      return [
        ...sized(Buffer.from(name)),
        ...sized(Buffer.from(String(DataType))),
        Buffer.of(BinaryValue === undefined ? 1 : 2),
        ...sized(value),
      ]
    })
  return createHash('md5').update(Buffer.concat(parts)).digest('hex')
}

describe('the digest of a message', () => {
  it('is that of its body', () => {
    expect(md5OfText('This is a test message')).toBe('fafb00f5732ab283681e124bf8747ed1')
  })

  it('is that of its attributes, in the order of their names', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/)
    const attribute = fc.oneof(
      fc.record({ DataType: fc.constantFrom('String', 'Number.int'), StringValue: fc.string() }),
      fc.record({ DataType: fc.constant('Binary'), BinaryValue: fc.uint8Array() }),
    )
    fc.assert(
      fc.property(fc.dictionary(name, attribute, { minKeys: 1, maxKeys: 10 }), (attributes) => {
        expect(md5OfAttributes(attributes)).toBe(expectedDigest(attributes))
      }),
    )
  })

  it('is there for who reads it, in no copy, and comes back with the message', async () => {
    const world = smallWorld(one())
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'x' } }
    const sent = outputOf(await send(world, 'hello', { MessageAttributes }))
    expect(sent['MD5OfMessageBody']).toBe('5d41402abc4b2a76b9719d911017c592')
    expect(sent['MD5OfMessageAttributes']).toBe(expectedDigest(MessageAttributes))
    expect(sent['MD5OfMessageSystemAttributes']).toBeUndefined()
    expect(Object.keys(sent)).toEqual(['MessageId'])
    const input = { ...on(), MessageAttributeNames: ['All'] }
    const { Messages } = outputOf(await world.call('sqs', 'ReceiveMessage', input))
    expect(Messages).toMatchObject([
      {
        MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
        MD5OfMessageAttributes: expectedDigest(MessageAttributes),
      },
    ])
  })

  it('is there for each entry of a batch', async () => {
    const world = smallWorld(one())
    const Entries = [{ Id: 'a', MessageBody: 'hello' }]
    const output = outputOf(await world.call('sqs', 'SendMessageBatch', { ...on(), Entries }))
    const [entry] = output['Successful'] as readonly { readonly MD5OfMessageBody: string }[]
    expect(entry?.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592')
  })
})
