import { describe, expect, it } from 'vitest'
import { carrierOutage } from './carrier-outage.ts'
import { crash } from './crash.ts'
import { providerModel } from './provider-model.ts'
import { refusals } from './refusals.ts'

const startMs = Date.UTC(2026, 0, 5)

describe('the outside world of a scenario', () => {
  it('has its rates and the seed of the run', () => {
    expect(providerModel(refusals, 7, startMs)).toEqual({
      seed: 7,
      cardsDeclined: 0.05,
      shipmentsRefused: 0.03,
      mailsBounced: 0.02,
      chargeAnswersLost: 0,
      outages: [],
    })
  })

  it('has its outages in time since the epoch, counted from the first order', () => {
    expect(providerModel(carrierOutage, 1, startMs).outages).toEqual([
      { provider: 'carrier', fromMs: startMs + 60_000, untilMs: startMs + 660_000 },
    ])
  })

  it('takes no crash for an outage', () => {
    expect(providerModel(crash, 1, startMs)).toMatchObject({ chargeAnswersLost: 0.02, outages: [] })
  })
})
