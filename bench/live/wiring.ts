import { field, listOf } from '../measure/messages.ts'
import type { Template } from '../virtual-aws/deploy.ts'

/** Who feeds and is fed by whom, by logical ids, as the template wires it. */
export interface Wiring {
  /** Function → the event source mapping that feeds it. */
  readonly mappingOf: ReadonlyMap<string, string>
  /** Function → the queue that it is fed from. */
  readonly queueOf: ReadonlyMap<string, string>
  /** Queue → the rule that delivers to it. */
  readonly ruleOf: ReadonlyMap<string, string>
  readonly stateMachine: string | undefined
}

export const wiringOf = ({ Resources }: Template): Wiring => {
  const resources = Object.entries(Resources).map(([id, { Type, Properties }]) => ({
    id,
    type: Type,
    properties: Properties,
  }))
  const ofType = (type: string) => resources.filter((resource) => resource.type === type)
  const mappings = ofType('AWS::Lambda::EventSourceMapping').map(({ id, properties }) => ({
    mapping: id,
    queue: referred(field(properties, 'EventSourceArn')),
    lambda: referred(field(properties, 'FunctionName')),
  }))
  return {
    mappingOf: new Map(mappings.map(({ lambda, mapping }) => [lambda, mapping])),
    queueOf: new Map(mappings.map(({ lambda, queue }) => [lambda, queue])),
    ruleOf: new Map(
      ofType('AWS::Events::Rule').flatMap(({ id, properties }) =>
        listOf(field(properties, 'Targets')).map((target): [string, string] => [
          referred(field(target, 'Arn')),
          id,
        ]),
      ),
    ),
    stateMachine: ofType('AWS::StepFunctions::StateMachine')[0]?.id,
  }
}

/** The logical id that a Ref or a Fn::GetAtt names. */
const referred = (value: unknown): string => {
  const attribute = field(value, 'Fn::GetAtt')
  const id = field(value, 'Ref') ?? (Array.isArray(attribute) ? attribute[0] : undefined)
  if (typeof id !== 'string') throw new Error(`Expected a Ref or a Fn::GetAtt, got ${JSON.stringify(value)}`)
  return id
}
