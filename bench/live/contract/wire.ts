import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { createStack, deleteStack } from './stacks.ts'
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
  readonly signal?: AbortSignal
  readonly told?: (line: string) => void
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Deploys what the statements need, checks them, and deletes what was deployed: also when a stack fails, or when the
 * signal says to stop; then what was checked so far is the answer.
 */
export const checkOnWire = async (
  clients: WireClients,
  statements: readonly Statement[],
  options: WireOptions,
): Promise<readonly Verdict[]> => {
  const templates = new Map(statements.map(({ stack, template }) => [stack, template] as const))
  const maker = { cloudFormation: clients.cloudFormation, sleep }
  const begun: string[] = []
  const verdicts: Verdict[] = []
  try {
    const code = await bundledCode()
    const outputs = new Map<string, Readonly<Record<string, string>>>()
    await inTurns([...templates], stacksAtOnce, options.signal, async ([stack, template]) => {
      const name = `${options.prefix}-${stack}`
      options.told?.(`deploying ${name}`)
      begun.push(name)
      const made = await createStack(maker, name, template)
      const functions = Object.entries(template.Resources).filter(
        ([, { Type }]) => Type === 'AWS::Lambda::Function',
      )
      for (const [logicalId] of functions) await putCode(clients.lambda, sleep, named(made)(logicalId), code)
      outputs.set(stack, made)
    })
    await inTurns(statements, options.atOnce, options.signal, async (statement) => {
      const aws: Aws = { ...clients, named: named(outputs.get(statement.stack) ?? {}), now: Date.now, sleep }
      verdicts.push(await verdictOf(statement, aws))
      options.told?.(`${verdicts.length} of ${statements.length} checked`)
    })
  } finally {
    const failures: unknown[] = []
    await inTurns(begun, stacksAtOnce, undefined, async (name) => {
      options.told?.(`deleting ${name}`)
      await deleteStack(maker, name).catch((error: unknown) => failures.push(error))
    })
    if (failures.length > 0) options.told?.(`left behind: ${failures.map(String).join('; ')}`)
  }
  return statements.flatMap(({ id }) => verdicts.filter((verdict) => verdict.id === id))
}

/** CloudFormation makes some stacks at once, and throttles whoever asks for many. */
const stacksAtOnce = 4

const checkMsMax = 90_000

const verdictOf = async (statement: Statement, aws: Aws): Promise<Verdict> => {
  const { id } = statement
  try {
    await Promise.race([statement.check(aws), tooLate(checkMsMax)])
    return { id, holds: true }
  } catch (error) {
    return { id, holds: false, instead: error instanceof Error ? error.message : String(error) }
  }
}

const tooLate = (ms: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`Not answered within ${ms / 1000} s`)), ms).unref()
  })

/** Does the work for each, so many at a time, in their order, until the signal says to stop. */
const inTurns = async <Item>(
  items: readonly Item[],
  atOnce: number,
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const left = [...items]
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      signal?.throwIfAborted()
      await work(item)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
