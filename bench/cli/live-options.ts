import { type Command, InvalidArgumentError } from 'commander'
import type { Target } from '../live/target.ts'
import { scenarios } from '../scenarios/all.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { BadInput } from '../workload/bad-input.ts'
import { defaultRegion, pricedAndLimited, type RunOptions } from './run-options.ts'

/** Where a comparison runs, and what it may take there. */
export interface LiveOptions extends RunOptions {
  readonly target: 'virtual' | 'endpoint' | 'aws'
  readonly endpoint?: string
  readonly profile?: string
  /** Minutes that a run waits for orders after the last one was handed in, where they are not `waitMinutes`. */
  readonly wait?: number
  readonly yes?: true
  /** The functions may bear what a killed run left on. */
  readonly takeOver?: true
}

export const waitMinutes = 5
/** Orders of a run on real stacks where nobody says otherwise. */
export const liveOrders = 200

const targets = ['virtual', 'endpoint', 'aws'] as const

export const addLiveOptions = (command: Command): Command =>
  command
    .option(
      '--target <where>',
      `where it runs: ${targets.join(', ')}; on AWS without --region, in the region of your AWS configuration`,
      oneTarget,
      'virtual',
    )
    .option('--endpoint <url>', 'address of an AWS-compatible endpoint, with --target endpoint')
    .option('--profile <name>', 'profile of your AWS configuration, with --target aws')
    .option(
      '--wait <minutes>',
      'with a real target: how long to wait for orders after the last one, and then as long for their logs',
      minutes,
    )
    .option('--yes', 'with --target aws: spend more than a dollar without asking')
    .option(
      '--take-over',
      'with a real target: take the functions from a run that seems to go on and was killed',
    )
    .addHelpText(
      'after',
      `
A real target takes ${liveOrders} orders unless --count says otherwise, waits ${waitMinutes} minutes, and knows the scenarios that need no
injected fault: ${liveScenarios({})
        .map(({ id }) => id)
        .join(', ')}.`,
    )

const oneTarget = (text: string): LiveOptions['target'] => {
  const found = targets.find((target) => target === text)
  if (found === undefined) throw new InvalidArgumentError(`Expected one of: ${targets.join(', ')}.`)
  return found
}

const waitMinutesMax = 60

const minutes = (text: string): number => {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0 && value <= waitMinutesMax))
    throw new InvalidArgumentError(`Expected a number above 0 and at most ${waitMinutesMax}.`)
  return value
}

/**
 * The options with the region that the stacks are in: on AWS, where nobody names one, that of the AWS configuration.
 * Throws BadInput where a run there has no prices or quotas.
 */
export const inItsRegion = async <Options extends LiveOptions>(
  options: Options,
  isNamed: boolean,
): Promise<Options> => {
  if (options.target !== 'aws' || isNamed) return options
  // Loads the SDK, which a run in the virtual AWS need not wait for.
  const { configuredRegion } = await import('../live/region.ts')
  const region = (await configuredRegion(options.profile)) ?? options.region
  if (!pricedAndLimited.includes(region))
    throw new BadInput(
      `--region: your AWS configuration says ${region}, of which not every price and quota has a source here; expected one of ${pricedAndLimited.join(', ')}`,
    )
  return { ...options, region }
}

/** The words of a command that repeats where a run was made. */
export const targetWords = ({ target, endpoint, profile, region, wait }: LiveOptions): readonly string[] =>
  target === 'virtual'
    ? []
    : [
        ...['--target', target],
        ...(endpoint === undefined ? [] : ['--endpoint', endpoint]),
        ...(profile === undefined ? [] : ['--profile', profile]),
        // Left out, it would be that of whoever repeats the run.
        ...(target === 'aws' && region === defaultRegion ? ['--region', region] : []),
        ...(wait === undefined ? [] : ['--wait', String(wait)]),
      ]

/** The target that the options name; undefined is the virtual AWS. Throws BadInput where they do not go together. */
export const targetOf = (options: LiveOptions): Target | undefined => {
  checkTogether(options)
  const { target, endpoint, profile, region, shards } = options
  if (target === 'virtual') return undefined
  if (shards !== undefined) throw new BadInput('--shards: goes with --target virtual; a real stack is one')
  if (options.arrivals === 'even')
    throw new BadInput(
      '--arrivals even: goes with --target virtual, where faults are; a real stack gets a day',
    )
  if (target === 'aws') return { kind: 'aws', region, ...(profile === undefined ? {} : { profile }) }
  if (endpoint === undefined)
    throw new BadInput('--target endpoint: expected its address in --endpoint, got none')
  return { kind: 'endpoint', url: urlOf(endpoint), region }
}

const checkTogether = ({ target, endpoint, profile, wait, yes, takeOver }: LiveOptions): void => {
  if (endpoint !== undefined && target !== 'endpoint')
    throw new BadInput('--endpoint: goes with --target endpoint')
  if (profile !== undefined && target !== 'aws') throw new BadInput('--profile: goes with --target aws')
  if (yes === true && target !== 'aws') throw new BadInput('--yes: goes with --target aws')
  if (wait !== undefined && target === 'virtual')
    throw new BadInput('--wait: goes with --target aws or endpoint; the virtual AWS runs until all is quiet')
  if (takeOver === true && target === 'virtual')
    throw new BadInput('--take-over: goes with --target aws or endpoint; a virtual AWS is made for its run')
}

const urlOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new BadInput(`--endpoint: expected an address such as http://127.0.0.1:4566, got ${text}`)
  if (url.href !== `${url.origin}/`)
    throw new BadInput(`--endpoint: expected an address without user, path or query, as ${url.origin}`)
  return url.origin
}

/** Faults are injected in the virtual AWS only: what is left are scenarios that need none. */
export const liveScenarios = ({ scenario }: Pick<RunOptions, 'scenario'>): readonly Scenario[] => {
  const faultFree = scenarios.filter(({ faults }) => faults.length === 0)
  const refused = scenario?.filter((id) => id !== 'all' && !faultFree.some((each) => each.id === id)) ?? []
  if (refused.length > 0)
    throw new BadInput(
      `--scenario ${refused.join(' ')}: faults are injected in the virtual AWS only; with a real target choose of ${faultFree.map(({ id }) => id).join(', ')}`,
    )
  return faultFree.filter(({ id }) => scenario === undefined || scenario.includes(id))
}
