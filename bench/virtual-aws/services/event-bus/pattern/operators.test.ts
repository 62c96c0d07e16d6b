import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

/** Of AWS's own pages: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const yes = true
const no = false
const matching: readonly {
  readonly field: unknown
  readonly rows: readonly (readonly [value: unknown, matches: boolean])[]
}[] = [
  {
    field: ['a', 'b'],
    rows: [
      ['a', yes],
      ['b', yes],
      ['A', no],
      [['x', 'b'], yes],
      [[], no],
    ],
  },
  {
    field: [''],
    rows: [
      ['', yes],
      [' ', no],
      [null, no],
    ],
  },
  {
    field: [null],
    rows: [
      [null, yes],
      ['null', no],
      ['', no],
    ],
  },
  {
    field: [true],
    rows: [
      [true, yes],
      ['true', no],
      [false, no],
    ],
  },
  {
    field: [1],
    rows: [
      [1, yes],
      ['1', no],
      [1.0000001, no],
      [[0, 1], yes],
    ],
  },
  {
    field: [123456789012],
    rows: [
      [123456789012, yes],
      ['123456789012', no],
      [123456789013, no],
    ],
  },
  {
    field: ['10.0.0.1'],
    rows: [
      ['10.0.0.1', yes],
      ['10.0.0.2', no],
    ],
  },
  {
    field: ['::1'],
    rows: [
      ['0:0:0:0:0:0:0:1', yes],
      ['::2', no],
    ],
  },
  {
    field: [{ prefix: 'us-' }],
    rows: [
      ['us-east-1', yes],
      ['US-east-1', no],
      ['eu-us-', no],
      [1, no],
    ],
  },
  {
    field: [{ prefix: '' }],
    rows: [
      ['anything', yes],
      [1, no],
    ],
  },
  {
    field: [{ prefix: { 'equals-ignore-case': 'us-' } }],
    rows: [
      ['US-east-1', yes],
      ['eu-', no],
    ],
  },
  {
    field: [{ suffix: '.png' }],
    rows: [
      ['a.png', yes],
      ['a.PNG', no],
      ['.png.txt', no],
    ],
  },
  {
    field: [{ suffix: { 'equals-ignore-case': '.png' } }],
    rows: [
      ['a.PNG', yes],
      ['png', no],
    ],
  },
  {
    field: [{ 'equals-ignore-case': 'alice' }],
    rows: [
      ['ALICE', yes],
      ['alice', yes],
      ['alic', no],
      [1, no],
    ],
  },
  {
    field: [{ exactly: 'a' }],
    rows: [
      ['a', yes],
      ['b', no],
    ],
  },
  {
    field: [{ 'anything-but': 'a' }],
    rows: [
      ['b', yes],
      ['a', no],
      [1, yes],
      [null, yes],
      [[], no],
    ],
  },
  {
    field: [{ 'anything-but': 1 }],
    rows: [
      [2, yes],
      [1, no],
      ['1', yes],
      [true, yes],
    ],
  },
  {
    field: [{ 'anything-but': ['a', 'b'] }],
    rows: [
      ['c', yes],
      ['b', no],
      [['a', 'c'], yes],
    ],
  },
  {
    field: [{ 'anything-but': [1, 2] }],
    rows: [
      [3, yes],
      [2, no],
    ],
  },
  {
    field: [{ 'anything-but': { prefix: 'us-' } }],
    rows: [
      ['eu-', yes],
      ['us-1', no],
      [1, yes],
    ],
  },
  {
    field: [{ 'anything-but': { prefix: ['us-', 'eu-'] } }],
    rows: [
      ['ap-', yes],
      ['eu-1', no],
    ],
  },
  {
    field: [{ 'anything-but': { suffix: '.png' } }],
    rows: [
      ['a.jpg', yes],
      ['a.png', no],
    ],
  },
  {
    field: [{ 'anything-but': { suffix: ['.png', '.jpg'] } }],
    rows: [
      ['a.gif', yes],
      ['a.jpg', no],
    ],
  },
  {
    field: [{ 'anything-but': { 'equals-ignore-case': 'a' } }],
    rows: [
      ['b', yes],
      ['A', no],
    ],
  },
  {
    field: [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }],
    rows: [
      ['c', yes],
      ['B', no],
    ],
  },
  {
    field: [{ 'anything-but': { wildcard: '*/lib/*' } }],
    rows: [
      ['a/b', yes],
      ['a/lib/b', no],
    ],
  },
  {
    field: [{ 'anything-but': { wildcard: ['*a', 'b*'] } }],
    rows: [
      ['c', yes],
      ['bc', no],
      ['ca', no],
    ],
  },
  {
    field: [{ numeric: ['=', 5] }],
    rows: [
      [5, yes],
      [5.000001, no],
      ['5', no],
      [null, no],
    ],
  },
  {
    field: [{ numeric: ['<', 10] }],
    rows: [
      [9.999999, yes],
      [10, no],
      [-5e9, yes],
      [-5e9 - 1, no],
    ],
  },
  {
    field: [{ numeric: ['<=', 10] }],
    rows: [
      [10, yes],
      [10.000001, no],
    ],
  },
  {
    field: [{ numeric: ['>', 0, '<=', 5] }],
    rows: [
      [0, no],
      [0.000001, yes],
      [5, yes],
      [5.000001, no],
    ],
  },
  {
    field: [{ numeric: ['>=', 0, '<', 5] }],
    rows: [
      [0, yes],
      [5, no],
    ],
  },
  {
    field: [{ wildcard: 'dir/*.png' }],
    rows: [
      ['dir/a.png', yes],
      ['dir/.png', yes],
      ['dir/a.jpg', no],
    ],
  },
  {
    field: [{ wildcard: 'a*b*a' }],
    rows: [
      ['aba', yes],
      ['abba', yes],
      ['aa', no],
      ['ab', no],
    ],
  },
  {
    field: [{ wildcard: 'aa*aa' }],
    rows: [
      ['aaaa', yes],
      ['aaa', no],
    ],
  },
  {
    field: [{ wildcard: 'a\\*b' }],
    rows: [
      ['a*b', yes],
      ['axb', no],
    ],
  },
  {
    field: [{ wildcard: 'a\\\\*' }],
    rows: [
      ['a\\x', yes],
      ['ax', no],
    ],
  },
  {
    field: [{ wildcard: 'plain' }],
    rows: [
      ['plain', yes],
      ['plainer', no],
    ],
  },
  {
    field: [{ wildcard: '*' }],
    rows: [
      ['', yes],
      ['any', yes],
      [1, no],
    ],
  },
  {
    field: [{ cidr: '10.0.0.0/24' }],
    rows: [
      ['10.0.0.0', yes],
      ['10.0.0.255', yes],
      ['10.0.1.0', no],
      ['10.0.0.256', no],
      [1, no],
    ],
  },
  { field: [{ cidr: '10.0.0.77/24' }], rows: [['10.0.0.1', yes]] },
  {
    field: [{ cidr: '0.0.0.0/0' }],
    rows: [
      ['255.255.255.255', yes],
      ['::1', no],
    ],
  },
  {
    field: [{ cidr: '2001:db8::/32' }],
    rows: [
      ['2001:db8:ffff::1', yes],
      ['2001:db9::', no],
      ['10.0.0.1', no],
    ],
  },
  {
    field: [{ exists: true }],
    rows: [
      [1, yes],
      [null, yes],
      [{ a: 1 }, no],
      [[], no],
      [[1], yes],
    ],
  },
  {
    field: [{ exists: false }],
    rows: [
      [1, no],
      [null, no],
      [{ a: 1 }, yes],
      [[], yes],
      [undefined, yes],
    ],
  },
  {
    field: ['a', { exists: false }],
    rows: [
      ['a', yes],
      ['b', no],
      [undefined, yes],
    ],
  },
  {
    field: [{ 'anything-but': 'a' }, { prefix: 'a' }],
    rows: [
      ['a', yes],
      ['b', yes],
    ],
  },
]

describe('a field pattern', () => {
  it.each(matching.flatMap(({ field, rows }) => rows.map(([value, matches]) => ({ field, value, matches }))))(
    '$field on $value: $matches',
    ({ field, value, matches }) => {
      const event = { detail: value === undefined ? {} : { x: value } }
      expect(compilePattern({ detail: { x: field } }).matches(event)).toBe(matches)
    },
  )
})

describe('a pattern of several fields', () => {
  it.each([
    { name: 'needs all of them', pattern: { a: [1], b: [2] }, event: { a: 1, b: 3 }, matches: no },
    { name: 'ignores what it does not name', pattern: { a: [1] }, event: { a: 1, b: 3 }, matches: yes },
    {
      name: 'looks into arrays of objects',
      pattern: { a: { b: [1] } },
      event: { a: [{ b: 0 }, { b: 1 }] },
      matches: yes,
    },
    {
      name: 'takes two fields from one element of an array',
      pattern: { a: { b: [1], c: [2] } },
      event: {
        a: [
          { b: 1, c: 0 },
          { b: 1, c: 2 },
        ],
      },
      matches: yes,
    },
    {
      name: 'does not take two fields from two elements of an array',
      pattern: { a: { b: [1], c: [2] } },
      event: {
        a: [
          { b: 1, c: 0 },
          { b: 0, c: 2 },
        ],
      },
      matches: no,
    },
    {
      name: 'may take them from two arrays',
      pattern: { a: { b: [1] }, c: { d: [2] } },
      event: { a: [{ b: 0 }, { b: 1 }], c: [{ d: 2 }] },
      matches: yes,
    },
    {
      name: 'goes back to another element when the first does not fit the rest',
      pattern: { a: { b: [1], c: [2], d: [3] } },
      event: {
        a: [
          { b: 1, c: 2, d: 0 },
          { b: 1, c: 2, d: 3 },
        ],
      },
      matches: yes,
    },
    {
      name: 'looks through arrays of arrays',
      pattern: { a: { b: [1] } },
      event: { a: [[{ b: 1 }]] },
      matches: yes,
    },
    {
      name: 'tells absence within the element that the others matched',
      pattern: { a: { b: [1], c: [{ exists: false }] } },
      event: { a: [{ b: 0, c: 2 }, { b: 1 }] },
      matches: yes,
    },
    {
      name: 'joins names with dots in the pattern too',
      pattern: { 'a.b': [1] },
      event: { a: { b: 1 } },
      matches: yes,
    },
    {
      name: 'takes one of the alternatives',
      pattern: { s: ['x'], $or: [{ a: [1] }, { b: [2], c: [3] }] },
      event: { s: 'x', b: 2, c: 3 },
      matches: yes,
    },
    {
      name: 'needs the rest beside the alternatives',
      pattern: { s: ['x'], $or: [{ a: [1] }, { b: [2] }] },
      event: { s: 'y', a: 1 },
      matches: no,
    },
    {
      name: 'takes alternatives within alternatives',
      pattern: { $or: [{ a: [1] }, { b: [2], $or: [{ c: [3] }, { d: [4] }] }] },
      event: { b: 2, d: 4 },
      matches: yes,
    },
    {
      name: 'takes the last of what is named twice',
      pattern: '{"s": ["x"], "s": ["y"]}',
      event: { s: 'y' },
      matches: yes,
    },
    {
      name: 'needs one of each of two sets of alternatives',
      pattern: { $or: [{ a: [1] }, { b: [2] }], e: { $or: [{ c: [3] }, { d: [4] }] } },
      event: { a: 1, e: { c: 0, d: 0 } },
      matches: no,
    },
  ])('$name', ({ pattern, event, matches }) => {
    expect(compilePattern(pattern).matches(event)).toBe(matches)
    const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern)
    expect(compilePattern(text).matches(event)).toBe(matches)
  })
})
