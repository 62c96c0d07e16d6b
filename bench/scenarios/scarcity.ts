import type { Scenario } from './scenario.ts'
import { kindWorld } from './worlds.ts'

export const scarcity: Scenario = {
  id: 'scarcity',
  title: 'Contended last units',
  promises: 'laws',
  about:
    'Of one article in ten the warehouse holds half of what is asked for. Who gets the last units depends on who ' +
    'comes first, which the styles may settle differently; stock is conserved in all of them.',
  load: { kind: 'as-given' },
  world: { ...kindWorld, skusScarce: 0.1 },
  faults: [],
}
