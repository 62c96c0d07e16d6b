import { DisableRuleCommand, EnableRuleCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import { DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import type { CommandName } from '../shared/messages/names.ts'
import type { Fault, Since } from './scenarios/scenario.ts'
import { type FaultOf, resourcesOf, type Site } from './scenarios/site.ts'
import type { Deployment, Template } from './virtual-aws/deploy.ts'

/** A stack that runs, and where its resources stand in the flow. */
export interface Running {
  readonly deployment: Deployment
  readonly site: Site
  readonly template: Template
}

/** Something that is done to a running stack at a time, in ms after the first order. */
interface Act {
  readonly atMs: number
  readonly perform: () => void
}

/**
 * What somebody does to a stack while it runs, by mistake or not: the API calls of an operator, which are in no bill, and
 * what neighbours in the account take, for which AWS has no call. A fault whose resources a contestant lacks does
 * nothing to it.
 */
export const scheduleActs = (faults: readonly Fault[], running: Running): void => {
  const { deployment, site } = running
  for (const fault of faults)
    for (const { atMs, perform } of actsOf(fault, running)) {
      deployment.kernel.at(site.startMs + atMs, () => {
        deployment.kernel.wake()
        perform()
      })
    }
}

const actsOf = (fault: Fault, running: Running): readonly Act[] => {
  const { neighbours } = running.deployment
  switch (fault.kind) {
    case 'rule-disabled':
      return rulesOf(fault, running).flatMap((rule) =>
        during(fault, (isOver) => rule.send(isOver ? EnableRuleCommand : DisableRuleCommand)),
      )
    case 'wrong-pattern':
      return rulesOf(fault, running).flatMap((rule) =>
        during(fault, (isOver) => rule.setPattern(isOver ? rule.pattern : matchesNothing)),
      )
    case 'queue-changed':
      return queueActs(fault, running)
    case 'concurrency-taken':
      return during(fault, (isOver) => neighbours.runFunctions(isOver ? 0 : fault.executions))
    case 'coordination-throttled': {
      const { perSecond } = fault
      const left = { bucket: perSecond, perSecond }
      return during(fault, (isOver) => {
        neighbours.leave('states.StateTransition', isOver ? undefined : left)
        neighbours.leave('events.Invocations', isOver ? undefined : left)
      })
    }
    case 'definition-update':
      return machinesOf(running).map((arn) => ({
        atMs: fault.fromMs,
        perform: () => update(arn, running, deployedAgain),
      }))
    case 'definition-broken':
      return machinesOf(running).flatMap((arn) =>
        during(fault, (isOver) => update(arn, running, isOver ? spelt(fault.step) : misspelt(fault.step))),
      )
    default:
      return []
  }
}

/** At its beginning, and again when it is over, if it ends. */
const during = ({ fromMs, forMs }: Since, perform: (isOver: boolean) => void): readonly Act[] => [
  { atMs: fromMs, perform: () => perform(false) },
  ...(forMs === undefined ? [] : [{ atMs: fromMs + forMs, perform: () => perform(true) }]),
]

/** A call of the operator that fails is a mistake of the scenario: it ends the run. */
const done = (call: Promise<unknown>, { deployment }: Running): void => {
  call.catch((error: unknown) => {
    deployment.kernel.after(0, () => {
      throw error
    })
  })
}

const matchesNothing = { source: ['nobody'] }

const rulesOf = ({ step }: FaultOf<'rule-disabled' | 'wrong-pattern'>, running: Running) =>
  resourcesOf(running.site, { step }, 'Rule').flatMap((logicalId) => {
    const { deployment, template } = running
    const ref = deployment.resource(logicalId)?.ref
    if (ref === undefined) return []
    const [EventBusName, Name] = ref.split('|')
    const { eventBridge } = deployment.operator
    const { EventPattern } = propertiesOf(template, logicalId) as { readonly EventPattern: object }
    return [
      {
        pattern: EventPattern,
        send: (command: typeof EnableRuleCommand | typeof DisableRuleCommand) =>
          done(eventBridge.send(new command({ Name, EventBusName })), running),
        setPattern: (pattern: object) =>
          done(
            eventBridge.send(
              new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }),
            ),
            running,
          ),
      },
    ]
  })

const propertiesOf = ({ Resources }: Template, logicalId: string): Readonly<Record<string, unknown>> => {
  const resource = Resources[logicalId]
  if (resource === undefined) throw new Error(`The template has no resource ${logicalId} to change.`)
  return resource.Properties as Readonly<Record<string, unknown>>
}

const queueActs = (fault: FaultOf<'queue-changed'>, running: Running): readonly Act[] => {
  const { service, setting, seconds } = fault
  const { deployment, template } = running
  return resourcesOf(running.site, { service }, 'Queue').flatMap((logicalId) => {
    const QueueUrl = deployment.resource(logicalId)?.ref
    if (QueueUrl === undefined) return []
    const { [setting]: before } = propertiesOf(template, logicalId)
    return during(fault, (isOver) =>
      done(
        deployment.operator.sqs.send(
          new SetQueueAttributesCommand({
            QueueUrl,
            Attributes: { [setting]: String(isOver ? before : seconds) },
          }),
        ),
        running,
      ),
    )
  })
}

const machinesOf = ({ deployment, template }: Running): readonly string[] =>
  Object.entries(template.Resources).flatMap(([logicalId, { Type }]) => {
    const arn = Type === 'AWS::StepFunctions::StateMachine' ? deployment.resource(logicalId)?.ref : undefined
    return arn === undefined ? [] : [arn]
  })

type Change = (definition: string) => string

const update = (stateMachineArn: string, running: Running, change: Change): void => {
  const { sfn } = running.deployment.operator
  const describe: Promise<{ readonly definition: string }> = sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn }),
  )
  const changed = describe.then(
    ({ definition }): Promise<unknown> =>
      sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: change(definition) })),
  )
  done(changed, running)
}

const deployedAgain: Change = (definition) =>
  JSON.stringify({ ...(JSON.parse(definition) as object), Comment: 'Deployed again.' })

/** What the state of a step sends as the order; every definition of the flow says it so. */
const replacedIn =
  (step: CommandName, from: string, to: string): Change =>
  (definition) => {
    const whole = JSON.parse(definition) as { readonly States: Readonly<Record<string, object>> }
    const state = JSON.stringify(whole.States[step])
    if (!state.includes(from)) throw new Error(`The state ${step} says ${from} nowhere.`)
    const changed = JSON.parse(state.replaceAll(from, to)) as object
    return JSON.stringify({ ...whole, States: { ...whole.States, [step]: changed } })
  }

const rightName = '$order.orderId'
const wrongName = '$ordre.orderId'
const misspelt = (step: CommandName): Change => replacedIn(step, rightName, wrongName)
const spelt = (step: CommandName): Change => replacedIn(step, wrongName, rightName)
