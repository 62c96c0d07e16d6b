import type { Probes } from './probe.testing.ts'
import {
  busProbes,
  functionProbes,
  machineProbes,
  mappingProbes,
  queueProbes,
} from './probes-of-services.testing.ts'
import { callProbes, permissionProbes, templateProbes } from './probes-of-stacks.testing.ts'
import { tableProbes } from './probes-of-tables.testing.ts'

/** By section of SUPPORT.md: what the virtual AWS is asked for, under the name by which the section refuses it. */
export const probesBySection: Readonly<Record<string, Probes>> = {
  'Templates (CloudFormation)': templateProbes,
  "Calls (the SDK's `send`)": callProbes,
  'Permissions (IAM)': permissionProbes,
  'Functions (Lambda)': functionProbes,
  'Event source mappings (Lambda, from SQS)': mappingProbes,
  'Time and chance': {},
  'Queues (SQS)': queueProbes,
  'Tables (DynamoDB)': tableProbes,
  'Event buses (EventBridge, Custom Event Bus – Classic)': busProbes,
  'State machines (Step Functions)': machineProbes,
}
