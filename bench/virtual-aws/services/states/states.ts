import type { Answer, CallTarget, PhysicalResource, ServiceCall, ServiceModel, World } from '../../world.ts'
import { actionOf, type StatesApi } from './actions.ts'
import { compileMachine } from './definition/compile.ts'
import { Executions } from './executions.ts'
import { integrationFor } from './integrations/registry.ts'
import { uuid } from './jsonata/functions.ts'
import type { Machine } from './machine.ts'
import { checkProperties, definitionOf, loggingOf, machineType } from './machine-properties.ts'
import type { Surroundings } from './running.ts'
import { createTokens } from './tokens.ts'

/** Step Functions: Standard state machines on the virtual clock. */
export const createStates = (world: World): ServiceModel => new States(world)

class States implements ServiceModel {
  readonly id = 'states'
  readonly resourceTypes = [machineType]
  readonly #world: World
  readonly #arns = new Map<string, string>()
  readonly #machines = new Map<string, Machine>()
  readonly #api: StatesApi

  constructor(world: World) {
    this.#world = world
    const seal = world.random('states/tokens')
    const names = world.random('states/names')
    const surroundings = surroundingsOf(
      world,
      createTokens(() => seal.next()),
    )
    this.#api = {
      machines: this.#machines,
      executions: new Executions(surroundings),
      tokens: surroundings.tokens,
      newName: () => uuid({ random: () => names.next(), nowMs: () => world.kernel.nowMs }),
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
    this.#machines.set(arn, {
      logicalId,
      arn,
      name: arn.slice(arn.lastIndexOf(':') + 1),
      roleArn: properties['RoleArn'],
      program: compileMachine(definitionOf(logicalId, properties), { integration: integrationFor }),
      log: loggingOf(logicalId, properties),
    })
  }

  act(request: ServiceCall, done: (answer: Answer) => void): void {
    done(this.#answer(request))
  }

  #answer(request: ServiceCall): Answer {
    try {
      return { ok: true, output: actionOf(request.action).act(this.#api, request.input) }
    } catch (error) {
      if (error instanceof Error && '$fault' in error) return { ok: false, error }
      throw error
    }
  }

  target(request: ServiceCall): CallTarget {
    const { names } = actionOf(request.action)
    const named = request.input[names]
    const machineArn = names === 'taskToken' ? this.#machineOfToken(named) : machineOf(String(named))
    return {
      iamAction: `states:${request.action}`,
      arn: names === 'executionArn' ? String(named) : machineArn,
      logicalId: this.#machines.get(machineArn)?.logicalId ?? machineArn,
    }
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

/** An execution's ARN holds the name of its machine; a machine's own is itself. */
const machineOf = (arn: string): string => {
  const parts = arn.split(':')
  return parts[5] === 'execution' ? [...parts.slice(0, 5), 'stateMachine', parts[6]].join(':') : arn
}
