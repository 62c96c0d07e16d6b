import { CreateStackCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { synthAll } from '../../../infra/synth.ts'
import type { Template } from '../../virtual-aws/deploy.ts'
import { connect, disconnect, type LiveClients } from '../target.ts'
import { adapted, leftOut } from './adaptations.ts'
import { emulatorRegion } from './emulator.ts'
import { deleteStack, deployStack } from './stack.ts'

let clients: LiveClients
beforeAll(() => {
  clients = connect({ kind: 'endpoint', url: inject('emulatorUrl'), region: emulatorRegion })
})
afterAll(() => disconnect(clients))

const queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } }

const buckets = async (): Promise<readonly unknown[]> =>
  (await clients.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name) ?? []

describe('deployStack', () => {
  it('gives the outputs of the stack that it made, and deleteStack takes all of it away', async () => {
    const template: Template = {
      Resources: { Inbox: queue },
      Outputs: { Url: { Value: { Ref: 'Inbox' } }, Arn: { Value: { 'Fn::GetAtt': ['Inbox', 'Arn'] } } },
    }
    const before = await buckets()
    const outputs = await deployStack(clients, 'One', template)
    expect(outputs).toEqual({
      Url: expect.stringContaining(inject('emulatorUrl')),
      Arn: expect.stringMatching(/^arn:aws:sqs:us-east-1:000000000000:One-Inbox-/),
    })
    expect(await buckets()).toEqual(before)
    await deleteStack(clients, 'One')
    await deleteStack(clients, 'One')
    const { StackSummaries } = await clients.cloudFormation.send(new ListStacksCommand({}))
    expect(StackSummaries?.filter(({ StackName }) => StackName === 'One')).toMatchObject([
      { StackStatus: 'DELETE_COMPLETE' },
    ])
  })

  it('says which resource failed, and why', async () => {
    const template: Template = {
      Resources: {
        Inbox: queue,
        Patient: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 43_201 } },
      },
    }
    await expect(deployStack(clients, 'Two', template)).rejects.toThrow(
      'Stack Two was not created (ROLLBACK_COMPLETE): Patient (AWS::SQS::Queue): Invalid value for the parameter',
    )
    await deleteStack(clients, 'Two')
  })
})

describe('what MiniStack cannot take', () => {
  it.each(Object.keys(leftOut))('%s is refused, so leaving it out is needed', async (type) => {
    const TemplateBody = JSON.stringify({ Resources: { Any: { Type: type } } })
    await expect(
      clients.cloudFormation.send(new CreateStackCommand({ StackName: 'Three', TemplateBody })),
    ).rejects.toThrow(`Unrecognized resource types: [${type}]`)
  })

  const { contestants, results } = synthAll()

  it.each(Object.entries(contestants))('of %s it is the archive, and nothing else', (_, template) => {
    expect(lostOf(template)).toEqual([['OrderArchive', 'AWS::Events::Archive']])
  })

  it.each(Object.entries(results))('of %s it is nothing', (_, template) => {
    expect(lostOf(template)).toEqual([])
  })

  /** Ids and types of the resources that are left out; the rest is as it was, but for how many a mapping has at a time. */
  const lostOf = (template: Template): readonly unknown[] => {
    const { Resources: taken, ...sections } = adapted(template)
    const Resources = Object.fromEntries(
      Object.entries(taken).map(([id, resource]) => [id, asDeployed(resource, template.Resources[id])]),
    )
    const kept = Object.entries(template.Resources).filter(([id]) => id in Resources)
    expect({ ...sections, Resources: Object.fromEntries(kept) }).toEqual({ ...template, Resources })
    const lost = Object.entries(template.Resources).filter(([id]) => !(id in Resources))
    return lost.map(([id, { Type }]) => [id, Type])
  }

  type Resource = Template['Resources'][string]

  const asDeployed = (taken: Resource, given: Resource | undefined): Resource => {
    if (taken.Type !== 'AWS::Lambda::EventSourceMapping') return taken
    const { ScalingConfig, ...properties } = Object(taken.Properties)
    expect(ScalingConfig).toEqual({ MaximumConcurrency: 3 })
    return { ...taken, Properties: { ...properties, ScalingConfig: Object(given?.Properties).ScalingConfig } }
  }
})
