import { field, listOf } from '../measure/messages.ts'
import { referredId } from '../references.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import type { LogFormat } from '../virtual-aws/services/function/log-lines.ts'
import { logLineBytes } from '../virtual-aws/services/states/history.ts'
import { loggingOf } from '../virtual-aws/services/states/machine-properties.ts'

/** Who feeds and is fed by whom, and who writes down what, by logical ids, as the template wires it. */
export interface Wiring {
  /** Function → the event source mapping that feeds it. */
  readonly mappingOf: ReadonlyMap<string, string>
  /** Function → the queue that it is fed from. */
  readonly queueOf: ReadonlyMap<string, string>
  /** Queue → the function that it feeds. */
  readonly functionOf: ReadonlyMap<string, string>
  /** Queue → the rule that delivers to it. */
  readonly ruleOf: ReadonlyMap<string, string>
  readonly stateMachine: string | undefined
  /** Bus → the archive that takes every event of it. */
  readonly archiveOf: ReadonlyMap<string, string>
  /** Function → how Lambda writes its own lines of it. */
  readonly logFormatOf: ReadonlyMap<string, LogFormat>
  /** What the state machine logs of an event of a history. */
  readonly logBytesPerEvent: number
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
  const [machine] = ofType('AWS::StepFunctions::StateMachine')
  return {
    mappingOf: new Map(mappings.map(({ lambda, mapping }) => [lambda, mapping])),
    queueOf: new Map(mappings.map(({ lambda, queue }) => [lambda, queue])),
    functionOf: new Map(mappings.map(({ lambda, queue }) => [queue, lambda])),
    ruleOf: new Map(
      ofType('AWS::Events::Rule').flatMap(({ id, properties }) =>
        listOf(field(properties, 'Targets')).map((target): [string, string] => [
          referred(field(target, 'Arn')),
          id,
        ]),
      ),
    ),
    stateMachine: machine?.id,
    archiveOf: new Map(
      ofType('AWS::Events::Archive').map(({ id, properties }) => [busOf(id, properties), id]),
    ),
    logFormatOf: new Map(
      ofType('AWS::Lambda::Function').map(({ id, properties }) => [
        id,
        field(field(properties, 'LoggingConfig'), 'LogFormat') === 'JSON' ? 'JSON' : 'Text',
      ]),
    ),
    logBytesPerEvent: machine === undefined ? 0 : logBytesPerEvent(machine.id, machine.properties),
  }
}

/** Of an archive with a pattern nobody here knows what it takes. */
const busOf = (id: string, properties: unknown): string => {
  if (field(properties, 'EventPattern') !== undefined)
    throw new Error(`Archive ${id}: expected one that takes every event, got one with an EventPattern.`)
  return referred(field(properties, 'SourceArn'))
}

/** Histories are read without the data of their events, so lines that hold it could not be measured. */
const logBytesPerEvent = (id: string, properties: unknown): number => {
  const { level, includeData } = loggingOf(id, Object(properties))
  if (level === 'OFF') return 0
  if (level !== 'ALL' || includeData)
    throw new Error(`State machine ${id}: expected every event to be logged, without data, or none.`)
  return logLineBytes
}

const referred = (value: unknown): string => {
  const id = referredId(value)
  if (id === undefined) throw new Error(`Expected a Ref or a Fn::GetAtt, got ${JSON.stringify(value)}`)
  return id
}
