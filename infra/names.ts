import type { EventName, ServiceName } from '../shared/messages/names.ts'

/** Who owns a table: a service, or the view that follows along. */
export type Owner = ServiceName | 'view'

/** `reserveInventory` → `ReserveInventory`: the stem of the logical ids of everything that serves a handler. */
export const stemOf = (handler: string): string => handler.charAt(0).toUpperCase() + handler.slice(1)

export const tableIdOf = (owner: Owner): string => `${stemOf(owner)}Table`

/** The bus of a contestant's stack bears a name that others can find it by. */
export const busNameOf = (stackName: string): string => `${stackName}-OrderBus`

/** The stack of the instruments that listen to a contestant. */
export const resultsStackOf = <Name extends string>(stackName: Name): `${Name}Results` =>
  `${stackName}Results`

/** How an order ends, in every contestant alike. */
export const terminalFacts: readonly EventName[] = ['OrderCompleted', 'OrderRejected']
