import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const refusals: Scenario = {
  id: 'refusals',
  title: 'No stock, declined cards, refused shipments',
  promises: 'sameOutcome',
  about:
    'One article in a hundred has no stock, 5% of cards are declined, 3% of shipments refused, 2% of mails bounce: ' +
    'what compensating takes and costs, and whether both styles reject the same orders.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [],
}
