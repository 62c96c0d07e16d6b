import { eventsGuide } from '../documentation.ts'
import { equal } from '../expectations.ts'
import { bus, openToRules } from '../resources.ts'
import { group, type Told } from '../statement.ts'
import { detailsDelivered, listening, put } from './events.ts'

const operatorsPage = eventsGuide('eb-create-pattern-operators')

interface Pattern {
  /** Names the rule and its queue. */
  readonly name: string
  readonly id: string
  readonly statement: string
  readonly detail: object
  readonly matches: readonly object[]
  readonly others: readonly object[]
  readonly documentation?: string
}

/** The details that match are delivered, and the others are not. */
const told = ({ name, id, statement, detail, matches, others, documentation }: Pattern): Told => ({
  id,
  statement,
  documentation: documentation ?? operatorsPage,
  resources: listening(name, { detail }),
  check: async (aws) => {
    await put(aws, name, [...others, ...matches])
    equal(
      await detailsDelivered(aws, name, matches.length),
      matches.map((match) => JSON.stringify(match)).toSorted(),
      'what was delivered',
    )
  },
})

const operators: readonly Pattern[] = [
  {
    name: 'Exact',
    id: 'exact',
    statement:
      'A pattern matches an event that has any of its values in each of its fields, of the same type',
    documentation: eventsGuide('eb-event-patterns'),
    detail: { state: ['paid', 'shipped'], n: [1] },
    matches: [
      { state: 'paid', n: 1 },
      { state: 'shipped', n: 1, more: true },
    ],
    others: [{ state: 'paid' }, { state: 'open', n: 1 }, { state: 'paid', n: '1' }, { state: 'Paid', n: 1 }],
  },
  {
    name: 'InArray',
    id: 'array',
    statement: 'An array in an event matches if any of its elements does',
    documentation: eventsGuide('eb-event-patterns-arrays'),
    detail: { tags: ['red', 'blue'] },
    matches: [{ tags: ['green', 'blue'] }, { tags: 'red' }],
    others: [{ tags: ['green'] }, { tags: [] }],
  },
  {
    name: 'Prefix',
    id: 'prefix',
    statement: 'prefix matches a text that begins with it',
    detail: { sku: [{ prefix: 'book-' }] },
    matches: [{ sku: 'book-1' }, { sku: 'book-' }],
    others: [{ sku: 'toy-1' }, { sku: 'Book-1' }, { sku: 'a book-1' }],
  },
  {
    name: 'Suffix',
    id: 'suffix',
    statement: 'suffix matches a text that ends with it',
    detail: { file: [{ suffix: '.png' }] },
    matches: [{ file: 'a.png' }],
    others: [{ file: 'a.png.txt' }, { file: 'a.PNG' }],
  },
  {
    name: 'AnythingBut',
    id: 'anything-but',
    statement: 'anything-but matches a field that has another value, and no field that is missing',
    detail: { state: [{ 'anything-but': ['open', 'paid'] }] },
    matches: [{ state: 'shipped' }, { state: 1 }],
    others: [{ state: 'open' }, { state: 'paid' }, {}],
  },
  {
    name: 'AnythingButPrefix',
    id: 'anything-but-prefix',
    statement: 'anything-but with a prefix matches a text that begins otherwise',
    detail: { state: [{ 'anything-but': { prefix: 'in' } }] },
    matches: [{ state: 'done' }],
    others: [{ state: 'init' }, { state: 'in' }],
  },
  {
    name: 'Exists',
    id: 'exists',
    statement: 'exists: true matches a field that is there, whatever its value',
    detail: { coupon: [{ exists: true }] },
    matches: [{ coupon: 'x' }, { coupon: null }],
    others: [{}, { other: 'x' }],
  },
  {
    name: 'ExistsNot',
    id: 'exists-not',
    statement: 'exists: false matches an event without the field',
    detail: { coupon: [{ exists: false }] },
    matches: [{ other: 1 }],
    others: [{ coupon: 'x' }],
  },
  {
    name: 'Numeric',
    id: 'numeric',
    statement: 'numeric matches numbers within its bounds, and no text',
    detail: { amount: [{ numeric: ['>', 0, '<=', 10] }] },
    matches: [{ amount: 0.5 }, { amount: 10 }],
    others: [{ amount: 0 }, { amount: 10.1 }, { amount: '5' }],
  },
  {
    name: 'EqualsIgnoringCase',
    id: 'equals-ignore-case',
    statement: 'equals-ignore-case matches a text in capitals and small letters alike',
    detail: { city: [{ 'equals-ignore-case': 'bern' }] },
    matches: [{ city: 'Bern' }, { city: 'BERN' }],
    others: [{ city: 'Bernau' }],
  },
  {
    name: 'Wildcard',
    id: 'wildcard',
    statement: 'wildcard matches any characters, or none, where it has an asterisk',
    detail: { path: [{ wildcard: 'dir/*.png' }] },
    matches: [{ path: 'dir/a.png' }, { path: 'dir/.png' }, { path: 'dir/sub/a.png' }],
    others: [{ path: 'dir/a.jpg' }, { path: 'other/a.png' }],
  },
  {
    name: 'Cidr',
    id: 'cidr',
    statement: 'cidr matches addresses of the block',
    detail: { address: [{ cidr: '10.0.0.0/24' }] },
    matches: [{ address: '10.0.0.255' }],
    others: [{ address: '10.0.1.0' }, { address: 'nowhere' }],
  },
  {
    name: 'Either',
    id: 'or',
    statement: '$or matches if any of its patterns does, together with the fields beside it',
    detail: { kind: ['order'], $or: [{ amount: [{ numeric: ['>', 100] }] }, { urgent: [true] }] },
    matches: [
      { kind: 'order', amount: 101, urgent: false },
      { kind: 'order', amount: 1, urgent: true },
    ],
    others: [
      { kind: 'order', amount: 1, urgent: false },
      { kind: 'offer', amount: 101, urgent: true },
    ],
  },
  {
    name: 'Nested',
    id: 'nested',
    statement: 'A pattern matches fields within objects, and ignores those that it does not name',
    documentation: eventsGuide('eb-event-patterns'),
    detail: { order: { customer: { country: ['CH'] } } },
    matches: [{ order: { id: 1, customer: { name: 'x', country: 'CH' } } }],
    others: [{ order: { country: 'CH' } }, { customer: { country: 'CH' } }],
  },
  {
    name: 'PrefixIgnoringCase',
    id: 'prefix-ignore-case',
    statement:
      'prefix with equals-ignore-case matches a text that begins with it in capitals or small letters',
    detail: { service: [{ prefix: { 'equals-ignore-case': 'eventb' } }] },
    matches: [{ service: 'EventBridge' }, { service: 'eventb' }],
    others: [{ service: 'an EventBridge' }, { service: 'event' }],
  },
  {
    name: 'AnythingButNumber',
    id: 'anything-but-number',
    statement: 'anything-but with numbers matches other numbers, and texts',
    detail: { n: [{ 'anything-but': [1, 2] }] },
    matches: [{ n: 3 }, { n: '1' }],
    others: [{ n: 1 }, { n: 2.0 }],
  },
]

const shared = { Bus: bus, Policy: openToRules(...operators.map(({ name }) => name)) }

export const patterns = group(
  { stack: 'events-patterns', service: 'EventBridge', shared },
  operators.map(told),
)
