import { describe, expect, it } from 'vitest'
import { statements } from './all.ts'
import { emulatorDifferences } from './emulator-differences.ts'
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

  it('says of each service more than ten sentences', () => {
    for (const service of ['SQS', 'Step Functions', 'EventBridge', 'Lambda', 'DynamoDB'])
      expect(statements.filter((statement) => statement.service === service).length).toBeGreaterThan(10)
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
