import type { Template } from '../virtual-aws/deploy.ts'
import {
  describe,
  InvalidTemplate,
  isRecord,
  NotModelled,
  recordOf,
} from '../virtual-aws/services/properties.ts'

/** The metrics of one namespace that are folded, and how their one resource is named. */
interface Namespace {
  readonly metrics: readonly string[]
  /** All that an alarm on it must have; the last one names the resource. */
  readonly dimensions: readonly Dimension[]
}

interface Dimension {
  readonly name: string
  readonly type: string
  /** What of the resource has the dimension's value: what Ref gives, or an attribute. */
  readonly is: readonly string[]
  /** The property that gives it a name of its own. */
  readonly named: string
}

const namespaces: ReadonlyMap<string, Namespace> = new Map([
  [
    'AWS/SQS',
    {
      metrics: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
      dimensions: [{ name: 'QueueName', type: 'AWS::SQS::Queue', is: ['QueueName'], named: 'QueueName' }],
    },
  ],
  [
    'AWS/Lambda',
    {
      metrics: ['Errors', 'Throttles'],
      dimensions: [
        { name: 'FunctionName', type: 'AWS::Lambda::Function', is: ['Ref'], named: 'FunctionName' },
      ],
    },
  ],
  [
    'AWS/Events',
    {
      metrics: ['FailedInvocations'],
      dimensions: [
        { name: 'EventBusName', type: 'AWS::Events::EventBus', is: ['Ref', 'Name'], named: 'Name' },
        // Ref of a rule on a bus of its own gives the bus as well, which is no name of a rule.
        { name: 'RuleName', type: 'AWS::Events::Rule', is: [], named: 'Name' },
      ],
    },
  ],
  [
    'AWS/States',
    {
      metrics: ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionThrottled', 'ExecutionTime'],
      dimensions: [
        {
          name: 'StateMachineArn',
          type: 'AWS::StepFunctions::StateMachine',
          is: ['Ref', 'Arn'],
          named: 'StateMachineArn',
        },
      ],
    },
  ],
])

const namespaceOf = (namespace: string, where: string): Namespace => {
  const found = namespaces.get(namespace)
  if (found === undefined)
    throw new NotModelled(
      `${where}.Namespace: ${namespace} is not modelled (modelled: ${[...namespaces.keys()].join(', ')})`,
    )
  return found
}

/** The metric itself; one that is not folded is refused by name. */
export const metricOf = (namespace: string, metric: string, where: string): string => {
  const { metrics } = namespaceOf(namespace, where)
  if (metrics.includes(metric)) return metric
  throw new NotModelled(
    `${where}.MetricName: ${namespace} ${metric} is not modelled (modelled: ${metrics.join(', ')})`,
  )
}

/**
 * The logical id of what the dimensions name. A name that nothing in the template has stands for itself: on AWS, too, an
 * alarm on what is not there is made, and is told of nothing. A reference that does not give the name is refused.
 */
export const resourceOf = (
  template: Template,
  namespace: string,
  dimensions: unknown,
  where: string,
): string => {
  const expected = namespaceOf(namespace, where).dimensions
  const given = Array.isArray(dimensions) ? dimensions.map((each) => recordOf(each, where)) : []
  const names = given.map(({ Name }) => String(Name)).toSorted()
  const expectedNames = expected.map(({ name }) => name).toSorted()
  if (JSON.stringify(names) !== JSON.stringify(expectedNames))
    throw new NotModelled(
      `${where}.Dimensions: ${names.join(', ') || 'none'} of ${namespace} is not modelled (modelled: ${expectedNames.join(', ')})`,
    )
  const ids = expected.map((dimension) => {
    const value = given.find(({ Name }) => Name === dimension.name)?.['Value']
    return logicalIdOf(template, dimension, value, `${where}.Dimensions.${dimension.name}`)
  })
  const [scope, id] = ids.length === 1 ? [undefined, ids[0]] : ids
  if (id === undefined) throw new Error(`${where}: no dimension names a resource`)
  if (scope !== undefined) checkBus(template, scope, id, where)
  return id
}

const logicalIdOf = (template: Template, dimension: Dimension, value: unknown, where: string): string => {
  if (typeof value === 'string') return namedBy(template, dimension, value) ?? value
  const id = referenceOf(dimension, value)
  if (id !== undefined && template.Resources[id]?.Type === dimension.type) return id
  throw new InvalidTemplate(`${where}: no ${dimension.type} of the template is ${describe(value)}`)
}

const referenceOf = ({ is }: Dimension, value: unknown): string | undefined => {
  if (!isRecord(value)) return undefined
  if (typeof value['Ref'] === 'string') return is.includes('Ref') ? value['Ref'] : undefined
  const got = value['Fn::GetAtt']
  const [id, attribute] = Array.isArray(got) ? got : String(got).split('.')
  return is.includes(String(attribute)) ? String(id) : undefined
}

const namedBy = ({ Resources }: Template, { type, named }: Dimension, name: string): string | undefined =>
  Object.keys(Resources).find((id) => {
    const resource = Resources[id]
    return resource?.Type === type && recordOf(resource.Properties, id)[named] === name
  })

/** A rule on another bus than the alarm says would have its metric there. */
const checkBus = (template: Template, busId: string, ruleId: string, where: string): void => {
  const rule = template.Resources[ruleId]
  const dimension = namespaces.get('AWS/Events')?.dimensions[0]
  if (rule === undefined || dimension === undefined) return
  const bus = recordOf(rule.Properties, where)['EventBusName']
  if (logicalIdOf(template, dimension, bus, where) === busId) return
  throw new InvalidTemplate(`${where}.Dimensions: the rule "${ruleId}" is not on the bus "${busId}"`)
}
