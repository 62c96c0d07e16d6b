import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

describe('a pattern that AWS refuses', () => {
  it.each([
    { pattern: 'text', reason: 'Unexpected token' },
    { pattern: '', reason: 'Unexpected end' },
    { pattern: 'null', reason: 'Filter is not an object' },
    { pattern: 5, reason: 'Filter is not an object' },
    { pattern: [], reason: 'Filter is not an object' },
    { pattern: {}, reason: 'Empty objects are not allowed' },
    { pattern: { a: {} }, reason: 'Empty objects are not allowed' },
    { pattern: { a: [] }, reason: 'Empty arrays are not allowed' },
    { pattern: { a: 'x' }, reason: '"a" must be an object or an array' },
    { pattern: { a: null }, reason: '"a" must be an object or an array' },
    { pattern: { a: [[1]] }, reason: 'Match value must be String, number, true, false, or null' },
    { pattern: { a: [{}] }, reason: 'Match expression name not found' },
    { pattern: { a: [{ regex: 'x' }] }, reason: 'Unrecognized match type regex' },
    { pattern: { a: [{ constructor: 'x' }] }, reason: 'Unrecognized match type constructor' },
    { pattern: { a: [{ prefix: 'x', suffix: 'y' }] }, reason: 'Only one key allowed in match expression' },
    { pattern: { a: [{ prefix: 1 }] }, reason: 'prefix match pattern must be a string' },
    { pattern: { a: [{ prefix: { suffix: 'x' } }] }, reason: 'Unsupported prefix pattern: suffix' },
    { pattern: { a: [{ suffix: {} }] }, reason: 'Suffix expression name not found' },
    { pattern: { a: [{ exists: 'true' }] }, reason: 'exists match pattern must be either true or false.' },
    { pattern: { a: [{ 'anything-but': true }] }, reason: 'Value of anything-but must be an array' },
    { pattern: { a: [{ 'anything-but': [] }] }, reason: 'mixed type is not supported' },
    { pattern: { a: [{ 'anything-but': { prefix: ['x', 1] } }] }, reason: 'must be a string' },
    { pattern: { a: [{ 'anything-but': { wildcard: ['x', null] } }] }, reason: 'must be a string' },
    {
      pattern: { a: [{ 'anything-but': { prefix: {} } }] },
      reason: 'Value of anything-but must be an array',
    },
    { pattern: { a: [{ exactly: [] }] }, reason: 'exact match pattern must be a string' },
    { pattern: { a: [{ prefix: [] }] }, reason: 'prefix match pattern must be a string' },
    {
      pattern: { a: [{ prefix: { 'equals-ignore-case': [] } }] },
      reason: 'equals-ignore-case match pattern must',
    },
    { pattern: { a: [{ suffix: [] }] }, reason: 'suffix match pattern must be a string' },
    {
      pattern: { a: [{ 'equals-ignore-case': [] }] },
      reason: 'equals-ignore-case match pattern must be a string',
    },
    { pattern: { a: [{ wildcard: [] }] }, reason: 'wildcard match pattern must be a string' },
    { pattern: { a: [{ cidr: [] }] }, reason: 'prefix match pattern must be a string' },
    { pattern: { a: [{ exists: [] }] }, reason: 'exists match pattern must be either true or false.' },
    { pattern: { a: [{ 'anything-but': ['x', 1] }] }, reason: 'mixed type is not supported' },
    { pattern: { a: [{ 'anything-but': ['x', null] }] }, reason: 'start|null|boolean is not supported.' },
    { pattern: { a: [{ 'anything-but': { cidr: 'x' } }] }, reason: 'Unsupported anything-but pattern: cidr' },
    {
      pattern: { a: [{ 'anything-but': { constructor: 'x' } }] },
      reason: 'Unsupported anything-but pattern',
    },
    { pattern: { a: [{ 'anything-but': [['x']] }] }, reason: 'start|null|boolean is not supported.' },
    { pattern: { a: [{ 'anything-but': { prefix: null } }] }, reason: 'Value of anything-but must be an' },
    {
      pattern: { a: [{ 'anything-but': { prefix: 'x', suffix: 'y' } }] },
      reason: 'Too many elements in numeric expression',
    },
    { pattern: { a: [{ 'anything-but': 5e9 + 1 }] }, reason: 'Value must be between -5.0E9 and 5.0E9' },
    { pattern: { a: [{ 'anything-but': {} }] }, reason: 'Anything-But expression name not found' },
    { pattern: { a: [{ 'anything-but': { suffix: [''] } }] }, reason: 'Null prefix/suffix not allowed' },
    { pattern: { a: [{ numeric: [] }] }, reason: 'Invalid member in numeric match: ]' },
    { pattern: { a: [{ numeric: [1] }] }, reason: 'Invalid member in numeric match: 1' },
    { pattern: { a: [{ numeric: ['!', 1] }] }, reason: 'Unrecognized numeric range operator: !' },
    { pattern: { a: [{ numeric: ['toString', 1] }] }, reason: 'Unrecognized numeric range operator' },
    { pattern: { a: [{ numeric: {} }] }, reason: 'Value of numeric must be an array.' },
    { pattern: { a: [{ numeric: ['=', 1, '=', 1] }] }, reason: 'Too many elements in numeric expression' },
    { pattern: { a: [{ numeric: ['>=', 1, '<=', 1] }] }, reason: 'Bottom must be less than top' },
    { pattern: { a: [{ numeric: ['=', 1e-7] }] }, reason: 'Only values upto 6 decimals are supported' },
    { pattern: { a: [{ numeric: ['=', 'x'] }] }, reason: 'Value of equals must be numeric' },
    { pattern: { a: [{ numeric: ['<', 1, '>', 0] }] }, reason: 'Too many elements in numeric expression' },
    { pattern: { a: [{ numeric: ['>', 1, '<', 1] }] }, reason: 'Bottom must be less than top' },
    { pattern: { a: [{ numeric: ['>', 1, 2] }] }, reason: 'Bad value in numeric range: 2' },
    { pattern: { a: [{ numeric: ['>', 1, '<', 2, '<'] }] }, reason: 'Too many terms in numeric range' },
    { pattern: { a: [{ numeric: ['<', 5e9 + 1] }] }, reason: 'Value must be between -5.0E9 and 5.0E9' },
    { pattern: { a: [{ wildcard: 'a**b' }] }, reason: 'Consecutive wildcard characters at pos 2' },
    { pattern: { a: [{ wildcard: 'a\\b' }] }, reason: 'Invalid escape character at pos 2' },
    { pattern: { a: [{ wildcard: 'a\\' }] }, reason: 'Invalid escape character at pos 2' },
    { pattern: { a: [{ wildcard: ['a'] }] }, reason: 'wildcard match pattern must be a string' },
    { pattern: { a: [{ cidr: '10.0.0.0' }] }, reason: "Malformed CIDR, one '/' required" },
    { pattern: { a: [{ cidr: '10.0.0.0/8x' }] }, reason: 'mask bits must be an integer' },
    { pattern: { a: [{ cidr: '10.0.0/8' }] }, reason: 'Nonstandard IP address: 10.0.0' },
    { pattern: { a: [{ cidr: '10.0.0.0/32' }] }, reason: 'IPv4 mask bits must be < 32' },
    { pattern: { a: [{ cidr: '::/128' }] }, reason: 'IPv6 mask bits must be < 128' },
    { pattern: { a: [{ cidr: '10.0.0.0/-1' }] }, reason: 'mask bits must not be negative' },
    { pattern: { $or: { a: 1 } }, reason: 'It must be an Array followed with $or.' },
    { pattern: { $or: [] }, reason: 'There must have at least 2 Objects in $or' },
    { pattern: { $or: [{ a: [1] }, {}] }, reason: 'Empty objects are not allowed' },
    { pattern: { $or: [{ a: 1 }, { b: [1] }] }, reason: '"a" must be an object or an array' },
    { pattern: { $or: [{ a: [1] }] }, reason: 'There must have at least 2 Objects in $or' },
    { pattern: { $or: [{ a: [1] }, 1] }, reason: 'Only JSON object is allowed in array of $or' },
    { pattern: { $or: [{ prefix: [1] }, { a: [1] }] }, reason: 'prefix is Ruler reserved fieldName' },
  ])('$pattern: $reason', ({ pattern, reason }) => {
    expect(() => compilePattern(pattern)).toThrow(reason)
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({ name: 'InvalidEventPatternException' }),
    )
  })
})

describe('an empty list inside of anything-but', () => {
  it.each(['prefix', 'suffix', 'equals-ignore-case', 'wildcard'])(
    '%s is refused by name: what AWS makes of it is not documented',
    (operator) => {
      const compile = () => compilePattern({ a: [{ 'anything-but': { [operator]: [] } }] })
      expect(compile).toThrow(`an empty list in anything-but ${operator} is not modelled`)
      expect(compile).toThrow(expect.objectContaining({ name: 'NotModelled' }))
    },
  )
})
