import { busAndTargets } from './events/bus-and-targets.ts'
import { patterns } from './events/patterns.ts'
import { invocations } from './lambda/invocations.ts'
import { mappings } from './lambda/mappings.ts'
import { batches } from './sqs/batches.ts'
import { fifo } from './sqs/fifo.ts'
import { sendAndReceive } from './sqs/send-and-receive.ts'
import { visibility } from './sqs/visibility.ts'
import type { Statement } from './statement.ts'
import { errors } from './states/errors.ts'
import { executionsApi } from './states/executions-api.ts'
import { flow } from './states/flow.ts'
import { tokens } from './states/tokens.ts'
import { items } from './table/items.ts'
import { transactions } from './table/transactions.ts'

/** The contract: what is said of AWS, service by service. */
export const statements: readonly Statement[] = [
  ...sendAndReceive,
  ...visibility,
  ...batches,
  ...fifo,
  ...executionsApi,
  ...flow,
  ...errors,
  ...tokens,
  ...busAndTargets,
  ...patterns,
  ...invocations,
  ...mappings,
  ...items,
  ...transactions,
]
