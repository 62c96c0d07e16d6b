import { type Command, InvalidArgumentError } from 'commander'
import type { Target } from '../live/target.ts'
import { scenarios } from '../scenarios/all.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { BadInput } from '../workload/bad-input.ts'
import type { RunOptions } from './run-options.ts'

/** Where a comparison runs, and what it may take there. */
export interface LiveOptions extends RunOptions {
  readonly target: 'virtual' | 'endpoint' | 'aws'
  readonly endpoint?: string
  readonly profile?: string
  /** Minutes that a run waits for orders after the last one was handed in. */
  readonly wait: number
  readonly yes?: true
}

export const waitMinutes = 5
/** Orders of a run on real stacks where nobody says otherwise. */
export const liveOrders = 200

const targets = ['virtual', 'endpoint', 'aws'] as const

export const addLiveOptions = (command: Command): Command =>
  command
    .option('--target <where>', `where it runs: ${targets.join(', ')}`, oneTarget, 'virtual')
    .option('--endpoint <url>', 'address of an AWS-compatible endpoint, with --target endpoint')
    .option('--profile <name>', 'profile of your AWS configuration, with --target aws')
    .option(
      '--wait <minutes>',
      'with a real target: how long to wait for orders after the last one',
      minutes,
      waitMinutes,
    )
    .option('--yes', 'with --target aws: spend more than a dollar without asking')

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

/** The target that the options name; undefined is the virtual AWS. Throws BadInput where they do not go together. */
export const targetOf = ({ target, endpoint, profile, region, shards }: LiveOptions): Target | undefined => {
  if (endpoint !== undefined && target !== 'endpoint')
    throw new BadInput('--endpoint: goes with --target endpoint')
  if (profile !== undefined && target !== 'aws') throw new BadInput('--profile: goes with --target aws')
  if (target === 'virtual') return undefined
  if (shards !== undefined) throw new BadInput('--shards: goes with --target virtual; a real stack is one')
  if (target === 'aws') return { kind: 'aws', region, ...(profile === undefined ? {} : { profile }) }
  if (endpoint === undefined)
    throw new BadInput('--target endpoint: expected its address in --endpoint, got none')
  return { kind: 'endpoint', url: urlOf(endpoint), region }
}

const urlOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new BadInput(`--endpoint: expected an address such as http://127.0.0.1:4566, got ${text}`)
  return url.origin
}

/** Faults are injected in the virtual AWS only: what is left are scenarios that need none. */
export const liveScenarios = ({ scenario }: Pick<RunOptions, 'scenario'>): readonly Scenario[] => {
  const faultFree = scenarios.filter(({ faults }) => faults.length === 0)
  const refused = scenario?.filter((id) => !faultFree.some((each) => each.id === id)) ?? []
  if (refused.length > 0)
    throw new BadInput(
      `--scenario ${refused.join(' ')}: faults are injected in the virtual AWS only; with a real target choose of ${faultFree.map(({ id }) => id).join(', ')}`,
    )
  return faultFree.filter(({ id }) => scenario === undefined || scenario.includes(id))
}
