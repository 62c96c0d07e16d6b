import { describe, expect, it } from 'vitest'
import type { Event } from '../event.ts'
import { inputOf } from './input.ts'

/** The event of AWS's page: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
const whole = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '123456789012',
  time: '2015-11-11T21:29:54Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: {
    'instance-id': 'i-0123456789',
    state: 'RUNNING',
    n: 1.5,
    no: null,
    tags: [{ k: 'a' }, { k: 'b' }],
    said: 'He said "hi"',
  },
}
const event: Event = {
  id: whole.id,
  source: whole.source,
  detailType: whole['detail-type'],
  whole,
  text: JSON.stringify(whole),
}
const { detail: _, ...head } = whole
const rule = { arn: 'arn:aws:events:us-east-2:123456789012:rule/example', name: 'example' }
const ingestedMs = Date.UTC(2026, 0, 5)

const given = (target: Readonly<Record<string, unknown>>) => inputOf(target, rule, 'Targets[0]')
const sent = (target: Readonly<Record<string, unknown>>) => given(target)?.(event, ingestedMs)
const transformed = (InputTemplate: string, InputPathsMap: Readonly<Record<string, string>> = {}) => ({
  InputTransformer: { InputTemplate, InputPathsMap },
})

describe('a target', () => {
  it('gets the event as it is when nothing is said', () => {
    expect(given({ Arn: 'x' })).toBeUndefined()
  })

  it('gets a constant', () => {
    expect(sent({ Input: '{"a": 1}' })).toBe('{"a": 1}')
  })

  it.each([
    { path: '$', part: whole },
    { path: '$.detail', part: whole.detail },
    { path: '$.detail-type', part: whole['detail-type'] },
    { path: '$.detail.instance-id', part: 'i-0123456789' },
    { path: '$.resources[0]', part: whole.resources[0] },
    { path: '$.detail.tags[1].k', part: 'b' },
    { path: '$.detail.tags[*].k', part: ['a', 'b'] },
    { path: '$.detail.tags.*.k', part: ['a', 'b'] },
    { path: '$.detail.no', part: null },
    { path: '$.detail.nothing', part: null },
    { path: '$.resources[1]', part: null },
    { path: '$.source.length', part: null },
  ])('gets the part of the event at $path', ({ path, part }) => {
    expect(JSON.parse(sent({ InputPath: path }) ?? '')).toEqual(part)
  })
})

describe('a transformer', () => {
  const paths = {
    instance: '$.detail.instance-id',
    state: '$.detail.state',
    n: '$.detail.n',
    no: '$.detail.no',
    tags: '$.detail.tags',
    said: '$.detail.said',
    missing: '$.detail.nothing',
  }

  it.each([
    {
      name: 'a text',
      template: '"instance <instance> is in <state>"',
      output: '"instance i-0123456789 is in RUNNING"',
    },
    {
      name: 'a text with escaped quotation marks',
      template: '"instance \\"<instance>\\" is in <state>"',
      output: '"instance \\"i-0123456789\\" is in RUNNING"',
    },
    { name: 'texts, one a line', template: '"<instance>"\n"<state>"', output: '"i-0123456789"\n"RUNNING"' },
    {
      name: 'JSON, without the space between its parts',
      template: '{\n  "instance" : <instance>,\n  "state of it": [ 9, <state>, true ]\n}',
      output: '{"instance":"i-0123456789","state of it":[9,"RUNNING",true]}',
    },
    {
      name: 'JSON with texts that hold variables',
      template: '{"state": "<state>", "status": "instance \\"<instance>\\" is in <state>"}',
      output: '{"state":"RUNNING","status":"instance \\"i-0123456789\\" is in RUNNING"}',
    },
    {
      name: 'values of every type',
      template: '{"n": <n>, "no": <no>, "tags": <tags>, "said": <said>}',
      output: '{"n":1.5,"no":null,"tags":[{"k":"a"},{"k":"b"}],"said":"He said \\"hi\\""}',
    },
    {
      name: 'values of every type inside of texts: JSON without quotation marks, and nothing escaped',
      template: '"<n> <no> <tags> <said>"',
      output: '"1.5 null [{k:a},{k:b}] He said "hi""',
    },
    { name: 'nothing for what is not there', template: '"a<missing>b"', output: '"ab"' },
    { name: 'nothing for a value either', template: '{"a": [<missing>]}', output: '{"a":[]}' },
    { name: 'a variable alone', template: '<tags>', output: '[{"k":"a"},{"k":"b"}]' },
    {
      name: 'a character < that begins no variable',
      template: '"1 < 2 <> <instance>"',
      output: '"1 < 2 <> i-0123456789"',
    },
    {
      name: 'the names of the rule and the time of ingestion',
      template:
        '{"arn": <aws.events.rule-arn>, "said": "<aws.events.rule-name> triggered", "at": <aws.events.event.ingestion-time>}',
      output: `{"arn":"${rule.arn}","said":"example triggered","at":"2026-01-05T00:00:00Z"}`,
    },
    {
      name: 'the event without its detail',
      template: '{"e": <aws.events.event>}',
      output: `{"e":${JSON.stringify(head)}}`,
    },
    {
      name: 'the whole event',
      template: '{"e": <aws.events.event.json>}',
      output: `{"e":${event.text}}`,
    },
  ])('writes $name', ({ template, output }) => {
    expect(sent(transformed(template, paths))).toBe(output)
  })

  it('has a hundred variables at most', () => {
    const map = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`v${n}`, '$.id']))
    expect(sent(transformed('<v99>', map(100)))).toBe(JSON.stringify(whole.id))
    expect(() => given(transformed('<v99>', map(101)))).toThrow('at most 100 variables, got 101')
  })
})

describe('what a target is to get is refused', () => {
  it.each([
    { name: 'twice', target: { Input: '1', InputPath: '$' }, says: 'Only one of Input, InputPath must' },
    { name: 'as a constant of no JSON', target: { Input: 'a' }, says: 'the text of a JSON value' },
    { name: 'as a path without $', target: { InputPath: 'detail' }, says: 'begins with $' },
    { name: 'as a filter', target: { InputPath: '$.a[?(@.b)]' }, says: '[?(@.b)] in' },
    { name: 'as a name in brackets', target: { InputPath: "$['a']" }, says: "['a'] in" },
    { name: 'by a long path', target: { InputPath: `$.${'a'.repeat(255)}` }, says: 'at most 256' },
    { name: 'as text without quotation marks', target: transformed('is <a>', { a: '$.id' }), says: 'JSON' },
    { name: 'as JSON that does not end', target: transformed('{"a": <a>', { a: '$.id' }), says: 'JSON' },
    { name: 'with an unknown variable', target: transformed('<b>'), says: 'invalid placeholder <b>' },
    {
      name: 'with a variable as key',
      target: transformed('{"<a>": 1}', { a: '$.id' }),
      says: 'cannot be a key: <a>',
    },
    {
      name: 'with the event inside of a text',
      target: transformed('"<aws.events.event.json>"'),
      says: 'can only be the value of a field',
    },
    {
      name: 'with a reserved name',
      target: transformed('1', { 'aws.events.event': '$' }),
      says: 'expected a name of letters',
    },
    { name: 'without a template', target: { InputTransformer: {} }, says: 'InputTemplate: expected text' },
    { name: 'by a long template', target: transformed(`"${'a'.repeat(8191)}"`), says: 'at most 8192' },
  ])('$name', ({ target, says }) => {
    expect(() => given(target)).toThrow(says)
  })
})
