import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import type { ProviderModel } from '../../shared/providers.ts'
import type { Clock } from '../../shared/runtime.ts'
import { BadInput } from '../workload/bad-input.ts'
import { paced, wallClock } from './pace.ts'
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
  /** Throws BadInput when somebody else has set the functions to tell another run. */
  checkOurs(): Promise<void>
  /** Tries each function but those of another run; the error names those that it was not taken off. */
  takeOff(): Promise<void>
}

/** No variable of ours. */
const untouched = JSON.stringify({})

type Variables = Readonly<Record<string, string>>

/** Lambda's control plane takes 15 a second: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-25). */
const callsPerSecond = 10
const pollMs = 500
const updateMsMax = 120_000

export interface Finding {
  /** Whoever runs it says that no other run is under way, whatever the functions bear. */
  readonly takesOver?: boolean
  readonly clock?: Clock
}

/** Reads the functions of a stack; nothing is changed before `setWorld`. Throws BadInput when they tell another run. */
export const instrumentsOf = async (
  clients: LiveClients,
  stack: LiveStack,
  { takesOver = false, clock = wallClock }: Finding = {},
): Promise<Instruments> => {
  const { read, update } = configurations(clients, clock)
  /** What we set, or found and may take off. */
  const ours = new Set<string>()
  const checkFree = ({ TRACE }: Variables): boolean => {
    if (TRACE === undefined || ours.has(TRACE)) return true
    const ageMs = clock.nowMs() - begunMs(TRACE)
    if (!takesOver && Math.abs(ageMs) < runMsMax) throw new BadInput(anotherRuns(stack.name, ageMs))
    ours.add(TRACE)
    return true
  }
  const names = stack.resources.filter(({ type }) => type === 'AWS::Lambda::Function')
  const known = await Promise.all(
    names.map(async ({ logicalId, physicalId: name }) => {
      const configuration = await read(name)
      const variables = variablesOf(configuration)
      checkFree(variables)
      const { TRACE, PROVIDERS, ...deployed } = variables
      // What an earlier run may have left behind when it was killed is no part of what was deployed.
      const isLeftOn = TRACE !== undefined || PROVIDERS !== undefined
      return {
        logicalId,
        name,
        logGroup: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
        deployed,
        isLeftOn,
      }
    }),
  )
  let tracesGoTo: string | undefined
  let setTo = known.some(({ isLeftOn }) => isLeftOn) ? undefined : untouched
  const setAll = async (variables: Variables, mayChange: (before: Variables) => boolean): Promise<void> => {
    const wanted = JSON.stringify(variables)
    // Every change of a variable throws all environments away.
    if (wanted === setTo) return
    setTo = undefined
    const ends = await Promise.allSettled(
      known.map(({ name, deployed }) => update(name, { ...deployed, ...variables }, mayChange)),
    )
    const refused = ends.flatMap((end, index) =>
      end.status === 'rejected' ? [{ name: known[index]?.name, reason: end.reason as unknown }] : [],
    )
    const another = refused.find(({ reason }) => reason instanceof BadInput)
    if (another !== undefined) throw another.reason
    if (refused.length > 0)
      throw new AggregateError(
        refused.map(({ reason }) => reason),
        `The variables of ${refused.map(({ name }) => name).join(', ')} were not set: ${reasonIn(refused[0]?.reason)}`,
      )
    setTo = wanted
  }
  return {
    functions: known.map(({ logicalId, name, logGroup }) => ({ logicalId, name, logGroup })),
    setWorld: (model, traceTo) => {
      tracesGoTo = traceTo
      ours.add(traceTo)
      return setAll({ TRACE: traceTo, PROVIDERS: JSON.stringify(model) }, checkFree)
    },
    async checkOurs() {
      const asked = known.map(async ({ name }) => variablesOf(await read(name))['TRACE'])
      if ((await Promise.all(asked)).every((goesTo) => goesTo === tracesGoTo)) return
      throw new BadInput(
        `Another run has taken over the functions of ${stack.name} while this one ran, and what it measured would be wrong: run one at a time.`,
      )
    },
    takeOff: () =>
      setAll({}, ({ TRACE, PROVIDERS }) => (TRACE === undefined ? PROVIDERS !== undefined : ours.has(TRACE))),
  }
}

/** A comparison takes four hours at most, and what is read after its orders. What is older was left by a killed one. */
const runMsMax = 5 * 3_600_000

/** What functions are told of where to tell ends with the id of the run. */
const begunMs = (trace: string): number => Number.parseInt(trace.split(' ').at(-1) ?? '', 36)

/** Ids of runs are new to a stack, and tell when a run has begun. */
export const runIdAt = (nowMs: number): string => nowMs.toString(36)

const anotherRuns = (stack: string, ageMs: number): string =>
  `Another run has had the functions of ${stack} for ${Math.max(0, Math.round(ageMs / 60_000))} minutes, and two at once spoil each other: wait for its end; if it was killed, say --take-over.`

const variablesOf = ({ Environment }: GetFunctionConfigurationCommandOutput): Variables =>
  Environment?.Variables ?? {}

const reasonIn = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Reads and updates configurations of functions, within Lambda's quota. */
const configurations = ({ lambda }: LiveClients, clock: Clock) => {
  const pace = paced(callsPerSecond, clock)
  const read = (FunctionName: string): Promise<GetFunctionConfigurationCommandOutput> =>
    pace(() => lambda.send(new GetFunctionConfigurationCommand({ FunctionName })))

  /** While one update is under way, Lambda takes no other. The SDK's waiter would take a refused call for "not yet". */
  const settled = async (name: string, untilMs: number): Promise<GetFunctionConfigurationCommandOutput> => {
    for (;;) {
      const configuration = await read(name)
      if (configuration.LastUpdateStatus !== 'InProgress') return configuration
      if (clock.nowMs() >= untilMs) throw new Error(`Its update was not done in ${updateMsMax / 1_000} s.`)
      await clock.sleep(pollMs)
    }
  }
  const update = async (
    name: string,
    Variables: Variables,
    mayChange: (before: Variables) => boolean,
  ): Promise<void> => {
    const untilMs = clock.nowMs() + updateMsMax
    const request = { FunctionName: name, Environment: { Variables } }
    for (;;) {
      if (!mayChange(variablesOf(await settled(name, untilMs)))) return
      try {
        await pace(() => lambda.send(new UpdateFunctionConfigurationCommand(request)))
        break
      } catch (error) {
        if (!isConflict(error) || clock.nowMs() >= untilMs) throw error
        await clock.sleep(pollMs)
      }
    }
    const { LastUpdateStatus, LastUpdateStatusReason = '' } = await settled(name, untilMs)
    if (LastUpdateStatus === 'Failed') throw new Error(`Its update failed: ${LastUpdateStatusReason}`)
  }
  return { read, update }
}

/** Somebody else changes the function at the same time. */
const isConflict = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceConflictException'
