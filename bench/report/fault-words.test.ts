import { expect, it } from 'vitest'
import type { Fault } from '../scenarios/scenario.ts'
import { faultWords } from './fault-words.ts'

it.each<{ fault: Fault; says: string }>([
  {
    fault: { kind: 'service-outage', service: 'payment', fromMs: 30_000, forMs: 600_000 },
    says: 'service-outage, service payment, from 30 s, for 10 min',
  },
  {
    fault: { kind: 'duplicate', at: 'queue', probability: 0.05, delayMs: [500, 7_200_000] },
    says: 'duplicate, at queue, probability 0.05, delay 500 ms to 2 h',
  },
  { fault: { kind: 'nobody-listens', step: 'ProcessPayment' }, says: 'nobody-listens, step ProcessPayment' },
])('a fault reads "$says"', ({ fault, says }) => {
  expect(faultWords(fault)).toBe(says)
})
