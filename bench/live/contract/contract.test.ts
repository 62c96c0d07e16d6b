import { describe, expect, it } from 'vitest'
import { statements } from './all.ts'
import { emulatorDifferences } from './emulator-differences.ts'
import type { Aws } from './statement.ts'
import { checkVirtually } from './virtual.ts'

describe('the virtual AWS keeps the contract', () => {
  it.each(statements)('$id: $statement', async (statement) => {
    await checkVirtually(statement)
  })
})

describe('the contract', () => {
  it('has an id of its own for each statement', () => {
    const ids = statements.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('names a page of the documentation of AWS for each statement', () => {
    for (const { documentation } of statements)
      expect(documentation).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/)
  })

  it('has templates that CloudFormation takes without a bucket: 51,200 bytes at most', () => {
    const sizes = statements.map(({ template }) => JSON.stringify(template).length)
    expect(Math.max(...sizes)).toBeLessThan(51_200)
  })

  it('has no null in a template, which CloudFormation refuses', () => {
    const refuse = (key: string, value: unknown): unknown => {
      expect(value, key).not.toBeNull()
      return value
    }
    for (const template of new Set(statements.map((one) => one.template))) JSON.stringify(template, refuse)
  })

  it('says of each service more than ten sentences', () => {
    for (const service of ['SQS', 'Step Functions', 'EventBridge', 'Lambda', 'DynamoDB'])
      expect(statements.filter((statement) => statement.service === service).length).toBeGreaterThan(10)
  })
})

/** Answers every request alike, half a second later. */
const oneAnswer = (answer: () => Promise<unknown>): Aws => {
  let nowMs = Date.UTC(2026, 0, 5)
  const send = (): Promise<never> => {
    nowMs += 500
    return answer() as Promise<never>
  }
  const client = { send }
  return {
    sfn: client,
    eventBridge: client,
    sqs: client,
    dynamo: client,
    lambda: client,
    named: (name) => `https://nowhere.example/${name}`,
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
    },
  }
}

describe('no statement holds of its own accord', () => {
  it.each([
    { name: 'takes everything and does nothing', answer: () => Promise.resolve({}) },
    { name: 'refuses everything', answer: () => Promise.reject(new Error('refused')) },
  ])('where whoever is asked $name', async ({ answer }) => {
    const kept: string[] = []
    for (const { id, check } of statements)
      await check(oneAnswer(answer)).then(
        () => kept.push(id),
        () => undefined,
      )
    expect(kept).toEqual([])
  })
})

describe('the differences of the emulator', () => {
  it('are of statements that there are, one of each', () => {
    const ids = emulatorDifferences.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const known = new Set(statements.map(({ id }) => id))
    expect(ids.filter((id) => !known.has(id))).toEqual([])
  })
})
