import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda'
import type { ProviderModel } from '../../shared/providers.ts'
import type { LiveStack } from './stack.ts'
import type { LiveClients } from './target.ts'

/** A function with its log group, by its logical id. */
export interface LiveFunction {
  readonly logicalId: string
  readonly name: string
  readonly logGroup: string
}

/** Functions that tell what they do; until `takeOff` they differ from what was deployed by two variables. */
export interface Instruments {
  readonly functions: readonly LiveFunction[]
  /** The outside world of the next orders, and where functions tell what they do; every environment starts anew. */
  setWorld(model: ProviderModel, traceTo: string): Promise<void>
  takeOff(): Promise<void>
}

type Variables = Readonly<Record<string, string>>

const updateSecondsMax = 120

/** Reads the functions of a stack; nothing is changed before `setWorld`. */
export const instrumentsOf = async (clients: LiveClients, stack: LiveStack): Promise<Instruments> => {
  const { lambda } = clients
  const names = stack.resources.filter(({ type }) => type === 'AWS::Lambda::Function')
  const known = await Promise.all(
    names.map(async ({ logicalId, physicalId: name }) => {
      const { Environment, LoggingConfig } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: name }),
      )
      const { TRACE, PROVIDERS, ...deployed } = Environment?.Variables ?? {}
      // What an earlier run may have left behind when it was killed is no part of what was deployed.
      const isLeftOn = TRACE !== undefined || PROVIDERS !== undefined
      return {
        logicalId,
        name,
        logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
        deployed,
        isLeftOn,
      }
    }),
  )
  let setTo = known.some(({ isLeftOn }) => isLeftOn) ? undefined : JSON.stringify({})
  const setAll = async (ours: Variables): Promise<void> => {
    const wanted = JSON.stringify(ours)
    // Every change of a variable throws all environments away.
    if (wanted === setTo) return
    setTo = wanted
    await Promise.all(
      known.map(({ name, deployed }) => setVariables(clients, name, { ...deployed, ...ours })),
    )
  }
  return {
    functions: known.map(({ logicalId, name, logGroup }) => ({ logicalId, name, logGroup })),
    setWorld: (model, traceTo) => setAll({ TRACE: traceTo, PROVIDERS: JSON.stringify(model) }),
    takeOff: () => setAll({}),
  }
}

const setVariables = async ({ lambda }: LiveClients, name: string, Variables: Variables): Promise<void> => {
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables } }),
  )
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: updateSecondsMax }, { FunctionName: name })
}
