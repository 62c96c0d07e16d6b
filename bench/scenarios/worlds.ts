import type { WorldModel } from './scenario.ts'

/** Nobody refuses anything, and there is enough of everything. */
export const kindWorld: WorldModel = {
  skusOutOfStock: 0,
  skusScarce: 0,
  cardsDeclined: 0,
  shipmentsRefused: 0,
  mailsBounced: 0,
  chargeAnswersLost: 0,
}

/** Every kind of refusal occurs, so that every compensation runs. Assumed rates, chosen to be seen in 2,000 orders. */
export const refusingWorld: WorldModel = {
  ...kindWorld,
  skusOutOfStock: 0.01,
  cardsDeclined: 0.05,
  shipmentsRefused: 0.03,
  mailsBounced: 0.02,
}
