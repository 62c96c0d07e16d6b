import { deploy, type FunctionCode } from '../../virtual-aws/deploy.ts'
import { functions } from './functions.ts'
import type { Aws, Statement } from './statement.ts'
import type { Verdict } from './verdict.ts'

/** When every check begins: a Monday. Milliseconds since the Unix epoch. */
const startMs = Date.UTC(2026, 0, 5)

/** A check that takes longer waits for what does not come. */
const checkMsMax = 10 * 60_000

const code: Readonly<Record<string, FunctionCode>> = Object.fromEntries(
  Object.entries(functions).map(([name, make]) => [
    `index.${name}`,
    ({ clients, env, clock }) =>
      make({ sqs: clients.sqs as unknown as Aws['sqs'], env, sleep: (ms) => clock.sleep(ms) }),
  ]),
)

/** Checks a statement in a virtual AWS of its own; rejects when it does not hold. */
export const checkVirtually = async (statement: Statement): Promise<void> => {
  const { kernel, clients, outputs } = deploy(statement.template, {
    region: 'us-east-1',
    seed: 1,
    startMs,
    code,
    stackName: 'Contract',
  })
  const aws: Aws = {
    // The same commands are taken and the same outputs given; the types alone do not say so.
    ...(clients as unknown as Pick<Aws, 'sfn' | 'eventBridge' | 'sqs' | 'dynamo' | 'lambda'>),
    named: named(outputs),
    now: () => kernel.nowMs,
    sleep: (ms) =>
      new Promise((resolve) => {
        kernel.after(ms, () => {
          kernel.wake()
          resolve()
        })
      }),
  }
  const verdict: { ended?: 'held' | { readonly error: unknown } } = {}
  kernel.at(startMs, () => {
    kernel.wake()
    statement.check(aws).then(
      () => {
        verdict.ended = 'held'
      },
      (error: unknown) => {
        verdict.ended = { error }
      },
    )
  })
  await kernel.run(startMs + checkMsMax)
  if (verdict.ended === undefined) throw new Error(`Not answered within ${checkMsMax / 60_000} minutes`)
  if (verdict.ended !== 'held') throw verdict.ended.error
}

/** The verdict on each statement; one that does not hold says what was seen. */
export const virtualVerdicts = async (statements: readonly Statement[]): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = []
  for (const statement of statements) {
    const { id } = statement
    const instead = await checkVirtually(statement).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    verdicts.push(instead === undefined ? { id, holds: true } : { id, holds: false, instead })
  }
  return verdicts
}

/** By name; one that is missing is a slip of whoever wrote the check. */
export const named =
  (outputs: Readonly<Record<string, string>>) =>
  (name: string): string => {
    const value = outputs[name]
    if (value === undefined) throw new Error(`The stack has no output ${name}`)
    return value
  }
