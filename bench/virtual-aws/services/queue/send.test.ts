import { describe, expect, it } from 'vitest'
import { smallWorld } from '../small-world.ts'
import { errorOf, messageOf, on, one, outputOf, send, take } from './queue.testing.ts'

const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue })
const attempt = (MessageAttributes: unknown) => send(smallWorld(one()), 'm', { MessageAttributes })

describe('the attributes of a message', () => {
  it.each([
    { name: 'text', attribute: text('x') },
    { name: 'text with a label', attribute: text('x', 'String.json') },
    { name: 'a number', attribute: text('-1.5e3', 'Number') },
    { name: 'a number with a label', attribute: text('7', 'Number.int') },
    { name: 'bytes', attribute: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) } },
    { name: 'bytes with a label', attribute: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(1) } },
  ])('may be $name, and come back as they were', async ({ attribute }) => {
    const world = smallWorld(one())
    expect(errorOf(await send(world, 'm', { MessageAttributes: { a: attribute } }))).toBeUndefined()
    expect(take(world)[0]?.messageAttributes).toEqual({ a: attribute })
  })

  it.each([
    { name: 'no value', attribute: undefined, message: 'must contain a non-empty message attribute value.' },
    {
      name: 'no type',
      attribute: { StringValue: 'x' },
      message: 'must contain a non-empty message attribute type.',
    },
    {
      name: 'an unknown type',
      attribute: text('x', 'Text'),
      message:
        "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
    },
    {
      name: 'a type of 257 letters',
      attribute: text('x', `String.${'x'.repeat(250)}`),
      message: 'Message (user) attribute type must be shorter than 256 bytes.',
    },
    {
      name: 'an empty text',
      attribute: text(''),
      message: "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    },
    {
      name: 'a number that is none',
      attribute: text('Hello', 'Number'),
      message: "Can't cast the value of message (user) attribute 'a' to a number.",
    },
    {
      name: 'no bytes',
      attribute: { DataType: 'Binary', BinaryValue: new Uint8Array() },
      message: "Message (user) attribute 'a' must contain a non-empty value of type 'Binary'.",
    },
    {
      name: 'bytes as text',
      attribute: { DataType: 'Binary', StringValue: 'x' },
      message: "Message (user) attribute 'a' with type 'Binary' must use field 'Binary'.",
    },
    {
      name: 'text as bytes',
      attribute: { DataType: 'String', BinaryValue: Uint8Array.of(1) },
      message: "Message (user) attribute 'a' with type 'String' must use field 'String'.",
    },
    {
      name: 'both',
      attribute: { ...text('x'), BinaryValue: Uint8Array.of(1) },
      message: "Message (user) attribute 'a' must have a single value.",
    },
    {
      name: 'a character that is not allowed',
      attribute: text('\u0000'),
      message: "Message (user) attribute 'a' holds characters outside the allowed set.",
    },
  ])('with $name are refused', async ({ attribute, message }) => {
    const answer = await attempt({ a: attribute })
    expect(errorOf(answer)).toBe('InvalidParameterValue')
    expect(messageOf(answer)).toContain(message)
  })

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html (read 2026-11-25)
  it.each([
    { number: '0', holds: true },
    { number: '-0.0', holds: true },
    { number: '+7.', holds: true },
    { number: '.5', holds: true },
    { number: '230.000000000000000001', holds: true },
    { number: '1'.repeat(38), holds: true },
    { number: '1'.repeat(39), holds: false },
    { number: `00${'1'.repeat(38)}00`, holds: true },
    { number: '1e126', holds: true },
    { number: '1.1e126', holds: false },
    { number: '1E-128', holds: true },
    { number: '0.9e-128', holds: false },
    { number: '0x10', holds: false },
    { number: '1,5', holds: false },
    { number: '.', holds: false },
    { number: 'e5', holds: false },
    { number: ' 1', holds: false },
    { number: 'Infinity', holds: false },
  ])('as a number may be $number: $holds', async ({ number, holds }) => {
    expect((await attempt({ a: text(number, 'Number') })).ok).toBe(holds)
  })

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html (read 2026-11-25)
  it.each([
    { name: 'a.b-c_d9', error: undefined },
    { name: 'x'.repeat(256), error: undefined },
    { name: 'x'.repeat(257), error: 'InvalidParameterValue' },
    { name: '', error: 'InvalidParameterValue' },
    { name: '.a', error: 'InvalidParameterValue' },
    { name: 'a.', error: 'InvalidParameterValue' },
    { name: 'a..b', error: 'InvalidParameterValue' },
    { name: 'a b', error: 'InvalidParameterValue' },
    { name: 'AWS.a', error: 'InvalidParameterValue' },
    { name: 'amazon.a', error: 'InvalidParameterValue' },
    { name: 'awsome', error: undefined },
  ])('named "$name": $error', async ({ name, error }) => {
    expect(errorOf(await attempt({ [name]: text('x') }))).toBe(error)
  })

  it.each([
    { count: 10, error: undefined },
    { count: 11, error: 'InvalidParameterValue' },
  ])('may be ten: $count gives $error', async ({ count, error }) => {
    const all = Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, text('x')]))
    expect(errorOf(await attempt(all))).toBe(error)
  })

  it('count into the size of the message: name, type and value', async () => {
    const world = smallWorld(one())
    // 1 + 6 bytes of name and type.
    const fits = { a: text('x'.repeat(1_048_576 - 1 - 7)) }
    expect(errorOf(await send(world, 'm', { MessageAttributes: fits }))).toBeUndefined()
    expect(messageOf(await send(world, 'mm', { MessageAttributes: fits }))).toBe(
      'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    )
  })

  it('are given to who asks for them, by name or by the beginning of the name', async () => {
    for (const [names, expected] of [
      [['a'], ['a']],
      [['bar.*'], ['bar.one', 'bar.two']],
      [['All'], ['a', 'bar.one', 'bar.two']],
      [['.*'], ['a', 'bar.one', 'bar.two']],
      [['b'], []],
    ] as const) {
      const world = smallWorld(one())
      const MessageAttributes = { a: text('1'), 'bar.one': text('2'), 'bar.two': text('3') }
      await send(world, 'm', { MessageAttributes })
      const input = { ...on(), MessageAttributeNames: names }
      const { Messages } = outputOf(await world.call('sqs', 'ReceiveMessage', input))
      const [message] = Messages as readonly { readonly MessageAttributes?: object }[]
      expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(expected)
    }
  })
})

describe('a message to a standard queue', () => {
  it('may have a message group, which comes back with it and holds nothing up', async () => {
    const world = smallWorld(one())
    await send(world, 'a', { MessageGroupId: 'tenant' })
    await send(world, 'b', { MessageGroupId: 'tenant' })
    expect(take(world, 'Q', 1)[0]?.attributes['MessageGroupId']).toBe('tenant')
    expect(take(world, 'Q', 1)[0]?.body).toBe('b')
  })

  it('may not have a deduplication id', async () => {
    const answer = await send(smallWorld(one()), 'a', { MessageDeduplicationId: 'd' })
    expect([errorOf(answer), messageOf(answer)]).toEqual([
      'InvalidParameterValue',
      'Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ])
  })

  it('with a character that is not allowed answers InvalidMessageContents', async () => {
    const answer = await send(smallWorld(one()), 'a\u0000b')
    expect(errorOf(answer)).toBe('InvalidMessageContents')
  })

  it('carries a trace header, which does not count into its size', async () => {
    const world = smallWorld(one())
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1'
    const MessageSystemAttributes = { AWSTraceHeader: text(header) }
    await send(world, 'x'.repeat(1_048_576), { MessageSystemAttributes })
    expect(take(world)[0]?.attributes['AWSTraceHeader']).toBe(header)
  })

  it.each([
    { name: 'of another name', attributes: { Colour: text('red') }, message: "'Colour' is invalid" },
    { name: 'that is empty', attributes: { AWSTraceHeader: text('') }, message: 'non-empty value' },
    {
      name: 'that is a number',
      attributes: { AWSTraceHeader: text('1', 'Number') },
      message: "of type 'String'",
    },
  ])('with a system attribute $name is refused', async ({ attributes, message }) => {
    const answer = await send(smallWorld(one()), 'm', { MessageSystemAttributes: attributes })
    expect(errorOf(answer)).toBe('InvalidParameterValue')
    expect(messageOf(answer)).toContain(message)
  })
})

describe('a batch', () => {
  it.each([
    { name: 'of 1 MiB with its attributes', first: 1_048_576 - 8 - 10, error: undefined },
    { name: 'of a byte more', first: 1_048_576 - 8 - 9, error: 'BatchRequestTooLong' },
  ])('$name answers $error', async ({ first, error }) => {
    const Entries = [
      { Id: 'a', MessageBody: 'x'.repeat(first), MessageAttributes: { a: text('x') } },
      { Id: 'b', MessageBody: 'x'.repeat(10) },
    ]
    const answer = await smallWorld(one()).call('sqs', 'SendMessageBatch', { ...on(), Entries })
    expect(errorOf(answer)).toBe(error)
  })

  it.each(['DeleteMessageBatch', 'ChangeMessageVisibilityBatch'])(
    '%s reports what failed beside what succeeded',
    async (action) => {
      const world = smallWorld(one())
      await send(world, 'm')
      const [message] = take(world)
      const entry = { ReceiptHandle: message?.receiptHandle, VisibilityTimeout: 0 }
      const Entries = [
        { Id: 'good', ...entry },
        { Id: 'bad', ...entry, ReceiptHandle: 'nonsense' },
      ]
      expect(outputOf(await world.call('sqs', action, { ...on(), Entries }))).toEqual({
        Successful: [{ Id: 'good' }],
        Failed: [
          {
            Id: 'bad',
            Code: 'ReceiptHandleIsInvalid',
            Message: 'The input receipt handle "nonsense" is not valid.',
            SenderFault: true,
          },
        ],
      })
      expect(take(world)).toHaveLength(action === 'DeleteMessageBatch' ? 0 : 1)
      const empty = await world.call('sqs', action, { ...on(), Entries: [] })
      expect(messageOf(empty)).toBe(`There should be at least one ${action}RequestEntry in the request.`)
    },
  )
})
