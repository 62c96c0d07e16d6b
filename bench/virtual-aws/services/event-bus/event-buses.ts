import type { Answer, CallTarget, PhysicalResource, ServiceCall, ServiceModel, World } from '../../world.ts'
import { startedChunks, utf8Bytes } from '../bytes.ts'
import { countedIds } from '../identifiers.ts'
import {
  InvalidTemplate,
  integerOf,
  isRecord,
  NotModelled,
  type Properties,
  recordOf,
  textOf,
} from '../properties.ts'
import { Delivery } from './delivery.ts'
import { checkEntry, entryBytes, eventOf } from './entry.ts'
import { validationException } from './errors.ts'
import { compilePattern, type Pattern } from './pattern/pattern.ts'
import { RuleIndex } from './rule-index.ts'
import { refuseUnmodelledEvents, ruleOf } from './settings.ts'

/** EventBridge (Custom Event Bus, Classic): buses, rules and archives as a template declares them. */
export const createEventBuses = (world: World): ServiceModel => new EventBuses(world)

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const entriesMax = 10
/** Of all entries of a request together. Raised from 256 KB in 2026. */
const requestBytesMax = 1_048_576
/** Each started 64 KB of an entry is one billed event. */
const entryChunkBytes = 65_536
const eventIdSeries = 0xeb00_0001

interface Bus {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly rules: RuleIndex
  readonly archives: { readonly logicalId: string; readonly pattern: Pattern | undefined }[]
}

class EventBuses implements ServiceModel {
  readonly id = 'events'
  readonly resourceTypes = ['AWS::Events::EventBus', 'AWS::Events::Rule', 'AWS::Events::Archive']
  readonly #world: World
  readonly #delivery: Delivery
  readonly #nextId = countedIds(eventIdSeries)
  /** Logical id → bus, to find by Ref before intrinsics are resolved. */
  readonly #byLogicalId = new Map<string, Bus>()
  /** By name and by ARN. Every account has one of the name `default`. */
  readonly #buses = new Map<string, Bus>()
  readonly #ruleArns = new Map<string, () => string>()

  constructor(world: World) {
    this.#world = world
    this.#delivery = new Delivery(world)
    this.#addBus('default', 'default')
  }

  create(logicalId: string, type: string, properties: unknown, stackName: string): PhysicalResource {
    const where = `${type} "${logicalId}"`
    const given = recordOf(properties, where)
    refuseUnmodelledEvents(type, given, where)
    const named = given['Name'] ?? given['ArchiveName']
    const name = named === undefined ? `${stackName}-${logicalId}` : textOf(named, `${where}.Name`)
    if (type === 'AWS::Events::EventBus') {
      const bus = this.#addBus(logicalId, name)
      this.#byLogicalId.set(logicalId, bus)
      return { ref: name, attributes: { Arn: bus.arn, Name: name } }
    }
    if (type === 'AWS::Events::Archive')
      return { ref: name, attributes: { Arn: this.#arnOf(`archive/${name}`), ArchiveName: name } }
    return this.#createRule(logicalId, name, given['EventBusName'])
  }

  wire(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    if (type === 'AWS::Events::Rule') this.#wireRule(logicalId, properties, where)
    else if (type === 'AWS::Events::Archive') this.#wireArchive(logicalId, properties, where)
  }

  act(request: ServiceCall, done: (answer: Answer) => void): void {
    try {
      if (request.action !== 'PutEvents') throw new NotModelled(`events: ${request.action} is not modelled`)
      done({ ok: true, output: this.#putEvents(request.input) })
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ValidationException') throw error
      done({ ok: false, error })
    }
  }

  /** Entries may name several buses; each needs the permission. */
  target(request: ServiceCall): CallTarget {
    if (request.action !== 'PutEvents') throw new NotModelled(`events: ${request.action} is not modelled`)
    const names = new Set(entriesOf(request.input).map(busName))
    const [first = 'default', ...others] = names
    const bus = this.#buses.get(first)
    const need = (name: string) => ({
      iamAction: 'events:PutEvents',
      arn: this.#buses.get(name)?.arn ?? this.#busArn(name),
    })
    return { ...need(first), logicalId: bus?.logicalId ?? first, further: others.map(need) }
  }

  /** Only entries that were taken are billed. */
  bill(request: ServiceCall, answer: Answer): { readonly meter: 'events.put'; readonly units: number } {
    if (!answer.ok || !isRecord(answer.output)) return { meter: 'events.put', units: 0 }
    const results = answer.output['Entries']
    let units = 0
    entriesOf(request.input).forEach((entry, index) => {
      const taken =
        Array.isArray(results) && isRecord(results[index]) && results[index]['EventId'] !== undefined
      if (taken) units += startedChunks(entryBytes(entry), entryChunkBytes)
    })
    return { meter: 'events.put', units }
  }

  hop(): string {
    return 'events.put'
  }

  #addBus(logicalId: string, name: string): Bus {
    const bus = { logicalId, name, arn: this.#busArn(name), rules: new RuleIndex(), archives: [] }
    this.#buses.set(name, bus)
    this.#buses.set(bus.arn, bus)
    return bus
  }

  /** The ARN holds the name of the bus, which may be created after the rule: it is made when it is asked for. */
  #createRule(logicalId: string, name: string, busReference: unknown): PhysicalResource {
    const onBus = (): string => {
      const bus = this.#referredBus(busReference)
      return bus === 'default' ? '' : bus
    }
    const arn = (): string => this.#arnOf(`rule/${onBus() === '' ? name : `${onBus()}/${name}`}`)
    this.#ruleArns.set(logicalId, arn)
    return {
      get ref() {
        return onBus() === '' ? name : `${onBus()}|${name}`
      },
      attributes: {
        get Arn() {
          return arn()
        },
      },
    }
  }

  /** The name of the bus behind a name, an ARN, a Ref or a GetAtt. */
  #referredBus(reference: unknown): string {
    if (reference === undefined) return 'default'
    if (typeof reference === 'string') return reference.slice(reference.lastIndexOf('/') + 1)
    const target = isRecord(reference) ? (reference['Ref'] ?? reference['Fn::GetAtt']) : undefined
    const logicalId = Array.isArray(target) ? target[0] : target
    const bus = this.#byLogicalId.get(String(logicalId))
    if (bus === undefined)
      throw new InvalidTemplate(`a rule names a bus that the template lacks: ${String(logicalId)}`)
    return bus.name
  }

  #wireRule(logicalId: string, properties: Properties, where: string): void {
    const named = properties['EventBusName'] ?? 'default'
    const bus = this.#buses.get(String(named))
    if (bus === undefined)
      throw new InvalidTemplate(`${where} names a bus that the template lacks: ${String(named)}`)
    const rule = ruleOf({ logicalId, arn: this.#ruleArns.get(logicalId)?.() ?? '' }, properties, where)
    if (rule !== undefined) bus.rules.add(rule)
  }

  #wireArchive(logicalId: string, properties: Properties, where: string): void {
    const source = textOf(properties['SourceArn'], `${where}.SourceArn`)
    const bus = this.#buses.get(source)
    if (bus === undefined)
      throw new InvalidTemplate(`${where} names a bus that the template lacks: ${source}`)
    integerOf(properties['RetentionDays'], { from: 0, to: 36_500, default: 0 }, `${where}.RetentionDays`)
    const pattern = properties['EventPattern']
    bus.archives.push({ logicalId, pattern: pattern === undefined ? undefined : compilePattern(pattern) })
  }

  #putEvents(input: Properties): Properties {
    for (const name of Object.keys(input))
      if (name !== 'Entries' && input[name] !== undefined)
        throw new NotModelled(`events PutEvents: ${name} is not modelled`)
    const entries = entriesOf(input)
    if (entries.length < 1 || entries.length > entriesMax)
      throw validationException(
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${entriesMax}, and greater than or equal to 1; it has ${entries.length}`,
      )
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0)
    if (bytes > requestBytesMax)
      throw validationException('Total size of the entries in the request is over the limit.')
    let failedCount = 0
    const results = entries.map((entry) => {
      const checked = checkEntry(entry)
      if (!checked.ok) {
        failedCount += 1
        return { ErrorCode: checked.code, ErrorMessage: checked.message }
      }
      const { kernel, region, accountId } = this.#world
      const event = eventOf(checked, { id: this.#nextId(), nowMs: kernel.nowMs, region, accountId })
      this.#accept(busName(entry), event)
      return { EventId: event.id }
    })
    return { FailedEntryCount: failedCount, Entries: results }
  }

  /** AWS takes an event for a bus that does not exist, and nobody hears of it. */
  #accept(name: string, event: ReturnType<typeof eventOf>): void {
    const bus = this.#buses.get(name)
    if (bus === undefined) {
      this.#lost('dropped', name, event.text, `no event bus ${name}`)
      return
    }
    for (const { logicalId, pattern } of bus.archives)
      if (pattern === undefined || pattern.matches(event.whole))
        this.#world.observer.metered('events.archive.bytes', logicalId, utf8Bytes(event.text))
    const rules = bus.rules.matching(event)
    // An archive is no listener: what only it took has reached nobody.
    if (rules.every(({ targets }) => targets.length === 0))
      this.#lost(
        'unmatched',
        bus.logicalId,
        event.text,
        `no rule matches ${event.source} ${event.detailType}`,
      )
    for (const rule of rules) this.#delivery.route(rule, event)
  }

  #lost(how: 'dropped' | 'unmatched', resource: string, body: string, reason: string): void {
    this.#world.observer.lost({ how, resource, body, atMs: this.#world.kernel.nowMs, reason })
  }

  #busArn(name: string): string {
    return name.startsWith('arn:') ? name : this.#arnOf(`event-bus/${name}`)
  }

  #arnOf(resource: string): string {
    return `arn:aws:events:${this.#world.region}:${this.#world.accountId}:${resource}`
  }
}

const entriesOf = (input: Properties): readonly Properties[] =>
  Array.isArray(input['Entries']) ? input['Entries'].filter(isRecord) : []

const busName = (entry: Properties): string => String(entry['EventBusName'] ?? 'default')
