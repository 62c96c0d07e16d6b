import type { FaultEffect } from './results.ts'

/**
 * What a fault does to the ends of orders, against the same orders undisturbed: they end alike; more of them are
 * rejected, cleanly; or some are stuck, unless somebody acts. A fault without a counterpart changes nothing at all.
 */
type Harm = 'nothing' | 'alike' | 'rejects' | 'loses'

/** As results tell it. */
export const harmInResults: Readonly<Record<Harm, FaultEffect['harm']>> = {
  nothing: 'untouched',
  alike: 'survives',
  rejects: 'rejects orders',
  loses: 'loses orders',
}

/** By scenario; of Standard with SQS tokens, Standard with direct Lambda, Classic bus with SQS. `failures.test.ts` holds it true. */
export const harms: Readonly<Record<string, readonly [Harm, Harm, Harm]>> = {
  'early-crash': ['alike', 'alike', 'alike'],
  hang: ['alike', 'alike', 'alike'],
  'service-down': ['alike', 'alike', 'alike'],
  'service-down-long': ['alike', 'rejects', 'alike'],
  'completion-down': ['loses', 'loses', 'loses'],
  'undoing-down': ['loses', 'loses', 'loses'],
  'carrier-outage-long': ['rejects', 'rejects', 'rejects'],
  'provider-slow': ['alike', 'alike', 'alike'],
  'provider-stalled': ['alike', 'alike', 'alike'],
  'provider-refusing': ['rejects', 'rejects', 'rejects'],
  'late-delivery': ['rejects', 'nothing', 'alike'],
  'late-copies': ['rejects', 'rejects', 'rejects'],
  disorder: ['alike', 'nothing', 'alike'],
  'door-closed': ['loses', 'loses', 'loses'],
  'bus-refusing': ['alike', 'alike', 'alike'],
  'bus-slow': ['nothing', 'nothing', 'alike'],
  'rule-disabled': ['nothing', 'nothing', 'loses'],
  'wrong-pattern': ['nothing', 'nothing', 'loses'],
  'permission-lost': ['alike', 'alike', 'loses'],
  'visibility-cut': ['alike', 'nothing', 'alike'],
  neighbour: ['alike', 'alike', 'alike'],
  throttled: ['alike', 'alike', 'alike'],
  poison: ['rejects', 'rejects', 'loses'],
  'schema-ahead': ['alike', 'rejects', 'alike'],
  'schema-behind': ['rejects', 'rejects', 'loses'],
  'retention-outlasted': ['alike', 'alike', 'loses'],
  'definition-updated': ['alike', 'alike', 'nothing'],
  'flow-broken': ['loses', 'loses', 'loses'],
  'orchestrator-impaired': ['loses', 'loses', 'nothing'],
  'bus-impaired': ['alike', 'alike', 'alike'],
  'nobody-listens': ['rejects', 'rejects', 'loses'],
}
