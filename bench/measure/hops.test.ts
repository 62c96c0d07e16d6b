import { beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { type Contestant, contestants } from '../contestants.ts'
import { runOrders } from '../run.ts'
import { scenarios } from '../scenarios/all.ts'
import { type HopFigure, hopFigures } from '../virtual-aws/latency/hops.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { createHops, hopObserver, observedPaths, type PathId } from './hops.ts'

const templates = synth()
const functionsIn = (template: (typeof templates)[keyof typeof templates]): ReadonlySet<string> =>
  new Set(
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .map(([id]) => id),
  )

const watched = async (contestant: Contestant) => {
  const template = templates[contestant.stack as keyof typeof templates]
  const fold = createHops()
  const [scenario] = scenarios
  if (scenario === undefined) throw new Error('There is no scenario.')
  const workload = builtInWorkload({ count: 400, ratePerSecond: 2, seed: 1 })
  await runOrders(
    { contestant, template, scenario, workload, seed: 1, region: 'us-east-1' },
    { observers: [hopObserver(fold, functionsIn(template))] },
  )
  return observedPaths([fold.finish()])
}

const median = (hop: keyof typeof hopFigures): number => (hopFigures[hop] as HopFigure).p50

describe('what is observed of a run in the virtual AWS is what it draws', () => {
  const expected: readonly { contestant: string; path: PathId; p50: number }[] = [
    { contestant: 'orchestrated', path: 'front door: StartExecution', p50: median('states.startExecution') },
    { contestant: 'orchestrated', path: 'states.answer', p50: median('states.answer') },
    { contestant: 'orchestrated', path: 'sqs.deliver', p50: median('sqs.deliver') },
    {
      contestant: 'orchestrated',
      path: 'states.start → queue',
      p50: median('states.start') + median('sqs.call') / 2,
    },
    {
      contestant: 'orchestrated',
      path: 'states.transition → queue',
      p50: median('states.transition') + median('sqs.call') / 2,
    },
    {
      contestant: 'orchestrated-direct',
      path: 'states.start → function',
      p50: median('states.start') + median('lambda.invoke'),
    },
    {
      contestant: 'orchestrated-direct',
      path: 'states.transition → function',
      p50: median('states.transition') + median('lambda.invoke'),
    },
    { contestant: 'choreographed', path: 'front door: SendMessage', p50: median('sqs.call') },
    { contestant: 'choreographed', path: 'events.put', p50: median('events.put') },
    {
      contestant: 'choreographed',
      path: 'events.route → queue',
      p50: median('events.route') + median('sqs.call') / 2,
    },
    { contestant: 'choreographed', path: 'dynamodb.read', p50: median('dynamodb.read') },
    { contestant: 'choreographed', path: 'dynamodb.write', p50: median('dynamodb.write') },
    { contestant: 'choreographed', path: 'lambda.init', p50: median('lambda.init') },
  ]
  describe.each(contestants)('$id', (contestant) => {
    let seen: Awaited<ReturnType<typeof watched>> = []
    beforeAll(async () => {
      seen = await watched(contestant)
    })

    it.each(expected.filter((each) => each.contestant === contestant.id))('$path', ({ path, p50 }) => {
      const found = seen.find((each) => each.path === path)
      expect(found?.n).toBeGreaterThan(20)
      expect(Math.abs((found?.p50 ?? 0) / p50 - 1)).toBeLessThan(0.1)
    })
  })
})
