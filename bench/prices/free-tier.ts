import type { Meter } from '../virtual-aws/observer.ts'
import { gigabyte } from './price.ts'

/**
 * Units a month that AWS does not bill an account for, whatever its age. EventBridge gives none for custom events,
 * DynamoDB none for on-demand requests. Source: the services' pricing pages, read 2026-11-22.
 */
export const freeUnitsPerMonth: Readonly<Partial<Record<Meter, number>>> = {
  'states.transition': 4_000,
  'sqs.request': 1_000_000,
  'lambda.request': 1_000_000,
  'lambda.gbMs': 400_000_000,
  'logs.bytes': 5 * gigabyte,
}
