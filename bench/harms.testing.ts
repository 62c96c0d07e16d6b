import type { FaultEffect } from './results.ts'

/**
 * What a fault does to the ends of orders, against the same orders undisturbed: they end alike; more of them are
 * rejected, cleanly; or some are stuck, unless somebody acts. What has no counterpart, or no effect, changes nothing at all.
 */
type Harm = 'nothing' | 'alike' | 'rejects' | 'strands'

/** As results tell it. */
export const harmInResults: Readonly<Record<Harm, FaultEffect['harm']>> = {
  nothing: 'untouched',
  alike: 'survives',
  rejects: 'rejects orders',
  strands: 'strands orders',
}

/** By scenario; of Standard with SQS tokens, Standard with direct Lambda, Classic bus with SQS. `failures.test.ts` holds it true. */
export const harms: Readonly<Record<string, readonly [Harm, Harm, Harm]>> = {
  'early-crash': ['alike', 'alike', 'alike'],
  hang: ['alike', 'alike', 'alike'],
  'service-down': ['alike', 'alike', 'alike'],
  'service-down-long': ['alike', 'rejects', 'alike'],
  'completion-down': ['strands', 'strands', 'strands'],
  'undoing-down': ['strands', 'strands', 'strands'],
  'carrier-outage-long': ['rejects', 'rejects', 'rejects'],
  'provider-slow': ['alike', 'alike', 'alike'],
  'provider-stalled': ['alike', 'alike', 'alike'],
  'provider-refusing': ['rejects', 'rejects', 'rejects'],
  'late-delivery': ['rejects', 'nothing', 'alike'],
  'late-copies': ['rejects', 'rejects', 'rejects'],
  disorder: ['alike', 'nothing', 'alike'],
  'door-closed': ['strands', 'strands', 'strands'],
  'bus-refusing': ['alike', 'alike', 'alike'],
  'bus-taking-long': ['alike', 'alike', 'alike'],
  'bus-slow': ['nothing', 'nothing', 'alike'],
  'rule-disabled': ['nothing', 'nothing', 'strands'],
  'wrong-pattern': ['nothing', 'nothing', 'strands'],
  'permission-lost': ['alike', 'alike', 'strands'],
  'visibility-cut': ['alike', 'nothing', 'alike'],
  neighbour: ['alike', 'alike', 'alike'],
  throttled: ['alike', 'alike', 'alike'],
  poison: ['rejects', 'rejects', 'strands'],
  'schema-ahead': ['alike', 'rejects', 'alike'],
  'schema-behind': ['rejects', 'rejects', 'strands'],
  'retention-outlasted': ['alike', 'alike', 'strands'],
  'definition-updated': ['nothing', 'nothing', 'nothing'],
  'flow-broken': ['strands', 'strands', 'strands'],
  'orchestrator-impaired': ['strands', 'strands', 'nothing'],
  'bus-impaired': ['alike', 'alike', 'alike'],
  'nobody-listens': ['rejects', 'rejects', 'strands'],
  'rule-missing': ['nothing', 'nothing', 'strands'],
}
