import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge'
import { SFNServiceException } from '@aws-sdk/client-sfn'
import { SQSServiceException } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQuotas, limitOf, type QuotaName, quotaFigures } from './quotas.ts'
import { overQuota } from './throttling.ts'

const names = Object.keys(quotaFigures) as QuotaName[]
const rejecting = names.filter((name) => quotaFigures[name].over === 'rejected')
const delaying = names.filter((name) => quotaFigures[name].over === 'delayed')

/** Requests, each so long after the one before; sorted in time as a kernel asks. */
const requests = fc.array(
  fc.record({
    afterMs: fc.double({ min: 0, max: 400, noNaN: true }),
    units: fc.integer({ min: 1, max: 600 }),
  }),
  { minLength: 1, maxLength: 120 },
)

interface Granted {
  readonly atMs: number
  readonly units: number
}

/** What was let in, at the time at which it was: at once, or when its delay was over. */
const grantedOf = (
  quota: string,
  region: string,
  asked: readonly { readonly afterMs: number; readonly units: number }[],
): readonly Granted[] => {
  const quotas = createQuotas(region)
  let nowMs = 0
  return asked.flatMap(({ afterMs, units }) => {
    nowMs += afterMs
    const { effect, delayMs } = quotas.take(quota, nowMs, units)
    return effect === 'rejected' ? [] : [{ atMs: nowMs + delayMs, units }]
  })
}

describe.each(['us-east-1', 'eu-central-1', 'af-south-1'])('in %s', (region) => {
  it.each(names)('%s lets in no more than its bucket and its rate, over any window', (quota) => {
    const { bucket, perSecond } = limitOf(quota, region)
    fc.assert(
      fc.property(requests, (asked) => {
        const granted = grantedOf(quota, region, asked)
        granted.forEach((first, from) => {
          let units = 0
          for (const each of granted.slice(from)) {
            units += each.units
            const windowS = (each.atMs - first.atMs) / 1000
            // What is delayed comes when it has been paid for; a grant is counted whole at its time.
            expect(units - (quotaFigures[quota].over === 'delayed' ? first.units : 0)).toBeLessThanOrEqual(
              bucket + perSecond * windowS + 1e-6,
            )
          }
        })
      }),
      { seed: 1, numRuns: 40 },
    )
  })

  it.each(rejecting)('%s lets in a bucket at once, and nothing after it until it is refilled', (quota) => {
    const { bucket, perSecond } = limitOf(quota, region)
    const quotas = createQuotas(region)
    expect(quotas.take(quota, 0, bucket).effect).toBe('none')
    expect(quotas.take(quota, 0).effect).toBe('rejected')
    const refillMs = 1000 / perSecond
    expect(quotas.take(quota, refillMs * 0.999).effect).toBe('rejected')
    expect(quotas.take(quota, refillMs * 1.001).effect).toBe('none')
    expect(quotas.take(quota, refillMs * 1.001).effect).toBe('rejected')
  })

  it.each(delaying)('%s refuses nothing: what is over waits its turn', (quota) => {
    const { bucket, perSecond } = limitOf(quota, region)
    const quotas = createQuotas(region)
    expect(quotas.take(quota, 0, bucket).effect).toBe('none')
    const delays = [1, 2, 3].map(() => quotas.take(quota, 0).delayMs)
    for (const [index, delayMs] of delays.entries())
      expect(delayMs).toBeCloseTo(((index + 1) * 1000) / perSecond, 6)
  })

  it.each(names)('%s hinders nobody who stays within its rate', (quota) => {
    const { perSecond } = limitOf(quota, region)
    const quotas = createQuotas(region)
    for (let index = 0; index < 2_000; index += 1)
      expect(quotas.take(quota, (index * 1000) / perSecond).effect).toBe('none')
  })
})

describe('a call over quota', () => {
  it.each([
    { service: 'states' as const, Class: SFNServiceException, name: 'ThrottlingException' },
    { service: 'events' as const, Class: EventBridgeServiceException, name: 'ThrottlingException' },
    { service: 'sqs' as const, Class: SQSServiceException, name: 'RequestThrottled' },
  ])('of $service is $name, of the class that its client throws', ({ service, Class, name }) => {
    const error = overQuota(service)
    expect(error).toBeInstanceOf(Class)
    expect(error).toMatchObject({ name, message: 'Rate exceeded', $fault: 'client' })
  })
})
