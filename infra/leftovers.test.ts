import { describe, expect, it } from 'vitest'
import { tagsOf } from './project-stack.ts'
import { at, distinct, everyDeployed, type Json, listAt, referred, resourcesOf } from './templates.testing.ts'

const resources = everyDeployed.flatMap(([stack, { Resources }]) =>
  Object.entries(Resources).map(([id, resource]) => ({ stack, id, resource: resource as unknown as Json })),
)
const typeOf = (resource: Json): string => String(at(resource, 'Type'))

/** What AWS has no tags for. */
const tagless = ['AWS::Events::Archive', 'AWS::SQS::QueuePolicy']

describe('nothing is left after a destroy', () => {
  it('is asked of every resource', () => {
    expect(resources.length).toBeGreaterThan(400)
  })

  it('for no resource is to be retained or to leave a snapshot', () => {
    const kept = resources.filter(({ resource }) =>
      [at(resource, 'DeletionPolicy'), at(resource, 'UpdateReplacePolicy')].some(
        (policy) => policy !== undefined && policy !== 'Delete',
      ),
    )
    expect(kept).toEqual([])
  })

  it.each(['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'])(
    'for each %s, which CDK keeps unless it is told otherwise, says so in as many words',
    (type) => {
      const holding = resources.filter(({ resource }) => typeOf(resource) === type)
      expect(holding.length).toBeGreaterThan(0)
      for (const { stack, id, resource } of holding)
        expect(
          [at(resource, 'DeletionPolicy'), at(resource, 'UpdateReplacePolicy')],
          `${stack}/${id}`,
        ).toEqual(['Delete', 'Delete'])
    },
  )

  it('for a table neither refuses its deletion nor leaves a backup behind', () => {
    for (const { stack, id, properties } of resourcesOf('AWS::DynamoDB::Table')) {
      expect(at(properties, 'DeletionProtectionEnabled'), `${stack}/${id}`).toBeUndefined()
      expect(at(properties, 'PointInTimeRecoverySpecification'), `${stack}/${id}`).toBeUndefined()
    }
  })

  it('for every log group is one of the stack, and no function may make another', () => {
    const written = [
      ...resourcesOf('AWS::Lambda::Function').map(({ stack, properties }) => [
        stack,
        referred(at(properties, 'LoggingConfig', 'LogGroup')),
      ]),
      ...resourcesOf('AWS::StepFunctions::StateMachine').map(({ stack, properties }) => [
        stack,
        referred(
          at(
            properties,
            ...['LoggingConfiguration', 'Destinations', 0, 'CloudWatchLogsLogGroup', 'LogGroupArn'],
          ),
        ),
      ]),
    ]
    const groups = resourcesOf('AWS::Logs::LogGroup').map(({ stack, id }) => [stack, id])
    expect(distinct(written).toSorted()).toEqual(distinct(groups).toSorted())
    const mayMake = resources.filter(({ resource }) =>
      JSON.stringify(resource).includes('logs:CreateLogGroup'),
    )
    expect(mayMake).toEqual([])
  })

  it('for every log group and archive forgets after a week, were it ever left', () => {
    for (const { properties } of resourcesOf('AWS::Logs::LogGroup'))
      expect(at(properties, 'RetentionInDays')).toBe(7)
    for (const { properties } of resourcesOf('AWS::Events::Archive'))
      expect(at(properties, 'RetentionDays')).toBe(7)
  })
})

describe('the tags', () => {
  it('are on everything that AWS can tag, and tell whose it is and that it may go', () => {
    for (const { stack, id, resource } of resources) {
      const tags = Object.fromEntries(
        listAt(resource, 'Properties', 'Tags').map((tag) => [at(tag, 'Key'), at(tag, 'Value')]),
      )
      const contestant = stack.replace(/Results$/, '')
      expect(tags, `${stack}/${id}`).toEqual(tagless.includes(typeOf(resource)) ? {} : tagsOf(contestant))
    }
  })
})
