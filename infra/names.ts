import type { ServiceName } from '../shared/messages/names.ts'

/** Who owns a table: a service, or the view that follows along. */
export type Owner = ServiceName | 'view'

/** `reserveInventory` → `ReserveInventory`: the stem of the logical ids of everything that serves a handler. */
export const stemOf = (handler: string): string => handler.charAt(0).toUpperCase() + handler.slice(1)

export const tableIdOf = (owner: Owner): string => `${stemOf(owner)}Table`
