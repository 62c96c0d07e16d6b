import { createHash } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { anOrder, aSummary } from '../orders.testing.ts'
import { command, event, messageId } from './envelope.ts'
import { commandNames, eventNames } from './names.ts'
import { jsonSchemas, MalformedMessage, parse } from './parse.ts'
import { answersTo, commands, events, registry } from './registry.ts'

const time = '2026-01-05T00:00:00.000Z'
const reserve = command({
  type: 'ReserveInventory',
  source: 'order-flow',
  orderId: 'o-1',
  causationId: 'cause',
  time,
  data: { order: anOrder },
})
const reserved = event({
  type: 'InventoryReserved',
  orderId: 'o-1',
  causationId: reserve.id,
  time,
  data: { order: aSummary },
})

describe('the registry', () => {
  it('knows every message of the flow, and no other', () => {
    expect(Object.keys(registry).sort()).toEqual([...commandNames, ...eventNames].sort())
  })

  it('answers a command with facts of the service that owns it', () => {
    for (const name of commandNames) {
      const owners = answersTo(name).map((fact) => events[fact].owner)
      expect(new Set(owners)).toEqual(new Set([commands[name].owner]))
    }
  })

  it('names commands by what is to be done and events by what was done', () => {
    const pastTense = /(ed|Overdue)$/
    expect(eventNames.filter((name) => !pastTense.test(name))).toEqual([])
    expect(commandNames.filter((name) => pastTense.test(name))).toEqual([])
  })

  it('gives a JSON Schema of every message, which accepts what the project makes', () => {
    const schemas = jsonSchemas()
    const ajv = new Ajv2020({ formats: { 'date-time': true } })
    expect(Object.keys(schemas)).toHaveLength(commandNames.length + eventNames.length)
    for (const schema of Object.values(schemas)) expect(ajv.validateSchema(schema)).toBe(true)
    expect(ajv.validate(schemas.ReserveInventory, reserve)).toBe(true)
    expect(ajv.validate(schemas.InventoryReserved, reserved)).toBe(true)
    expect(ajv.validate(schemas.InventoryReserved, reserve)).toBe(false)
  })
})

describe('an envelope', () => {
  it('has the id that order, type and cause give: what is made again bears the same', () => {
    const expected = createHash('sha256').update('o-1/ReserveInventory/cause').digest('hex')
    expect(reserve.id).toBe(expected)
    expect(messageId('o-1', 'ReserveInventory', 'cause')).toBe(expected)
  })

  it('ties an event to the message that caused it and to its order', () => {
    expect(reserved).toMatchObject({
      specversion: '1.0',
      source: 'inventory-service',
      subject: 'o-1',
      dataschema: 'InventoryReserved/1',
      correlationid: 'o-1',
      causationid: reserve.id,
    })
  })
})

describe('parsing', () => {
  it('gives back what was made, key by key in the same order', () => {
    expect(JSON.stringify(parse(['ReserveInventory'], JSON.parse(JSON.stringify(reserve))))).toBe(
      JSON.stringify(reserve),
    )
  })

  it('leaves out what it does not know: a producer may add fields', () => {
    const richer = { ...reserved, partition: 7, data: { ...reserved.data, shelf: 'B' } }
    expect(parse(['InventoryReserved'], richer)).toEqual(reserved)
  })

  it.each([
    {
      name: 'another type',
      value: reserved,
      message: 'Expected a message of type ReserveInventory; got InventoryReserved.',
    },
    {
      name: 'no object',
      value: 7,
      message: 'Expected a message of type ReserveInventory; got number, no object.',
    },
    {
      name: 'null',
      value: null,
      message: 'Expected a message of type ReserveInventory; got null, no object.',
    },
    {
      name: 'no type',
      value: {},
      message: 'Expected a message of type ReserveInventory; got an object without a type.',
    },
    {
      name: 'another version',
      value: { ...reserve, dataschema: 'ReserveInventory/2' },
      message: 'ReserveInventory/1: dataschema: Invalid input: expected "ReserveInventory/1".',
    },
    {
      name: 'a line that is wrong',
      value: {
        ...reserve,
        data: { order: { ...anOrder, lines: [{ sku: 's', quantity: '2', unitPrice: 1 }] } },
      },
      message:
        'ReserveInventory/1: data.order.lines[0].quantity: Invalid input: expected number, received string.',
    },
    {
      name: 'a fraction of a piece',
      value: {
        ...reserve,
        data: { order: { ...anOrder, lines: [{ sku: 's', quantity: 1.5, unitPrice: 1 }] } },
      },
      message:
        'ReserveInventory/1: data.order.lines[0].quantity: Invalid input: expected int, received number.',
    },
  ])('says what is wrong with $name, and where', ({ value, message }) => {
    expect(() => parse(['ReserveInventory'], value)).toThrow(new MalformedMessage(message))
  })
})
