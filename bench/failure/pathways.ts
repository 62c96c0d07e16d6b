import { field, listOf, parse } from '../measure/messages.ts'
import { referredId } from '../references.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { compilePattern, type Pattern } from '../virtual-aws/services/event-bus/pattern/pattern.ts'

/** What a template says of where messages rest and which way they go; everything by its logical id. */
export interface Pathways {
  /** Dead-letter queues of queues: StartMessageMoveTask knows where their messages came from. */
  readonly deadLettersOfQueues: ReadonlySet<string>
  /** Dead-letter queues of rules' targets, of which StartMessageMoveTask wants to know nothing. */
  readonly deadLettersOfRules: ReadonlySet<string>
  /** Queues that a function reads. */
  readonly workQueues: ReadonlySet<string>
  /** Standard machines: of an Express one nothing can be redriven. */
  readonly machines: ReadonlySet<string>
  /** Bus → its archive. */
  readonly archives: ReadonlyMap<string, string>
  /** Archive → the days that it keeps an event for; none where it keeps them for ever. */
  readonly archiveDays: ReadonlyMap<string, number>
  readonly rules: readonly DeclaredRule[]
  /** Machine → its definition, with its substitutions not made. */
  readonly definitions: ReadonlyMap<string, unknown>
  /** Queue → its properties. */
  readonly queues: ReadonlyMap<string, unknown>
}

/** A rule that is meant to hear and hands events on as they are. */
export interface DeclaredRule {
  readonly id: string
  readonly bus: string
  readonly name: string
  readonly eventPattern: unknown
  readonly pattern: Pattern
  /** Logical ids of its targets. */
  readonly targets: readonly string[]
}

/** Patterns are read as they stand: one made by an intrinsic function of CloudFormation is refused as a pattern. */
export const pathwaysOf = ({ Resources }: Template): Pathways => {
  const of = (type: string): readonly (readonly [string, unknown])[] =>
    Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
      Type === type ? [[id, Properties] as const] : [],
    )
  const queues = of('AWS::SQS::Queue')
  const rules = of('AWS::Events::Rule')
  return {
    deadLettersOfQueues: named(
      queues.map(([, queue]) => field(field(queue, 'RedrivePolicy'), 'deadLetterTargetArn')),
    ),
    deadLettersOfRules: named(
      rules.flatMap(([, rule]) =>
        listOf(field(rule, 'Targets')).map((target) => field(field(target, 'DeadLetterConfig'), 'Arn')),
      ),
    ),
    workQueues: named(
      of('AWS::Lambda::EventSourceMapping').map(([, mapping]) => field(mapping, 'EventSourceArn')),
    ),
    machines: new Set(
      of('AWS::StepFunctions::StateMachine').flatMap(([id, machine]) =>
        field(machine, 'StateMachineType') === 'EXPRESS' ? [] : [id],
      ),
    ),
    archives: new Map(
      of('AWS::Events::Archive').map(([id, archive]) => [nameIn(field(archive, 'SourceArn')), id]),
    ),
    archiveDays: new Map(
      of('AWS::Events::Archive').flatMap(([id, archive]) => {
        const days = Number(field(archive, 'RetentionDays') ?? 0)
        return days === 0 ? [] : [[id, days] as const]
      }),
    ),
    rules: rules.flatMap(([id, rule]) => declaredRule(id, rule)),
    definitions: new Map(
      of('AWS::StepFunctions::StateMachine').map(([id, machine]) => [
        id,
        field(machine, 'Definition') ?? parse(field(machine, 'DefinitionString')),
      ]),
    ),
    queues: new Map(queues),
  }
}

const declaredRule = (id: string, rule: unknown): readonly DeclaredRule[] => {
  const eventPattern = field(rule, 'EventPattern')
  const isMeantToHear = (field(rule, 'State') ?? 'ENABLED') === 'ENABLED' && eventPattern !== undefined
  if (!isMeantToHear || !listOf(field(rule, 'Targets')).some(takesWhole)) return []
  return [
    {
      id,
      bus: nameIn(field(rule, 'EventBusName')),
      name: String(field(rule, 'Name') ?? id),
      eventPattern,
      pattern: compilePattern(eventPattern),
      targets: listOf(field(rule, 'Targets')).map((target) => nameIn(field(target, 'Arn'))),
    },
  ]
}

const takesWhole = (target: unknown): boolean =>
  ['Input', 'InputPath', 'InputTransformer'].every((name) => field(target, name) === undefined)

const named = (references: readonly unknown[]): ReadonlySet<string> =>
  new Set(references.flatMap((reference) => (reference === undefined ? [] : [nameIn(reference)])))

/** The logical id behind a Ref or a GetAtt; a plain text is what it is. */
const nameIn = (reference: unknown): string => referredId(reference) ?? String(reference)
