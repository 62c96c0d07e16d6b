import type { CommandName } from '../../shared/messages/names.ts'
import type { Fault, Place, Spell } from './scenario.ts'

/** Where a fault strikes: what the resources of a contestant are to the flow. */
export interface Site {
  /** When the first order comes, in ms since the Unix epoch. */
  readonly startMs: number
  /** The component that a function belongs to, by the function's logical id. */
  readonly functions: Readonly<Record<string, string>>
  /** The step that a function takes, by the function's logical id. */
  readonly steps: Readonly<Record<string, CommandName>>
}

/** Logical ids say what a resource is, as the templates name them: a stem, and what it is. */
const kinds = /(Function|Queue|Rule)$/

/** The function that a queue feeds, or that a rule's queue feeds, or the function itself; by logical id. */
const functionOf = (resource: string): string => resource.replace(kinds, 'Function')

export const serviceAt = ({ functions }: Site, resource: string): string | undefined =>
  functions[functionOf(resource)]

export const stepAt = ({ steps }: Site, resource: string): CommandName | undefined =>
  steps[functionOf(resource)]

export const placeOf = (resource: string): Place => (resource.endsWith('Rule') ? 'rule' : 'queue')

/** What the resources of a kind that belong to a step or a service are called. */
export const resourcesOf = (
  { functions, steps }: Site,
  of: { readonly step: CommandName } | { readonly service: string },
  kind: 'Function' | 'Queue' | 'Rule',
): readonly string[] =>
  Object.keys(functions)
    .filter((id) => ('step' in of ? steps[id] === of.step : functions[id] === of.service))
    .map((id) => id.replace(kinds, kind))

export const isWithin = ({ startMs }: Site, { fromMs, forMs }: Spell, atMs: number): boolean =>
  startMs + fromMs <= atMs && atMs < startMs + fromMs + forMs

export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>

export const faultsOf = <Kind extends Fault['kind']>(
  faults: readonly Fault[],
  kind: Kind,
): readonly FaultOf<Kind>[] => faults.filter((fault): fault is FaultOf<Kind> => fault.kind === kind)
