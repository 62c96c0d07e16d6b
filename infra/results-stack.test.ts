import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { orderApp, stackNames } from './order-app.ts'
import { at, listAt, resourcesOf, resultsTemplates } from './templates.testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'results-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(stackNames)('the instruments of %s', (contestant) => {
  const stack = `${contestant}Results` as const
  const [queue] = resourcesOf('AWS::SQS::Queue', stack)
  const [rule] = resourcesOf('AWS::Events::Rule', stack)

  it('are a queue that hears the terminal facts from the bus, and nothing else', () => {
    expect(Object.keys(resultsTemplates[stack].Resources)).toEqual([
      'ResultsQueue',
      'ResultsRule',
      'ResultsQueuePolicy',
    ])
    expect(at(rule?.properties, 'EventBusName')).toBe(`${contestant}-OrderBus`)
    expect(at(rule?.properties, 'EventPattern')).toEqual({
      source: ['order-service'],
      'detail-type': ['OrderCompleted', 'OrderRejected'],
    })
    expect(listAt(rule?.properties, 'Targets').map((target) => at(target, 'Arn'))).toEqual([
      { 'Fn::GetAtt': ['ResultsQueue', 'Arn'] },
    ])
  })

  it('find the bus under the name that the contestant gives it', () => {
    const [bus] = resourcesOf('AWS::Events::EventBus', contestant)
    expect(at(bus?.properties, 'Name')).toBe(at(rule?.properties, 'EventBusName'))
  })

  it('are encrypted, and open to that rule alone', () => {
    expect(at(queue?.properties, 'SqsManagedSseEnabled')).toBe(true)
    const [policy] = resourcesOf('AWS::SQS::QueuePolicy', stack)
    const [refused, allowed, ...others] = listAt(policy?.properties, 'PolicyDocument', 'Statement')
    expect(others).toEqual([])
    expect(at(refused, 'Effect')).toBe('Deny')
    expect(at(refused, 'Condition', 'Bool', 'aws:SecureTransport')).toBe('false')
    expect(allowed).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['ResultsRule', 'Arn'] } } },
    })
  })

  it('tell where they are read', () => {
    expect(resultsTemplates[stack].Outputs).toEqual({ ResultsQueueUrl: { Value: { Ref: 'ResultsQueue' } } })
  })

  it('are deployed after their contestant and destroyed before it', () => {
    writeFileSync(join(folder, 'code.js'), '')
    const assembly = orderApp(folder, {
      outdir: mkdtempSync(join(tmpdir(), 'results-out-')),
      builtinCloudFormationValidation: false,
    }).synth()
    try {
      const dependencies = assembly.getStackByName(stack).dependencies.map(({ id }) => id)
      expect(dependencies).toContain(contestant)
      expect(assembly.getStackByName(contestant).dependencies.map(({ id }) => id)).not.toContain(stack)
    } finally {
      rmSync(assembly.directory, { recursive: true, force: true })
    }
  })
})
