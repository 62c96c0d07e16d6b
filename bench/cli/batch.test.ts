import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCli } from './cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = 0
})

const ovc = async (words: readonly string[]) => {
  const told = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      told[stream] += String(text)
      return true
    })
  return { code: await runCli(words), ...told }
}

const file = (name: string, lines: readonly unknown[]): string => {
  const path = join(folder, name)
  writeFileSync(
    path,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  return path
}

const answersOf = (stdout: string): unknown[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const retrying = {
  StartAt: 'Charge',
  States: {
    Charge: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Apologise' }],
      Next: 'Done',
    },
    Apologise: { Type: 'Fail', Error: 'Refused', CausePath: '$.Cause' },
    Done: { Type: 'Succeed' },
  },
}
const busy = { kind: 'failure', error: 'Busy', cause: 'later' }

describe('ovc asl --batch', () => {
  it('tells the history of an execution when it is asked for it', async () => {
    const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }
    const batch = file('history.jsonl', [{ id: 'told', definition, input: { a: 1 }, withHistory: true }])
    const { stdout } = await ovc(['asl', '--batch', batch])
    const [{ history }] = answersOf(stdout) as [{ readonly history: readonly object[] }]
    expect(history).toMatchObject([
      { id: 1, previousEventId: 0, type: 'ExecutionStarted' },
      { id: 2, previousEventId: 0, type: 'SucceedStateEntered' },
      { id: 3, previousEventId: 2, type: 'SucceedStateExited' },
      { id: 4, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '{"a":1}' } },
    ])
  })

  it('answers line by line, with the states in the order entered and the virtual time that passed', async () => {
    writeFileSync(
      join(folder, 'wait.asl.json'),
      JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 90, End: true } } }),
    )
    const batch = file('runs.jsonl', [
      {
        id: 'recovers',
        definition: retrying,
        input: { n: 1 },
        taskOutcomes: { Charge: [busy, busy, { kind: 'success', output: { paid: true } }] },
      },
      '',
      { id: 'gives up', definition: retrying, taskOutcomes: { Charge: [busy, busy, busy] } },
      { id: 'unmocked', definition: retrying, input: { n: 1 } },
      { id: 'starved', definition: retrying, taskOutcomes: { Charge: [busy] } },
      { id: 'by file', definitionFile: 'wait.asl.json', input: [1] },
      { id: 'refused', definition: { StartAt: 'Nowhere', States: {} } },
      {
        id: 'unmodelled',
        definition: {
          StartAt: 'M',
          States: { M: { Type: 'Map', ItemReader: {}, ItemProcessor: retrying, End: true } },
        },
      },
    ])
    const { code, stdout } = await ovc(['asl', '--batch', batch])
    expect(code).toBe(0)
    expect(answersOf(stdout)).toEqual([
      {
        id: 'recovers',
        status: 'SUCCEEDED',
        output: { paid: true },
        path: ['Charge', 'Done'],
        elapsedMs: 6000,
      },
      {
        id: 'gives up',
        status: 'FAILED',
        error: 'Refused',
        cause: 'later',
        path: ['Charge', 'Apologise'],
        elapsedMs: 6000,
      },
      { id: 'unmocked', status: 'SUCCEEDED', output: { n: 1 }, path: ['Charge', 'Done'], elapsedMs: 0 },
      {
        id: 'starved',
        status: 'RUNNING',
        cause: expect.stringContaining("'Charge'"),
        path: ['Charge'],
        elapsedMs: 2000,
      },
      { id: 'by file', status: 'SUCCEEDED', output: [1], path: ['W'], elapsedMs: 90_000 },
      { id: 'refused', status: 'INVALID', cause: expect.stringContaining('Nowhere'), path: [], elapsedMs: 0 },
      {
        id: 'unmodelled',
        status: 'NOT_MODELLED',
        cause: expect.stringContaining('ItemReader'),
        path: [],
        elapsedMs: 0,
      },
    ])
  })

  it.each([
    { name: 'no JSON', line: '{"id": ', says: /bad\.jsonl:2: expected a JSON object, but it is not JSON/ },
    { name: 'no object', line: '[1]', says: /bad\.jsonl:2: expected a JSON object, got \[1\]/ },
    { name: 'no id', line: { definition: retrying }, says: /bad\.jsonl:2: expected an "id", .*, got none/ },
    { name: 'no id to name it by', line: { id: null }, says: /bad\.jsonl:2: expected an "id", .*, got null/ },
  ])('refuses a line with $name, says where, and answers nothing', async ({ line, says }) => {
    const batch = file('bad.jsonl', [{ id: 'good', definition: retrying }, line])
    const { code, stdout, stderr } = await ovc(['asl', '--batch', batch])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    {
      name: 'no definition',
      line: {},
      says: /bad\.jsonl:1: expected either "definition" or "definitionFile"/,
    },
    { name: 'two definitions', line: { definition: {}, definitionFile: 'y' }, says: /expected either/ },
    {
      name: 'a definition file that is not there',
      line: { definitionFile: 'none.json' },
      says: /bad\.jsonl:1: .*none\.json does not exist/,
    },
    {
      name: 'an outcome of no kind',
      line: { definition: retrying, taskOutcomes: { Charge: [{ kind: 'maybe' }] } },
      says: /bad\.jsonl:1: taskOutcomes\.Charge\.0\.kind/,
    },
    {
      name: 'outcomes of a state that the definition does not have',
      line: { definition: retrying, taskOutcomes: { Charge: [busy], Chrage: [busy] } },
      says: /bad\.jsonl:1: taskOutcomes\.Chrage: .* the definition has no state of that name/,
    },
    {
      name: 'outcomes of a state that is no task',
      line: { definition: retrying, taskOutcomes: { Done: [busy] } },
      says: /bad\.jsonl:1: taskOutcomes\.Done: expected the name of a Task state, but it is a Succeed state/,
    },
    { name: 'an unknown type', line: { definition: retrying, type: 'FAST' }, says: /bad\.jsonl:1: type/ },
  ])('answers a line with $name by what was expected, and the next as ever', async ({ line, says }) => {
    const batch = file('bad.jsonl', [
      { id: 'x', ...line },
      { id: 7, definition: retrying },
    ])
    const { code, stdout } = await ovc(['asl', '--batch', batch])
    expect(code).toBe(0)
    expect(answersOf(stdout)).toEqual([
      { id: 'x', status: 'BAD_INPUT', cause: expect.stringMatching(says), path: [], elapsedMs: 0 },
      { id: 7, status: 'SUCCEEDED', output: {}, path: ['Charge', 'Done'], elapsedMs: 0 },
    ])
  })

  it('answers the lines beside one that is deeper than anybody can read', async () => {
    const deep = 5000
    const parallels = Array.from(
      { length: deep },
      (_, at) => `{"StartAt":"S${at}","States":{"S${at}":{"Type":"Parallel","End":true,"Branches":[`,
    )
    const batch = file('deep.jsonl', [
      `{"id": "definition", "definition": ${parallels.join('')}${']}}}'.repeat(deep)}}`,
      `{"id": "input", "definition": ${JSON.stringify(retrying)}, "input": ${'['.repeat(deep)}${']'.repeat(deep)}}`,
      { id: 'good', definition: retrying },
    ])
    expect(answersOf((await ovc(['asl', '--batch', batch])).stdout)).toMatchObject([
      { id: 'definition', status: 'INVALID', cause: expect.stringContaining('TOO_DEEPLY_NESTED') },
      { id: 'input', status: 'NOT_MODELLED', cause: 'JSON of more than 1000 levels is not modelled' },
      { id: 'good', status: 'SUCCEEDED' },
    ])
  })
})

describe('ovc asl --batch, given outcomes,', () => {
  const inner = {
    StartAt: 'In',
    States: { In: { ...retrying.States.Charge, Catch: [], Next: undefined, End: true } },
  }
  it.each([
    { name: 'of a branch', state: { Type: 'Parallel', Branches: [inner], End: true } },
    { name: 'of a Map', state: { Type: 'Map', ItemProcessor: inner, End: true } },
    { name: 'of a Map with the older field', state: { Type: 'Map', Iterator: inner, End: true } },
  ])('finds a task $name', async ({ state }) => {
    const definition = { StartAt: 'Out', States: { Out: state } }
    const success = { kind: 'success', output: 7 }
    const batch = file('inner.jsonl', [{ id: 'x', definition, input: [1], taskOutcomes: { In: [success] } }])
    const { stdout } = await ovc(['asl', '--batch', batch])
    expect(answersOf(stdout)).toMatchObject([{ status: 'SUCCEEDED', output: [7] }])
  })

  it.each([
    { name: 'without states', definition: {} },
    {
      name: 'with a state of no type',
      definition: { StartAt: 'A', States: { A: { Type: 'Tsk', End: true } } },
    },
  ])('still says why a definition $name is invalid', async ({ definition }) => {
    const batch = file('invalid.jsonl', [{ id: 'x', definition, taskOutcomes: { A: [busy] } }])
    const { stdout } = await ovc(['asl', '--batch', batch])
    expect(answersOf(stdout)).toMatchObject([{ status: 'INVALID' }])
  })
})

describe('ovc pattern --batch', () => {
  it('answers every line, whether pattern and event are JSON, its text, or wrong', async () => {
    const batch = file('patterns.jsonl', [
      { id: 'match', pattern: { source: [{ prefix: 'order' }] }, event: { source: 'order-service' } },
      { id: 'no match', pattern: '{"source": ["order"]}', event: '{"source": "stock"}' },
      { id: 'refused', pattern: { source: 'order' }, event: {} },
      { id: 'no JSON in the pattern', pattern: '{', event: {} },
      { id: 'no pattern', event: {} },
      { id: 'no event', pattern: { source: ['order'] } },
      { id: 'no JSON in the event', pattern: { source: ['order'] }, event: '{' },
      { id: 'an event in an array', pattern: { source: ['order'] }, event: [{ source: 'order' }] },
      { id: 'an operator of Object', pattern: { n: [{ numeric: ['toString', 1] }] }, event: { n: 1 } },
      `{"id": "deep", "pattern": {"a": [1]}, "event": {"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      { id: 'unmodelled', pattern: { n: [{ 'anything-but': { prefix: [] } }] }, event: { n: 1 } },
      { id: 'the last', pattern: { source: ['order'] }, event: { source: 'order' } },
    ])
    const { code, stdout } = await ovc(['pattern', '--batch', batch])
    expect(code).toBe(0)
    expect(answersOf(stdout)).toEqual([
      { id: 'match', match: true },
      { id: 'no match', match: false },
      { id: 'refused', error: expect.stringContaining('source') },
      { id: 'no JSON in the pattern', error: expect.stringContaining('Event pattern is not valid') },
      { id: 'no pattern', error: 'expected "pattern", and there is none' },
      { id: 'no event', error: 'expected "event", and there is none' },
      { id: 'no JSON in the event', error: expect.stringContaining('expected "event" to be') },
      { id: 'an event in an array', error: expect.stringContaining('expected "event" to be') },
      { id: 'an operator of Object', error: expect.stringContaining('toString') },
      { id: 'deep', error: expect.stringContaining('too deep') },
      { id: 'unmodelled', error: expect.stringContaining('not modelled') },
      { id: 'the last', match: true },
    ])
  })

  it.each([
    { name: 'a file that is not there', lines: undefined, says: /--batch: .*none\.jsonl does not exist/ },
    {
      name: 'a line that no answer could name',
      lines: [
        { id: 'x', pattern: {}, event: {} },
        { pattern: {}, event: {} },
      ],
      says: /bad\.jsonl:2: expected an "id", .*, got none/,
    },
    { name: 'a line of no JSON', lines: ['{'], says: /bad\.jsonl:1: expected a JSON object/ },
  ])('refuses $name', async ({ lines, says }) => {
    const batch = lines === undefined ? join(folder, 'none.jsonl') : file('bad.jsonl', lines)
    const { code, stdout, stderr } = await ovc(['pattern', '--batch', batch])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
  })
})
