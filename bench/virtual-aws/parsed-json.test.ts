import { describe, expect, it } from 'vitest'
import { parsedJson } from './parsed-json.ts'

describe('JSON that is asked for in turn', () => {
  it('is parsed once for all that ask of the same text', () => {
    const value = parsedJson('{"a":1}')
    expect(value).toEqual({ a: 1 })
    expect(parsedJson(['{"a"', '1}'].join(':'))).toBe(value)
  })

  it('is parsed anew after another text, or after one that is none', () => {
    const value = parsedJson('{"a":1}')
    expect(parsedJson('{"a":2}')).toEqual({ a: 2 })
    expect(() => parsedJson('{"a":')).toThrow(SyntaxError)
    expect(parsedJson('{"a":2}')).toEqual({ a: 2 })
    expect(parsedJson('{"a":1}')).not.toBe(value)
  })

  it('is none when there is no text', () => {
    expect(() => parsedJson('')).toThrow(SyntaxError)
  })
})
