import { describe, expect, it } from 'vitest'
import type { ServiceId } from './observer.ts'
import { denied, unavailable } from './refusals.ts'
import { retryDelayMs } from './sdk-retry.ts'
import type { World } from './world.ts'

const services = ['states', 'events', 'sqs', 'dynamodb', 'lambda'] as const satisfies readonly ServiceId[]
const world = { random: () => ({ next: () => 0.5 }) } as unknown as World

describe.each(services)('a refusal by %s', (service) => {
  it('that is impaired is one that the SDK tries again', () => {
    expect(retryDelayMs(unavailable(service), service, 1, world)).toBeGreaterThan(0)
  })

  it('for want of a permission is final, and says what may not be done to what', () => {
    const error = denied(service, 'Act', 'Thing')
    expect(error.name).toMatch(/^AccessDenied/)
    expect(error.message).toContain(`${service}:Act on resource: Thing`)
    expect(retryDelayMs(error, service, 1, world)).toBeUndefined()
  })
})
