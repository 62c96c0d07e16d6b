import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { Template } from '../../virtual-aws/deploy.ts'
import { beginStack, deleteStack, finishStack, type StackMaker } from './stacks.ts'
import type { Aws, Statement } from './statement.ts'
import type { Verdict } from './verdict.ts'
import { named } from './virtual.ts'
import { bundledCode, putCode } from './wire-code.ts'

/** The real clients that the contract is checked with. */
export interface WireClients extends Omit<Aws, 'named' | 'now' | 'sleep'> {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>
}

export interface WireOptions {
  /** Names of the stacks begin with it. */
  readonly prefix: string
  /** How many statements are checked at once. */
  readonly atOnce: number
  /** How long rules, roles and mappings are given to take effect once the stacks stand. */
  readonly settleMs: number
  /** Stops the work; what was deployed is deleted first. */
  readonly signal?: AbortSignal
  readonly told?: (line: string) => void
}

/** CloudFormation makes some stacks at once, and throttles whoever asks for many. */
const stacksAtOnce = 4

/** A check that takes longer waits for what does not come. */
const checkMsMax = 90_000

/**
 * Deploys what the statements need, checks them, and deletes what was deployed, whatever happens: also when a stack
 * fails, or when the signal says to stop.
 */
export const checkOnWire = async (
  clients: WireClients,
  statements: readonly Statement[],
  options: WireOptions,
): Promise<readonly Verdict[]> => {
  const { prefix, atOnce, settleMs, signal, told } = options
  const maker: StackMaker = { cloudFormation: clients.cloudFormation, sleep: stoppable(signal) }
  const templates = new Map(statements.map(({ stack, template }) => [stack, template] as const))
  const outputs = new Map<string, Readonly<Record<string, string>>>()
  const begun: string[] = []
  const verdicts = new Map<string, Verdict>()
  try {
    const code = await bundledCode()
    await inTurns([...templates], stacksAtOnce, async ([stack, template]) => {
      signal?.throwIfAborted()
      const name = `${prefix}-${stack}`
      told?.(`deploying ${name}`)
      await beginStack(maker, name, template)
      begun.push(name)
      const made = await finishStack(maker, name)
      for (const id of functionsOf(template))
        await putCode(clients.lambda, maker.sleep, named(made)(id), code)
      outputs.set(stack, made)
    })
    told?.(`checking ${statements.length} statements`)
    await maker.sleep(settleMs)
    await inTurns(statements, atOnce, async (statement) => {
      signal?.throwIfAborted()
      const ofStack = named(outputs.get(statement.stack) ?? {})
      const aws: Aws = { ...clients, named: ofStack, now: Date.now, sleep: maker.sleep }
      verdicts.set(statement.id, await verdictOf(statement, aws, signal))
    })
    signal?.throwIfAborted()
  } finally {
    await deleteAll(clients, begun, told)
  }
  return statements.flatMap(({ id }) => verdicts.get(id) ?? [])
}

const functionsOf = ({ Resources }: Template): readonly string[] =>
  Object.entries(Resources).flatMap(([id, { Type }]) => (Type === 'AWS::Lambda::Function' ? [id] : []))

/** All are tried; one that cannot be deleted is named, since it is left to whoever owns the account. */
const deleteAll = async (
  { cloudFormation }: WireClients,
  names: readonly string[],
  told: WireOptions['told'],
): Promise<void> => {
  const left: string[] = []
  await inTurns(names, stacksAtOnce, async (name) => {
    told?.(`deleting ${name}`)
    await deleteStack({ cloudFormation, sleep: stoppable(undefined) }, name).catch((error: Error) =>
      left.push(error.message),
    )
  })
  if (left.length > 0) throw new Error(`Left behind: ${left.join('; ')}`)
}

const verdictOf = async (
  statement: Statement,
  aws: Aws,
  signal: AbortSignal | undefined,
): Promise<Verdict> => {
  const { id } = statement
  try {
    await inTime(statement.check(aws), signal)
    return { id, holds: true }
  } catch (error) {
    return { id, holds: false, instead: error instanceof Error ? error.message : String(error) }
  }
}

/** Waits for a check no longer than it may take, and not when the work is to stop. */
const inTime = async (check: Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
  const waiting = new AbortController()
  const signals = [waiting.signal, ...(signal === undefined ? [] : [signal])]
  const tooLate = stoppable(AbortSignal.any(signals))(checkMsMax).then(() => {
    throw new Error(`Not answered within ${checkMsMax / 1000} s`)
  })
  try {
    await Promise.race([check, tooLate])
  } finally {
    waiting.abort()
  }
}

/** Real time, cut short when the signal says to stop. */
const stoppable =
  (signal: AbortSignal | undefined): Aws['sleep'] =>
  (ms) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      if (signal?.aborted) stop()
      else signal?.addEventListener('abort', stop, { once: true })
    })

/** Does the work for each in their order, so many at a time; when one fails, no other is begun, and those begun end. */
const inTurns = async <Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const left = [...items]
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await work(item).catch((error: unknown) => {
        left.length = 0
        throw error
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
