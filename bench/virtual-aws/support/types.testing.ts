import { createKernel } from '../kernel.ts'
import { createLatency } from '../latency.ts'
import { createPermissions } from '../permissions.ts'
import { createQuotas } from '../quotas.ts'
import { forkRandom } from '../random.ts'
import { createWorld } from '../running-world.ts'
import { createEventBuses } from '../services/event-bus/event-buses.ts'
import { createFunctions } from '../services/function/functions.ts'
import { createQueues } from '../services/queue/queues.ts'
import { createStates } from '../services/states/states.ts'
import { createTables } from '../services/table/tables.ts'

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

/** The resource types that the services model. */
export const serviceTypes: readonly string[] = [
  createQueues(world),
  createTables(world),
  createEventBuses(world),
  createFunctions(world, {}),
  createStates(world),
].flatMap((service) => service.resourceTypes)
