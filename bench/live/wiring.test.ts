import { describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { wiringOf } from './wiring.ts'

const templates = synth()

/** The template with other properties of one resource. */
const withProperties = (template: Template, id: string, properties: object): Template => {
  const resource = template.Resources[id]
  if (resource === undefined) throw new Error(`The template has no ${id}.`)
  const Properties = { ...Object(resource.Properties), ...properties }
  return { ...template, Resources: { ...template.Resources, [id]: { ...resource, Properties } } }
}

const logging = (more: object) => ({
  LoggingConfiguration: { Destinations: [{}], IncludeExecutionData: false, ...more },
})

describe('the wiring of a template', () => {
  it('tells who writes what down: the archive of the bus, the format of each log', () => {
    const { archiveOf, logFormatOf } = wiringOf(templates.Choreographed)
    expect([...archiveOf]).toEqual([['OrderBus', 'OrderArchive']])
    expect(new Set(logFormatOf.values())).toEqual(new Set(['JSON']))
  })

  it('has no log of a history where there is no state machine, or where it logs nothing', () => {
    expect(wiringOf(templates.Choreographed).logBytesPerEvent).toBe(0)
    const silent = withProperties(templates.Orchestrated, 'OrderFlow', logging({ Level: 'OFF' }))
    expect(wiringOf(silent).logBytesPerEvent).toBe(0)
    expect(wiringOf(templates.Orchestrated).logBytesPerEvent).toBeGreaterThan(0)
  })

  it.each([
    { name: 'with the data of its events', log: { Level: 'ALL', IncludeExecutionData: true } },
    { name: 'of failures alone', log: { Level: 'ERROR' } },
  ])('refuses a log $name: nobody could measure it from outside', ({ log }) => {
    expect(() => wiringOf(withProperties(templates.Orchestrated, 'OrderFlow', logging(log)))).toThrow(
      /State machine OrderFlow: expected every event to be logged/,
    )
  })

  it('refuses an archive that takes some events only, for the same reason', () => {
    const choosy = withProperties(templates.Orchestrated, 'OrderArchive', { EventPattern: { source: ['a'] } })
    expect(() => wiringOf(choosy)).toThrow(/Archive OrderArchive: .* EventPattern/)
  })
})
