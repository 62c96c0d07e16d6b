import { describe, expect, it } from 'vitest'
import { deadline, subscriptions } from '../choreographed/subscriptions.ts'
import { commandRoutes } from '../orchestrated/commands.ts'
import { stemOf } from './names.ts'
import {
  at,
  everyTemplate,
  type Json,
  listAt,
  referred,
  resourcesOf,
  templates,
} from './templates.testing.ts'

const tableOutputs = ['Inventory', 'Notification', 'Order', 'Payment', 'Shipping'].map(
  (name) => `${name}TableName`,
)
const environmentOf = (stack: string, id: string): readonly string[] => {
  const [found] = resourcesOf('AWS::Lambda::Function', stack).filter((resource) => resource.id === id)
  return Object.keys(at(found?.properties, 'Environment', 'Variables') ?? {}).toSorted()
}

describe('the templates', () => {
  it('hold resources and outputs, and nothing that only CDK would read', () => {
    for (const [, template] of everyTemplate) {
      expect(Object.keys(template).toSorted()).toEqual(['Outputs', 'Resources'])
      for (const [id, resource] of Object.entries(template.Resources)) {
        expect(id).toMatch(/^[A-Z][A-Za-z]+$/)
        expect(Object.keys(resource)).not.toContain('Metadata')
      }
    }
  })

  it.each([
    ['Orchestrated', [...tableOutputs, 'OrderBusName', 'StateMachineArn']],
    ['OrchestratedDirect', [...tableOutputs, 'OrderBusName', 'StateMachineArn']],
    ['Choreographed', [...tableOutputs, 'CreateOrderQueueUrl', 'OrderBusName', 'ViewTableName']],
  ] as const)('%s tells whoever uses it the names that it needs', (name, outputs) => {
    expect(Object.keys(templates[name].Outputs ?? {}).toSorted()).toEqual([...outputs].toSorted())
  })

  it('are the same each time', async () => {
    const { synth } = await import('./synth.ts')
    expect(synth()).toEqual(templates)
  })
})

describe('the orchestrated wiring', () => {
  it.each(commandRoutes)('$command goes through its queue to the one function that obeys it', (route) => {
    const [mapping] = resourcesOf('AWS::Lambda::EventSourceMapping', 'Orchestrated').filter(
      ({ id }) => id === `${route.command}Mapping`,
    )
    expect(referred(at(mapping?.properties, 'EventSourceArn'))).toBe(`${route.command}Queue`)
    expect(referred(at(mapping?.properties, 'FunctionName'))).toBe(`${route.command}Function`)
    const [machine] = resourcesOf('AWS::StepFunctions::StateMachine', 'Orchestrated')
    expect(at(machine?.properties, 'DefinitionSubstitutions', `${route.command}QueueUrl`)).toEqual({
      Ref: `${route.command}Queue`,
    })
  })

  it.each([
    ['Orchestrated', 'orchestrated'],
    ['OrchestratedDirect', 'orchestrated-direct'],
  ])('%s names each handler of %s and tells it its table, and its bus when it announces', (stack, file) => {
    for (const { command, handler, service, announces } of commandRoutes) {
      const [lambda] = resourcesOf('AWS::Lambda::Function', stack).filter(
        ({ id }) => id === `${command}Function`,
      )
      expect(at(lambda?.properties, 'Handler')).toBe(`${file}.${handler}`)
      expect(at(lambda?.properties, 'Environment', 'Variables', 'TABLE_NAME')).toEqual({
        Ref: `${stemOf(service)}Table`,
      })
      expect(environmentOf(stack, `${command}Function`)).toEqual(
        announces ? ['BUS_NAME', 'TABLE_NAME'] : ['TABLE_NAME'],
      )
    }
  })
})

describe('the choreographed wiring', () => {
  const rules = new Map(
    resourcesOf('AWS::Events::Rule', 'Choreographed').map(({ id, properties }) => [id, properties]),
  )
  const isFrontDoor = ({ on }: (typeof subscriptions)[number]): boolean => on.includes('CreateOrder')

  it.each(subscriptions.filter((subscription) => !isFrontDoor(subscription)))(
    '$handler hears what it subscribed to, from those who publish it',
    ({ handler, on }) => {
      const rule = rules.get(`${stemOf(handler)}Rule`)
      expect(listAt(rule, 'EventPattern', 'detail-type')).toEqual(on)
      const publishers = subscriptions.filter(({ publishes }) =>
        publishes.some((event) => on.includes(event)),
      )
      expect(new Set(listAt(rule, 'EventPattern', 'source'))).toEqual(
        new Set(publishers.map(({ listener }) => `${listener}-service`)),
      )
      expect(listAt(rule, 'Targets').map((target) => referred(at(target, 'Arn')))).toEqual([
        `${stemOf(handler)}Queue`,
      ])
    },
  )

  it('the front door is a queue, and no rule leads to it', () => {
    const [door] = subscriptions.filter(isFrontDoor)
    expect(templates.Choreographed.Outputs?.['CreateOrderQueueUrl']?.Value).toEqual({
      Ref: `${stemOf(door?.handler ?? '')}Queue`,
    })
    expect(rules.has(`${stemOf(door?.handler ?? '')}Rule`)).toBe(false)
  })

  it.each([...subscriptions.map(({ handler }) => handler), deadline.handler])(
    '%s knows its own queue',
    (handler) => {
      const [lambda] = resourcesOf('AWS::Lambda::Function', 'Choreographed').filter(
        ({ id }) => id === `${stemOf(handler)}Function`,
      )
      const variables: Json | undefined = at(lambda?.properties, 'Environment', 'Variables')
      expect(at(lambda?.properties, 'Handler')).toBe(`choreographed.${handler}`)
      expect(referred(at(variables, 'QUEUE_URL'))).toBe(`${stemOf(handler)}Queue`)
      expect(at(variables, 'DEADLINE_QUEUE_URL') !== undefined).toBe(handler.startsWith('view'))
    },
  )

  it('the view listens and publishes nothing until a deadline passes', () => {
    expect(environmentOf('Choreographed', 'ViewOnAnyEventFunction')).toEqual([
      'DEADLINE_QUEUE_URL',
      'QUEUE_URL',
      'TABLE_NAME',
    ])
    expect(environmentOf('Choreographed', 'ViewOnDeadlineFunction')).toContain('BUS_NAME')
  })
})
