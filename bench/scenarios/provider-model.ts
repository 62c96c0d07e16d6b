import type { ProviderModel, ProviderSpell } from '../../shared/providers.ts'
import type { Scenario, Spell } from './scenario.ts'

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
      fault.kind === 'provider-outage' ? [spellOf(fault, startMs)] : [],
    ),
    ...spells(
      'slow',
      scenario.faults.flatMap((fault) =>
        fault.kind === 'provider-slow' ? [{ ...spellOf(fault, startMs), extraMs: fault.extraMs }] : [],
      ),
    ),
    ...spells(
      'refusing',
      scenario.faults.flatMap((fault) =>
        fault.kind === 'provider-refusal' ? [spellOf(fault, startMs)] : [],
      ),
    ),
  }
}

const spellOf = (
  { provider, fromMs, forMs }: Pick<ProviderSpell, 'provider'> & Spell,
  startMs: number,
): ProviderSpell => ({ provider, fromMs: startMs + fromMs, untilMs: startMs + fromMs + forMs })

/** Nothing where there is none, so that nobody asks for it at each call. */
const spells = <Name extends string, Spells extends readonly unknown[]>(name: Name, found: Spells) =>
  (found.length === 0 ? {} : { [name]: found }) as { readonly [N in Name]?: Spells }
