import type { Coupling, CouplingRow } from '../results.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { field, listOf } from './messages.ts'

/** Who sends which message to whom, whatever it travels through. */
export interface LogicalEdge {
  readonly from: string
  readonly to: string
  readonly message: string
  readonly kind: 'command' | 'event'
}

export interface CouplingInput {
  readonly template: Template
  /** Logical id of each function → the component that it belongs to. */
  readonly functions: Readonly<Record<string, string>>
  readonly routes: readonly LogicalEdge[]
}

/** `from` depends on `to`. */
interface Dependency {
  readonly from: string
  readonly to: string
}

/** Whoever calls the front door: a client of the system, no component of it. */
const customer = 'customer'

/**
 * Couplings of the components of a template: the services and the order view (a component is its functions, with the
 * queues, mappings, rules and tables that serve them), the conductor (the state machine) and the bus (with its
 * archive).
 *
 * - **Direct edge**: X names Y, in its wiring or in what it is allowed to do. Wiring: a property that decides where
 *   something goes at run time, of a resource of X, refers to a resource of Y. State machine → queue or function;
 *   function → bus, queue or table; mapping → queue and function; rule → bus and queue. Allowance: a statement of the
 *   role of a function or state machine of X allows an action on a resource of Y. A worker that answers by task token
 *   names the state machine nowhere else, and yet no answer arrives without it. What a component may do to its own
 *   queue and table is inside it; what it may do to `*`, or to its log, names no component. A rule belongs to the
 *   listener whose queue it feeds: it comes and goes with the listener, and the bus does not notice. Who may act on a
 *   resource (queue policies) repeats the wiring from its other end, and alarms only look: neither counts, nor does an
 *   inbox that only people read.
 * - **Logical edge**: X must know the contract of a message that Y owns. A command belongs to who obeys it, so its
 *   sender depends on that service; an event belongs to who publishes it, so its listener depends on that service.
 *   An answer to the conductor is an event that the conductor hears. Brokers carry logical edges and have none.
 *
 * Over either graph: Ca and Ce, components that depend on it and that it depends on; instability Ce / (Ca + Ce)
 * (R. Martin, "OO Design Quality Metrics", 1994); AIS, clients that invoke or hear it, the customer outside included;
 * ADS, components that it invokes or hears; ACS = AIS × ADS (Bogner et al., "Automatically measuring the
 * maintainability of service- and microservice-based systems", 2017, after Rud et al., 2006); mutual pairs: two that
 * depend on each other (SIY, Rud et al.).
 */
export const couplingOf = ({ template, functions, routes }: CouplingInput): Coupling => {
  const owners = ownersIn(template, functions)
  const components = [...new Set([...Object.values(functions), ...owners.values()])]
  const front = frontDoors(template, owners).map((to): Dependency => ({ from: customer, to }))
  const direct = [...directEdges(template, owners), ...front]
  const logical = [...routes.map(dependencyOf), ...front]
  return {
    direct: components.map((component) => rowOf(component, direct, components)),
    logical: components.map((component) => rowOf(component, logical, components)),
    mutualPairs: { direct: mutualPairs(direct), logical: mutualPairs(logical) },
    resources: countByType(template),
  }
}

const dependencyOf = ({ from, to, kind }: LogicalEdge): Dependency =>
  kind === 'command' ? { from, to } : { from: to, to: from }

const rowOf = (
  component: string,
  edges: readonly Dependency[],
  components: readonly string[],
): CouplingRow => {
  const clients = new Set(
    edges.filter(({ from, to }) => to === component && from !== component).map(({ from }) => from),
  )
  const servers = new Set(
    edges.filter(({ from, to }) => from === component && to !== component).map(({ to }) => to),
  )
  const ca = components.filter((other) => clients.has(other)).length
  const ce = components.filter((other) => servers.has(other)).length
  return {
    service: component,
    ca,
    ce,
    instability: ca + ce === 0 ? null : ce / (ca + ce),
    ais: clients.size,
    ads: servers.size,
    acs: clients.size * servers.size,
  }
}

const mutualPairs = (edges: readonly Dependency[]): number => {
  const known = new Set(edges.map(({ from, to }) => `${from}→${to}`))
  const pairs = new Set(
    edges
      .filter(({ from, to }) => from < to && known.has(`${to}→${from}`))
      .map(({ from, to }) => `${from}→${to}`),
  )
  return pairs.size
}

/** By type: the properties that decide where something goes at run time. */
const wiring: Readonly<Record<string, readonly string[]>> = {
  'AWS::StepFunctions::StateMachine': ['DefinitionString', 'DefinitionSubstitutions'],
  'AWS::Lambda::Function': ['Environment'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'FunctionName'],
  'AWS::Events::Rule': ['EventBusName', 'Targets'],
  'AWS::Events::Archive': ['SourceArn'],
}

const directEdges = (template: Template, owners: ReadonlyMap<string, string>): Dependency[] =>
  Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    const from = owners.get(logicalId)
    if (from === undefined) return []
    const allowed = allowedTo(template, resource)
    return [...wired(resource), ...allowed].flatMap((named): Dependency[] => {
      const to = owners.get(named)
      return to === undefined || to === from ? [] : [{ from, to }]
    })
  })

type Resource = Template['Resources'][string]

const wired = (resource: Resource, properties = wiring[resource.Type] ?? []): string[] =>
  properties.flatMap((property) => namesIn(field(resource.Properties, property)))

/** By type: the property that names the role under which a resource acts. */
const roleProperty: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Role',
  'AWS::StepFunctions::StateMachine': 'RoleArn',
}

/** What the role of a resource may act on. */
const allowedTo = (template: Template, resource: Resource): string[] => {
  const property = roleProperty[resource.Type]
  if (property === undefined) return []
  return wired(resource, [property])
    .flatMap((roleId) => listOf(field(template.Resources[roleId]?.Properties, 'Policies')))
    .flatMap((policy) => listOf(field(field(policy, 'PolicyDocument'), 'Statement')))
    .filter((statement) => field(statement, 'Effect') === 'Allow')
    .flatMap((statement) => namesIn(field(statement, 'Resource')))
}

/** Which component each resource belongs to; resources that serve none are left out. */
const ownersIn = (template: Template, functions: Readonly<Record<string, string>>): Map<string, string> => {
  const resources = Object.entries(template.Resources)
  const ofType = (type: string): [string, Resource][] => resources.filter(([, { Type }]) => Type === type)
  const owners = new Map<string, string>()
  const give = (logicalId: string, owner: string | undefined): void => {
    if (owner !== undefined && !owners.has(logicalId)) owners.set(logicalId, owner)
  }

  for (const [logicalId] of ofType('AWS::Lambda::Function'))
    give(logicalId, ownerOfFunction(logicalId, functions))
  for (const [logicalId] of ofType('AWS::StepFunctions::StateMachine')) give(logicalId, 'conductor')
  for (const type of ['AWS::Events::EventBus', 'AWS::Events::Archive'])
    for (const [logicalId] of ofType(type)) give(logicalId, 'bus')
  for (const [mappingId, mapping] of ofType('AWS::Lambda::EventSourceMapping')) {
    const owner = wired(mapping, ['FunctionName']).map((named) => owners.get(named))[0]
    give(mappingId, owner)
    for (const queue of wired(mapping, ['EventSourceArn'])) give(queue, owner)
  }
  for (const [ruleId, rule] of ofType('AWS::Events::Rule'))
    give(ruleId, targetsOf(rule).map((queue) => owners.get(queue))[0])
  const tables = new Set(ofType('AWS::DynamoDB::Table').map(([logicalId]) => logicalId))
  for (const [functionId, resource] of ofType('AWS::Lambda::Function'))
    for (const named of wired(resource)) if (tables.has(named)) give(named, owners.get(functionId))
  return owners
}

const ownerOfFunction = (logicalId: string, functions: Readonly<Record<string, string>>): string => {
  const owner = functions[logicalId]
  if (owner === undefined)
    throw new Error(`Function ${logicalId} of the template belongs to no known component.`)
  return owner
}

const targetsOf = (rule: Resource): string[] =>
  listOf(field(rule.Properties, 'Targets')).flatMap((target) => namesIn(field(target, 'Arn')))

/** What the stack hands out to be called from outside: its state machine, or the queue of its first command. */
const frontDoors = (template: Template, owners: ReadonlyMap<string, string>): string[] => {
  const callable = new Set(['AWS::StepFunctions::StateMachine', 'AWS::SQS::Queue'])
  return Object.values(template.Outputs ?? {})
    .flatMap(({ Value }) => namesIn(Value))
    .filter((named) => callable.has(template.Resources[named]?.Type ?? ''))
    .flatMap((named) => owners.get(named) ?? [])
}

/** Logical ids that a value names: through Ref, Fn::GetAtt, or a `${…}` of Fn::Sub, at any depth. */
const namesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner]
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? '']
    if (key === 'Fn::Sub') return [...namesInText(Array.isArray(inner) ? inner[0] : inner), ...namesIn(inner)]
    return namesIn(inner)
  })
}

const namesInText = (text: unknown): string[] =>
  [...String(text).matchAll(/\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}/g)].map((match) => match[1] ?? '')

const countByType = (template: Template): Record<string, number> => {
  const counts = new Map<string, number>()
  for (const { Type } of Object.values(template.Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
