import type { ProviderModel } from '../../shared/providers.ts'
import type { Scenario } from './scenario.ts'

/** The outside world of a scenario; `startMs` is when the first order comes, in ms since the Unix epoch. */
export const providerModel = (scenario: Scenario, seed: number, startMs: number): ProviderModel => {
  const { cardsDeclined, shipmentsRefused, mailsBounced, chargeAnswersLost } = scenario.world
  return {
    seed,
    cardsDeclined,
    shipmentsRefused,
    mailsBounced,
    chargeAnswersLost,
    outages: scenario.faults.flatMap((fault) =>
      fault.kind === 'provider-outage'
        ? [
            {
              provider: fault.provider,
              fromMs: startMs + fault.fromMs,
              untilMs: startMs + fault.fromMs + fault.forMs,
            },
          ]
        : [],
    ),
  }
}
