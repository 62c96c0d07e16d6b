import { describe, expect, it } from 'vitest'
import { referredId } from './references.ts'

describe('what a reference of a template names', () => {
  it.each([
    { value: { Ref: 'Queue' }, names: 'Queue' },
    { value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, names: 'Queue' },
    { value: { 'Fn::GetAtt': 'Queue.Arn' }, names: 'Queue' },
    { value: 'arn:aws:sqs:us-east-1:111122223333:Queue', names: undefined },
    { value: { 'Fn::Sub': 'Queue' }, names: undefined },
    { value: undefined, names: undefined },
  ])('is $names of $value', ({ value, names }) => {
    expect(referredId(value)).toBe(names)
  })
})
