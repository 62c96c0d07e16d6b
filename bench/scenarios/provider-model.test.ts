import { describe, expect, it } from 'vitest'
import { carrierOutage } from './carrier-outage.ts'
import { crash } from './crash.ts'
import { providerModel } from './provider-model.ts'
import { providerRefusing } from './provider-refusing.ts'
import { providerSlow } from './provider-slow.ts'
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

  it('is slow and refuses for a while, likewise', () => {
    const slow = { provider: 'carrier', fromMs: startMs + 30_000, untilMs: startMs + 630_000, extraMs: 5_000 }
    const refusing = { provider: 'gateway', fromMs: startMs + 30_000, untilMs: startMs + 90_000 }
    expect(providerModel(providerSlow, 1, startMs)).toMatchObject({ slow: [slow], outages: [] })
    expect(providerModel(providerRefusing, 1, startMs)).toMatchObject({ refusing: [refusing], outages: [] })
  })

  it('takes no crash for an outage', () => {
    expect(providerModel(crash, 1, startMs)).toMatchObject({ chargeAnswersLost: 0.02, outages: [] })
  })
})
