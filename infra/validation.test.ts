import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, describe, expect, it } from 'vitest'
import { orderApp } from './order-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'validation-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let apps = 0
const newApp = (builtinCloudFormationValidation: boolean): App => {
  const codeFolder = mkdtempSync(join(folder, 'code-'))
  writeFileSync(join(codeFolder, 'code.js'), '')
  return orderApp(codeFolder, { outdir: join(folder, `out-${apps++}`), builtinCloudFormationValidation })
}
const checked = (app: App): App => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return app
}

/** Warnings do not stop a synthesis, but they stand in its report. */
const findingsOf = (app: App): unknown => {
  const { directory } = app.synth()
  const report: { pluginReports: unknown } = JSON.parse(
    readFileSync(join(directory, 'validation-report.json'), 'utf8'),
  )
  return report.pluginReports
}

describe("CDK's validation of CloudFormation", () => {
  it('finds nothing', () => {
    expect(findingsOf(newApp(true))).toEqual([])
  })

  it('finds a property that CloudFormation would refuse', () => {
    const app = newApp(true)
    const properties = { VisibilityTimeout: 'soon' }
    new CfnResource(new Stack(app, 'Planted'), 'Queue', { type: 'AWS::SQS::Queue', properties })
    expect(() => app.synth()).toThrow(/VisibilityTimeout.* is not of type 'integer'/)
  })
})

describe('cdk-nag AwsSolutions', () => {
  it('finds nothing that is not acknowledged', () => {
    expect(findingsOf(checked(newApp(false)))).toEqual([])
  })

  it('finds a queue that anybody may read in plain HTTP', () => {
    const app = checked(newApp(false))
    new CfnQueue(new Stack(app, 'Planted'), 'Queue')
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/)
  })

  it('is acknowledged for these reasons alone', () => {
    const acknowledged = newApp(false)
      .node.findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .map(({ data }) => JSON.stringify(data))
    expect([...new Set(acknowledged)].toSorted()).toMatchInlineSnapshot(`
      [
        "{"Annotation::AwsSolutions-DDB3":"With it, a table that is deleted leaves a backup for 35 days, and nothing may be left of a bench."}",
        "{"Annotation::AwsSolutions-IAM5[Resource::*]":"AWS offers no resource-level permission for setting up log delivery."}",
        "{"Annotation::AwsSolutions-L1":"A version in long-term support, the same for every contestant, and the one whose cold starts are modelled."}",
        "{"Annotation::AwsSolutions-SF2":"Tracing is off in every contestant: it would add a cost and a latency that only some of them have."}",
        "{"Annotation::AwsSolutions-SQS3":"It is itself the dead-letter queue of a rule's target, where the check does not look."}",
        "{"Annotation::AwsSolutions-SQS3":"People empty it, no program does: there is no receive that could fail too often."}",
        "{"Annotation::AwsSolutions-SQS3":"Whoever measures reads it once and deletes what was read: no receive fails too often."}",
      ]
    `)
  })
})
