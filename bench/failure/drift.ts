import { field, parse } from '../measure/messages.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'
import type { DeclaredRule, Pathways } from './pathways.ts'

export interface DriftFold {
  readonly observer: Observer
  /** Rules that are off, or listen for something else than the template says. */
  drifted(): readonly DeclaredRule[]
  /** Queues that are set otherwise, and machines that are defined otherwise, than the template says. */
  redeclared(): readonly string[]
  /** They are as the template says again. */
  putBack(resources: readonly string[]): void
}

type Declared = Pick<Pathways, 'rules' | 'definitions' | 'queues'>

/** How a rule differs from its declaration. */
interface Drift {
  isOff: boolean
  isOther: boolean
}

/** Follows the calls that change resources, as a trail of API calls would show them, whoever made them. */
export const createDrift = ({ rules, definitions, queues }: Declared): DriftFold => {
  const drifts = new Map<DeclaredRule, Drift>()
  /** Resource → its properties that are other than declared. */
  const others = new Map<string, Set<string>>()
  const set = (resource: string, property: string, isOther: boolean): void => {
    const known = others.get(resource) ?? new Set()
    others.set(resource, known)
    if (isOther) known.add(property)
    else known.delete(property)
  }
  const changeRule = ({ action, input }: ApiCall): void => {
    const rule = rules.find(({ name }) => name === field(input, 'Name'))
    if (rule === undefined) return
    const drift = drifts.get(rule) ?? { isOff: false, isOther: false }
    drifts.set(rule, drift)
    if (action === 'PutRule') {
      const given = parse(field(input, 'EventPattern'))
      drift.isOther = JSON.stringify(given) !== JSON.stringify(rule.eventPattern)
    }
    drift.isOff = action === 'DisableRule' || field(input, 'State') === 'DISABLED'
  }
  const changeMachine = ({ resource, input }: ApiCall): void => {
    const given = field(input, 'definition')
    if (given !== undefined)
      set(resource, 'Definition', !isAsDeclared(definitions.get(resource), parse(given)))
  }
  const changeQueue = ({ resource, input }: ApiCall): void => {
    for (const [name, value] of Object.entries(field(input, 'Attributes') ?? {}))
      set(resource, name, String(field(queues.get(resource), name)) !== String(value))
  }
  const changes: Readonly<Record<string, (call: ApiCall) => void>> = {
    PutRule: changeRule,
    EnableRule: changeRule,
    DisableRule: changeRule,
    UpdateStateMachine: changeMachine,
    SetQueueAttributes: changeQueue,
  }
  return {
    observer: {
      call(call) {
        if (call.error === undefined) changes[call.action]?.(call)
      },
    },
    drifted: () => [...drifts].flatMap(([rule, { isOff, isOther }]) => (isOff || isOther ? [rule] : [])),
    putBack: (resources) => {
      for (const resource of resources) others.delete(resource)
    },
    redeclared: () => [...others].flatMap(([resource, { size }]) => (size === 0 ? [] : [resource])),
  }
}

/** A definition with its substitutions made is as declared, whatever they are; a comment changes nothing. */
const isAsDeclared = (declared: unknown, given: unknown): boolean => {
  if (typeof declared === 'string') return typeof given === 'string' && substituted(declared).test(given)
  if (typeof declared !== 'object' || declared === null || typeof given !== 'object' || given === null)
    return declared === given
  const names = new Set([...Object.keys(declared), ...Object.keys(given)])
  names.delete('Comment')
  return [...names].every((name) => isAsDeclared(field(declared, name), field(given, name)))
}

/** Matches a declared text, whatever stands where it says `${Name}`. */
const substituted = (declared: string): RegExp =>
  new RegExp(
    `^${declared
      .split(/\$\{\w+\}/)
      .map(asItStands)
      .join('.*')}$`,
    's',
  )

const asItStands = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
