import { describe, expect, it } from 'vitest'
import { createIntrinsics } from './intrinsics.ts'

const scope = { region: 'eu-west-1', accountId: '111122223333', stackName: 'Stack' }
const resources = new Map([
  [
    'Jobs',
    { ref: 'https://sqs/Stack-Jobs', attributes: { Arn: 'arn:aws:sqs:eu-west-1:111122223333:Stack-Jobs' } },
  ],
])
const template = {
  Parameters: {
    Stage: { Type: 'String', Default: 'test' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Secret: { Type: 'String' },
  },
  Mappings: { ByRegion: { 'eu-west-1': { Size: 3 } } },
  Conditions: {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    IsLive: { 'Fn::Not': [{ Condition: 'IsTest' }] },
    Both: { 'Fn::And': [{ Condition: 'IsTest' }, { Condition: 'IsLive' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsLive' }] },
    Odd: { 'Fn::Contains': [['a'], 'a'] },
  },
}
const intrinsics = createIntrinsics(template, scope, resources)
const arn = 'arn:aws:sqs:eu-west-1:111122223333:Stack-Jobs'

describe('an intrinsic function', () => {
  it.each([
    { name: 'Ref of a resource', value: { Ref: 'Jobs' }, resolved: 'https://sqs/Stack-Jobs' },
    { name: 'Ref of a parameter', value: { Ref: 'Stage' }, resolved: 'test' },
    { name: 'Ref of a list parameter', value: { Ref: 'Zones' }, resolved: ['a', 'b'] },
    { name: 'Ref of the region', value: { Ref: 'AWS::Region' }, resolved: 'eu-west-1' },
    { name: 'Ref of the account', value: { Ref: 'AWS::AccountId' }, resolved: '111122223333' },
    { name: 'Ref of the partition', value: { Ref: 'AWS::Partition' }, resolved: 'aws' },
    { name: 'Ref of the stack name', value: { Ref: 'AWS::StackName' }, resolved: 'Stack' },
    { name: 'Ref of the URL suffix', value: { Ref: 'AWS::URLSuffix' }, resolved: 'amazonaws.com' },
    { name: 'GetAtt as a list', value: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, resolved: arn },
    { name: 'GetAtt as text', value: { 'Fn::GetAtt': 'Jobs.Arn' }, resolved: arn },
    {
      name: 'Join over resolved parts',
      value: { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 3]] },
      resolved: 'a-test-3',
    },
    {
      name: 'Join over a resolved list',
      value: { 'Fn::Join': ['+', { Ref: 'Zones' }] },
      resolved: 'a+b',
    },
    {
      name: 'Sub of references, attributes and pseudo parameters',
      value: { 'Fn::Sub': `\${Stage}/\${Jobs.Arn}/\${AWS::Region}` },
      resolved: `test/${arn}/eu-west-1`,
    },
    {
      name: 'Sub with values of its own',
      value: { 'Fn::Sub': [`\${Own}/\${Stage}`, { Own: { Ref: 'Stage' } }] },
      resolved: 'test/test',
    },
    { name: 'Sub of a literal', value: { 'Fn::Sub': `\${!Stage}` }, resolved: `\${Stage}` },
    { name: 'Select', value: { 'Fn::Select': [1, ['a', 'b']] }, resolved: 'b' },
    { name: 'Select by text', value: { 'Fn::Select': ['0', { Ref: 'Zones' }] }, resolved: 'a' },
    { name: 'Split', value: { 'Fn::Split': [':', 'a:b'] }, resolved: ['a', 'b'] },
    { name: 'If that holds', value: { 'Fn::If': ['IsTest', 'yes', 'no'] }, resolved: 'yes' },
    { name: 'If that does not', value: { 'Fn::If': ['IsLive', 'yes', { Ref: 'Stage' }] }, resolved: 'test' },
    {
      name: 'FindInMap',
      value: { 'Fn::FindInMap': ['ByRegion', { Ref: 'AWS::Region' }, 'Size'] },
      resolved: 3,
    },
    {
      name: 'NoValue in an object and a list',
      value: {
        kept: 1,
        left: { Ref: 'AWS::NoValue' },
        list: [{ 'Fn::If': ['IsLive', 1, { Ref: 'AWS::NoValue' }] }],
      },
      resolved: { kept: 1, list: [] },
    },
    {
      name: 'a Condition of a policy, left alone',
      value: { Condition: { Bool: {} } },
      resolved: { Condition: { Bool: {} } },
    },
  ])('$name', ({ value, resolved }) => {
    expect(intrinsics.resolve({ value })).toEqual({ value: resolved })
  })

  it.each([
    {
      name: 'a resource that is not there',
      value: { Ref: 'Nobody' },
      says: 'Ref "Nobody": the template has no such resource or parameter',
    },
    {
      name: 'a parameter without a default',
      value: { Ref: 'Secret' },
      says: 'Ref "Secret": the parameter has no default',
    },
    {
      name: 'an attribute that is not modelled',
      value: { 'Fn::GetAtt': ['Jobs', 'Url'] },
      says: 'Fn::GetAtt "Jobs.Url": the attribute is not modelled (modelled: Arn)',
    },
    {
      name: 'an attribute of nobody',
      value: { 'Fn::GetAtt': ['Nobody', 'Arn'] },
      says: 'Fn::GetAtt "Nobody": the template has no such resource',
    },
    {
      name: 'an element beyond the list',
      value: { 'Fn::Select': [2, ['a', 'b']] },
      says: 'Fn::Select: the list has no element 2',
    },
    {
      name: 'a mapping that is not there',
      value: { 'Fn::FindInMap': ['ByRegion', 'mars', 'Size'] },
      says: 'no mapping ByRegion.mars.Size',
    },
    {
      name: 'a function that is not modelled',
      value: { 'Fn::ImportValue': 'x' },
      says: 'Fn::ImportValue is not modelled (modelled: Ref, Fn::GetAtt',
    },
    {
      name: 'a condition that is not there',
      value: { 'Fn::If': ['Unheard', 1, 2] },
      says: 'Condition "Unheard": the template has no such condition',
    },
  ])('refuses $name', ({ value, says }) => {
    expect(() => intrinsics.resolve(value)).toThrow(says)
  })
})

describe('a condition', () => {
  it.each([
    { condition: 'IsTest', holds: true },
    { condition: 'IsLive', holds: false },
    { condition: 'Both', holds: false },
    { condition: 'Either', holds: true },
  ])('$condition holds: $holds', ({ condition, holds }) => {
    expect(intrinsics.holds(condition)).toBe(holds)
  })

  it('with a function that is not modelled is refused by name', () => {
    expect(() => intrinsics.holds('Odd')).toThrow('condition function Fn::Contains is not modelled')
  })
})
