import { tell } from '../../tell.ts'
import type { Answered, CallTarget, PhysicalResource, ServiceCall, ServiceModel, World } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import { NotModelled } from '../properties.ts'
import { actionOf } from './actions.ts'
import type { MachineUpdate, StatesApi } from './api.ts'
import { compileMachine } from './definition/compile.ts'
import { InvalidDefinition } from './definition/invalid.ts'
import { Executions, historiesKeptByDefault } from './executions.ts'
import { expressMsMax } from './express.ts'
import { ExpressExecutions } from './express-executions.ts'
import type { Integration } from './integrations/integration.ts'
import { isKnownResource } from './integrations/known.ts'
import { integrationFor } from './integrations/registry.ts'
import { uuid } from './jsonata/functions.ts'
import type { DeployedMachine } from './machine.ts'
import {
  asApi,
  checkProperties,
  definitionOf,
  loggingOf,
  machineType,
  parseDefinition,
  typeOf,
} from './machine-properties.ts'
import type { Surroundings } from './running.ts'
import { sfnErrors } from './sfn-errors.ts'
import { createTokens } from './tokens.ts'

/**
 * Step Functions: state machines on the virtual clock. The histories of the first `historiesKept` executions are kept,
 * so that long runs pay nothing for them.
 */
export const createStates = (world: World, historiesKept = historiesKeptByDefault): ServiceModel =>
  new States(world, historiesKept)

class States implements ServiceModel {
  readonly id = 'states'
  readonly resourceTypes = [machineType]
  readonly #world: World
  readonly #arns = new Map<string, string>()
  readonly #machines = new Map<string, DeployedMachine>()
  readonly #api: StatesApi

  constructor(world: World, historiesKept: number) {
    this.#world = world
    const seal = world.random('states/tokens')
    const names = world.random('states/names')
    const surroundings = surroundingsOf(
      world,
      createTokens(() => seal.next()),
    )
    const newName = (): string => uuid({ random: () => names.next(), nowMs: () => world.kernel.nowMs })
    this.#api = {
      machines: this.#machines,
      executions: new Executions(surroundings, historiesKept),
      expressExecutions: new ExpressExecutions(surroundings, newName),
      tokens: surroundings.tokens,
      newName,
      nowMs: () => world.kernel.nowMs,
      update: (machine, change) => this.#update(machine, change),
    }
  }

  create(logicalId: string, _type: string, properties: unknown, stackName: string): PhysicalResource {
    checkProperties(logicalId, properties)
    const { region, accountId } = this.#world
    const given = (properties as { readonly StateMachineName?: unknown } | undefined)?.StateMachineName
    const name = typeof given === 'string' ? given : `${stackName}-${logicalId}`
    const arn = `arn:aws:states:${region}:${accountId}:stateMachine:${name}`
    this.#arns.set(logicalId, arn)
    return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: 'INITIAL' } }
  }

  wire(logicalId: string, _type: string, properties: Readonly<Record<string, unknown>>): void {
    const arn = this.#arns.get(logicalId)
    if (arn === undefined) throw new Error(`State machine ${logicalId} was wired before it was created`)
    if (typeof properties['RoleArn'] !== 'string') {
      throw new Error(`${machineType} ${logicalId}: expected a RoleArn`)
    }
    const definition = definitionOf(logicalId, properties)
    const isExpress = typeOf(logicalId, properties) === 'EXPRESS'
    this.#machines.set(arn, {
      logicalId,
      arn,
      name: arn.slice(arn.lastIndexOf(':') + 1),
      roleArn: properties['RoleArn'],
      ...compiled(definition, isExpress),
      log: loggingOf(logicalId, properties),
      createdMs: this.#world.kernel.nowMs,
      revisionId: undefined,
      loggingConfiguration: asApi(properties['LoggingConfiguration']),
      tracingConfiguration: asApi(properties['TracingConfiguration']),
    })
  }

  /** As UpdateStateMachine would: what runs keeps what it was started with. */
  change(logicalId: string, _type: string, properties: Readonly<Record<string, unknown>>): void {
    const machine = this.#machines.get(this.#arns.get(logicalId) ?? '')
    const { RoleArn: roleArn } = properties
    if (machine === undefined || typeof roleArn !== 'string')
      throw new Error(`State machine ${logicalId} was changed before it was there`)
    const isExpress = typeOf(logicalId, properties) === 'EXPRESS'
    if (isExpress !== (machine.express !== undefined))
      throw new NotModelled(`${machineType} ${logicalId}: replacing it is not modelled`)
    const definition = definitionOf(logicalId, properties)
    this.#update(machine, { definition, roleArn, revisionId: this.#api.newName() })
  }

  #update(machine: DeployedMachine, change: MachineUpdate): void {
    const { definition } = change
    const recompiled =
      definition === undefined ? {} : compiledOrRefused(definition, machine.express !== undefined)
    this.#machines.set(machine.arn, { ...machine, ...change, ...recompiled })
  }

  act(request: ServiceCall, done: Answered): void {
    try {
      actionOf(request.action).act(this.#api, request.input, (output) => tell(done, { ok: true, output }))
    } catch (error) {
      if (!(error instanceof Error && '$fault' in error)) throw error
      tell(done, { ok: false, error })
    }
  }

  target(request: ServiceCall): CallTarget {
    const { names, iamAction } = actionOf(request.action)
    const named = request.input[names]
    const machineArn = names === 'taskToken' ? this.#machineOfToken(named) : this.#machineOf(String(named))
    const machine = this.#machines.get(machineArn)
    const target = {
      iamAction,
      arn: names === 'executionArn' ? String(named) : machineArn,
      logicalId: machine?.logicalId ?? machineArn,
    }
    if (machine?.express !== undefined) return { ...target, quota: `states.${request.action}.Express` }
    return request.action === 'UpdateStateMachine' ? { ...target, ...passedRole(request.input) } : target
  }

  /** An execution's ARN holds the name of its machine; a machine's own is itself. */
  #machineOf(arn: string): string {
    return this.#machines.has(arn) ? arn : machineInArn(arn)
  }

  /** Whoever may answer tasks of the one machine of a deployment may answer a token that no task has any more. */
  #machineOfToken(token: unknown): string {
    const state = this.#api.tokens.stateOf(token)
    if (state.kind === 'waiting') return state.waiting.machineArn
    const [first] = this.#machines.keys()
    return first ?? `arn:aws:states:${this.#world.region}:${this.#world.accountId}:stateMachine:none`
  }

  bill(): { readonly meter: undefined; readonly units: number } {
    return { meter: undefined, units: 0 }
  }

  hop(action: string): string {
    return actionOf(action).hop
  }
}

const surroundingsOf = (world: World, tokens: Surroundings['tokens']): Surroundings => {
  const jitter = world.random('states/retry')
  const chance = world.random('states/expressions')
  return { world, tokens, retryJitter: () => jitter.next(), expressionChance: () => chance.next() }
}

const machineInArn = (arn: string): string => {
  const parts = arn.split(':')
  const isExecution = parts[5] === 'execution' || parts[5] === 'express'
  return isExecution ? [...parts.slice(0, 5), 'stateMachine', parts[6]].join(':') : arn
}

/** An execution of an Express machine ends after five minutes, whatever its definition says. */
const compiled = (
  definition: string,
  isExpress: boolean,
): Pick<DeployedMachine, 'definition' | 'program' | 'express'> => {
  const program = compileMachine(parseDefinition(definition), { integration: modelledIntegration, isExpress })
  if (!isExpress) return { definition, program }
  const timeoutMs = Math.min(program.timeoutMs ?? expressMsMax, expressMsMax)
  return {
    definition,
    program: { ...program, timeoutMs },
    express: { definitionBytes: utf8Bytes(definition) },
  }
}

const compiledOrRefused = (definition: string, isExpress: boolean): ReturnType<typeof compiled> => {
  try {
    return compiled(definition, isExpress)
  } catch (error) {
    if (error instanceof InvalidDefinition) throw sfnErrors.invalidDefinition(error.message)
    throw error
  }
}

/** What AWS knows and is not modelled is refused by name; what AWS does not know, in AWS's words. */
const modelledIntegration = (resource: string): Integration | undefined => {
  const integration = integrationFor(resource)
  if (integration === undefined && isKnownResource(resource)) {
    throw new NotModelled(`${machineType}: the Resource ${resource} is not modelled`)
  }
  return integration
}

/** A role is passed to the machine by whoever names it. */
const passedRole = ({ roleArn }: ServiceCall['input']): Pick<CallTarget, 'further'> =>
  typeof roleArn === 'string' ? { further: [{ iamAction: 'iam:PassRole', arn: roleArn }] } : {}
