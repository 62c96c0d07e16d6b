import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createKernel } from './kernel.ts'
import { createLatency } from './latency.ts'
import { createPermissions } from './permissions.ts'
import { createQuotas } from './quotas.ts'
import { forkRandom } from './random.ts'
import { identityTypes, inertTypes } from './resources.ts'
import { createWorld } from './running-world.ts'
import { createEventBuses } from './services/event-bus/event-buses.ts'
import { createFunctions } from './services/function/functions.ts'
import { createQueues } from './services/queue/queues.ts'
import { createStates } from './services/states/states.ts'
import { createTables } from './services/table/tables.ts'

const support = readFileSync(new URL('./SUPPORT.md', import.meta.url), 'utf8')

const world = createWorld({
  kernel: createKernel({ startMs: 0 }),
  region: 'eu-west-1',
  accountId: '111122223333',
  observer: {},
  faults: {},
  random: forkRandom(1),
  latency: createLatency(),
  quotas: createQuotas('eu-west-1'),
  permissions: createPermissions('111122223333'),
})
const services = [
  createQueues(world),
  createTables(world),
  createEventBuses(world),
  createFunctions(world, {}),
  createStates(world),
]
const types = [
  ...services.flatMap((service) => service.resourceTypes),
  ...identityTypes,
  ...Object.keys(inertTypes),
]

it.each(types)('SUPPORT.md says how %s is modelled', (type) => {
  expect(support).toContain(`\`${type}\``)
})

it('SUPPORT.md names no other resource type as modelled', () => {
  const named = [...support.matchAll(/`(AWS::\w+::\w+)`/g)].map(([, type]) => type)
  expect(new Set(named)).toEqual(new Set(types))
})
