import type { World } from '../../world.ts'
import { NotModelled, type Properties, recordOf } from '../properties.ts'
import type { Archive } from './archive.ts'
import { alreadyExists, invalidParameter, limitExceeded, notFound, validationException } from './errors.ts'
import type { Event } from './event.ts'
import { Replay, type ReplayOrder } from './replay.ts'

/** What replays need of the buses. */
export interface ReplaySource {
  readonly archives: ReadonlyMap<string, Archive>
  /** Whether a bus has a rule of that ARN, enabled or not. */
  hasRule(busArn: string, ruleArn: string): boolean
  /** Gives an event to the rules of a bus, or to those of these ARNs. */
  hand(busArn: string, event: Event, only: ReadonlySet<string> | undefined): void
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html (read 2026-11-25). */
const activeMax = 10
const nameForm = /^[.\-_A-Za-z0-9]{1,64}$/
const known = new Set([
  'ReplayName',
  'Description',
  'EventSourceArn',
  'EventStartTime',
  'EventEndTime',
  'Destination',
])

/** StartReplay, DescribeReplay and CancelReplay. */
export class Replays {
  readonly #world: World
  readonly #source: ReplaySource
  readonly #byName = new Map<string, Replay>()

  constructor(world: World, source: ReplaySource) {
    this.#world = world
    this.#source = source
  }

  arnOf(name: unknown): string {
    return `arn:aws:events:${this.#world.region}:${this.#world.accountId}:replay/${String(name)}`
  }

  start(input: Properties): Properties {
    for (const name of Object.keys(input))
      if (!known.has(name)) throw new NotModelled(`events StartReplay: ${name} is not modelled`)
    const order = this.#orderOf(input)
    const busArn = order.archive.settings.busArn
    const only = order.filterArns === undefined ? undefined : new Set(order.filterArns)
    const replay = new Replay(this.#world, order, (event) => this.#source.hand(busArn, event, only))
    this.#byName.set(order.name, replay)
    return { ...replay.answer(), ReplayStartTime: replay.startedAt }
  }

  describe(input: Properties): Properties {
    return this.#named(input).described()
  }

  cancel(input: Properties): Properties {
    const replay = this.#named(input)
    replay.cancel()
    return replay.answer()
  }

  #named(input: Properties): Replay {
    const replay = this.#byName.get(String(input['ReplayName']))
    if (replay === undefined) throw notFound(`Replay ${String(input['ReplayName'])}`)
    return replay
  }

  #orderOf(input: Properties): ReplayOrder {
    const name = input['ReplayName']
    if (typeof name !== 'string' || !nameForm.test(name))
      throw validationException(
        `1 validation error detected: Value '${String(name)}' at 'replayName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
      )
    if (this.#byName.has(name)) throw alreadyExists(`Replay ${name}`)
    const archive = this.#archiveOf(input['EventSourceArn'])
    const description = input['Description']
    const order = {
      name,
      arn: this.arnOf(name),
      description: description === undefined ? undefined : String(description),
      archive,
      ...windowOf(input),
      filterArns: this.#filterOf(input['Destination'], archive),
    }
    if ([...this.#byName.values()].filter((replay) => replay.isActive).length >= activeMax)
      throw limitExceeded(`The limit of ${activeMax} active replays has been reached.`)
    return order
  }

  #archiveOf(arn: unknown): Archive {
    const archive = this.#source.archives.get(String(arn))
    if (archive === undefined) throw notFound(`Archive ${String(arn).replace(/^.*:archive\//, '')}`)
    if (!archive.keepsEvents)
      throw new NotModelled(
        `events StartReplay: the archive ${archive.settings.logicalId} keeps no events: deploy with keepArchives`,
      )
    return archive
  }

  #filterOf(given: unknown, { settings: { busArn } }: Archive): readonly string[] | undefined {
    const destination = recordOf(given, 'events StartReplay: Destination')
    for (const name of Object.keys(destination))
      if (name !== 'Arn' && name !== 'FilterArns')
        throw new NotModelled(`events StartReplay: Destination.${name} is not modelled`)
    if (destination['Arn'] !== busArn)
      throw invalidParameter('Destination.Arn', 'Cross event bus replay is not permitted.')
    const filter = destination['FilterArns']
    if (filter === undefined) return undefined
    const arns = (Array.isArray(filter) ? filter : [filter]).map(String)
    const unknown = arns.find((arn) => !this.#source.hasRule(busArn, arn))
    if (unknown !== undefined) throw notFound(`Rule ${unknown}`)
    return arns
  }
}

const windowOf = (input: Properties): { readonly startMs: number; readonly endMs: number } => {
  const startMs = timeOf(input, 'EventStartTime')
  const endMs = timeOf(input, 'EventEndTime')
  if (startMs >= endMs) throw invalidParameter('EventEndTime', 'EventStartTime must be before EventEndTime.')
  return { startMs, endMs }
}

const timeOf = (input: Properties, name: string): number => {
  const time = input[name]
  if (!(time instanceof Date) || Number.isNaN(time.getTime()))
    throw invalidParameter(name, `${name} is a required argument.`)
  return time.getTime()
}
