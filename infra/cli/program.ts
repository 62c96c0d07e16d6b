import { Argument, Command, CommanderError } from 'commander'
import { defaultRegion } from '../../bench/cli/run-options.ts'
import { contestants } from '../../bench/contestants.ts'
import { BadInput } from '../../bench/workload/bad-input.ts'
import { resultsStackOf } from '../names.ts'
import { stackNames } from '../order-app.ts'
import { synthAll } from '../synth.ts'
import { announcement, type Doing } from './announcement.ts'
import { type Cdk, type CdkEnd, cdkWords, interruptedCode, obstacleTo, type Target } from './cdk.ts'
import { estimateRegion, estimates } from './estimate.ts'
import { whatNext } from './measuring.ts'
import { chosenStacks, deployOrder, destroyOrder, hasStateMachine, type KnownStack } from './stacks.ts'

/** Stops what runs in a stack, and gives how many that was; says how many it has found before it stops them. */
export type StopExecutions = (
  stack: string,
  target: Target & { readonly region: string },
  onFound: (count: number) => void,
) => Promise<number>

/** What a command line stands in: nothing else of the machine is touched, so that a test can stand in for all of it. */
export interface Surroundings {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
  /** The region that the machine's AWS configuration names, the profile's among it. */
  readonly regionOf: (profile: string | undefined) => Promise<string | undefined>
  /** Undefined where nobody can be asked. */
  readonly ask?: (question: string) => Promise<boolean>
  readonly stopExecutions: StopExecutions
  readonly cdk: Cdk
}

interface Options extends Target {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

const about = {
  deploy: 'Deploy the contestants, and the queues that a live run hears their results by, to an AWS account.',
  destroy: 'Take down what was deployed, with all that it holds.',
} as const satisfies Record<Doing, string>

/** Runs `deploy …` or `destroy …` and gives its exit code: 0 done, 1 it failed under way, 2 it could not begin. */
export const runProgram = async (words: readonly string[], surroundings: Surroundings): Promise<number> => {
  let exitCode = 0
  const program = new Command('npm run').helpCommand(false)
  for (const doing of ['deploy', 'destroy'] as const)
    program
      .command(doing)
      .description(about[doing])
      .addArgument(
        new Argument('[stack...]', `which: ${stackNames.join(', ')}, or a contestant's id (default: all)`),
      )
      .option('--profile <p>', 'AWS profile whose credentials are used')
      .option('--region <r>', 'AWS Region (default: that of your AWS configuration, else us-east-1)')
      .option('--yes', 'do not ask')
      .option('--dry-run', 'say what would be done, and do nothing')
      .addHelpText('after', '\nExit codes: 0 done, 1 it failed under way, 2 it could not begin, 130 stopped.')
      .action(async (stacks: readonly string[], options: Options) => {
        exitCode = await perform(doing, stacks, options, surroundings)
      })
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeOut: surroundings.out, outputError: () => undefined })
  try {
    await program.parseAsync([...words], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (!(error instanceof CommanderError || error instanceof BadInput)) throw error
    surroundings.error(
      `${words[0] ?? 'deploy'}: ${error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')}\n`,
    )
    return 2
  }
}

const perform = async (
  doing: Doing,
  words: readonly string[],
  { yes = false, dryRun = false, ...asked }: Options,
  surroundings: Surroundings,
): Promise<number> => {
  const { out, error, ask } = surroundings
  const stacks = stacksNamed(words)
  if (!yes && !dryRun && ask === undefined)
    throw new BadInput(`expected --yes, since this is no terminal and nobody can be asked`)
  const ordered = doing === 'deploy' ? deployOrder(stacks) : destroyOrder(stacks)
  const named = asked.region ?? (await surroundings.regionOf(asked.profile))
  // Handed to the CDK by name, so that all commands mean the same region wherever they find it.
  const target = { ...asked, region: named ?? defaultRegion }
  const { region, profile } = target
  const priced = estimateRegion(region)
  const costs = doing === 'deploy' ? await estimates(ordered, priced) : []
  const runs = cdkWords(
    doing,
    ordered.map(({ name }) => name),
    target,
  )
  out(announcement(doing, ordered, { costs, priced, region, isNamed: named !== undefined, profile, runs }))
  if (dryRun) return 0
  if (!yes && !(await ask?.(doing === 'deploy' ? 'Deploy this?' : 'Delete all of this?'))) {
    error(`${doing}: stopped; nothing was changed\n`)
    return interruptedCode
  }
  return carryOut(doing, ordered, target, runs, surroundings)
}

const carryOut = async (
  doing: Doing,
  ordered: readonly KnownStack[],
  target: Target & { readonly region: string },
  runs: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  const { out, error, cdk } = surroundings
  if (doing === 'destroy') await stopAll(ordered, target, surroundings)
  const end = await cdk(runs)
  const obstacle = isFailure(end) ? await obstacleTo(end, target, ordered[0]?.name ?? '', cdk) : undefined
  if (end.exitCode === 0 && doing === 'deploy') out(whatNext(ordered, target))
  return conclude(doing, end, obstacle, error)
}

/**
 * Stops the executions that wait, which nobody else would: the functions that answer them go first, and AWS keeps a
 * state machine DELETING until the last of its executions has ended, here by its timeout of hours.
 * Source: https://repost.aws/knowledge-center/step-functions-stuck-deleting-status (read 2026-11-25)
 */
const stopAll = async (
  stacks: readonly KnownStack[],
  target: Target & { readonly region: string },
  { out, stopExecutions }: Surroundings,
): Promise<void> => {
  for (const { name } of stacks.filter(hasStateMachine)) {
    const stopped = await stopExecutions(name, target, (count) =>
      out(`${name}: ${counted(count)} still running\n`),
    )
    if (stopped > 0) out(`${name}: ${counted(stopped)} stopped\n`)
  }
}

const counted = (executions: number): string =>
  executions === 1 ? '1 execution' : `${executions} executions`

const isFailure = ({ exitCode }: CdkEnd): boolean => exitCode !== 0 && exitCode !== interruptedCode

/** Says in one line why it was not done, and gives the exit code that goes with it. */
const conclude = (
  doing: Doing,
  { exitCode }: CdkEnd,
  obstacle: string | undefined,
  error: Surroundings['error'],
): number => {
  if (exitCode === 0) return 0
  if (exitCode === interruptedCode) {
    error(`${doing}: stopped; CloudFormation goes on with what it has begun\n`)
    return interruptedCode
  }
  error(`${doing}: ${obstacle ?? `the CDK failed with exit code ${exitCode}; what it said stands above`}\n`)
  return obstacle === undefined ? 1 : 2
}

const stacksNamed = (words: readonly string[]): readonly KnownStack[] => {
  const known = knownStacks()
  const { stacks, unknown } = chosenStacks(known, words)
  if (unknown.length === 0) return stacks
  const names = known.map(({ name }) => name).join(', ')
  throw new BadInput(
    `unknown stack ${unknown.map((word) => `"${word}"`).join(', ')}; expected some of ${names}`,
  )
}

/** All stacks that there are, with their templates. */
const knownStacks = (): readonly KnownStack[] => {
  const { contestants: templates, results } = synthAll()
  return [
    ...stackNames.map((name) => {
      const contestant = contestants.find(({ stack }) => stack === name)?.id
      return { name, template: templates[name], ...(contestant === undefined ? {} : { contestant }) }
    }),
    ...stackNames.map((name) => ({
      name: resultsStackOf(name),
      listensTo: name,
      template: results[resultsStackOf(name)],
    })),
  ]
}
