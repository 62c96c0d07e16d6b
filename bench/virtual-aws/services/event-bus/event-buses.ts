import { tell } from '../../tell.ts'
import type {
  Answer,
  Answered,
  CallTarget,
  PhysicalResource,
  ServiceCall,
  ServiceModel,
  World,
} from '../../world.ts'
import {
  InvalidTemplate,
  integerOf,
  isRecord,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import { Archive } from './archive.ts'
import { Bus } from './bus.ts'
import { Delivery } from './delivery.ts'
import { invalidEventPattern, isAnswer, notFound } from './errors.ts'
import type { Event } from './event.ts'
import { InvalidPattern } from './pattern/field.ts'
import { compilePattern, type Pattern } from './pattern/pattern.ts'
import { busName, entriesOf, PutEvents } from './put-events.ts'
import { Replays } from './replays.ts'
import { refuseUnmodelledEvents, ruleOf } from './settings.ts'

/** How a deployment runs its buses. */
export interface EventBusOptions {
  /** Archives keep what they take, so that it can be replayed; memory then grows with the events of a run. */
  readonly keepArchives?: boolean
}

/** EventBridge (Custom Event Bus, Classic): buses, rules and archives as a template declares them. */
export const createEventBuses = (world: World, options: EventBusOptions = {}): ServiceModel =>
  new EventBuses(world, options)

class EventBuses implements ServiceModel {
  readonly id = 'events'
  readonly resourceTypes = ['AWS::Events::EventBus', 'AWS::Events::Rule', 'AWS::Events::Archive']
  readonly #world: World
  readonly #keepArchives: boolean
  readonly #delivery: Delivery
  readonly #putEvents: PutEvents
  readonly #replays: Replays
  /** By ARN. */
  readonly #archives = new Map<string, Archive>()
  /** Logical id → bus, to find by Ref before intrinsics are resolved. */
  readonly #byLogicalId = new Map<string, Bus>()
  /** By name and by ARN. Every account has one of the name `default`. */
  readonly #buses = new Map<string, Bus>()
  readonly #ruleArns = new Map<string, () => string>()
  readonly #archiveArns = new Map<string, string>()

  constructor(world: World, { keepArchives = false }: EventBusOptions) {
    this.#world = world
    this.#keepArchives = keepArchives
    this.#delivery = new Delivery(world)
    this.#putEvents = new PutEvents(world, (name, event) => this.#accept(name, event))
    this.#replays = new Replays(world, {
      archives: this.#archives,
      hasRule: (busArn, ruleArn) => this.#buses.get(busArn)?.has(ruleArn) ?? false,
      hand: (busArn, event, only) => this.#hand(busArn, event, only),
    })
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
    if (type === 'AWS::Events::Archive') {
      const arn = this.#arnOf(`archive/${name}`)
      this.#archiveArns.set(logicalId, arn)
      return { ref: name, attributes: { Arn: arn, ArchiveName: name } }
    }
    return this.#createRule(logicalId, name, given['EventBusName'])
  }

  wire(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    if (type === 'AWS::Events::Rule') this.#wireRule(logicalId, properties, where)
    else if (type === 'AWS::Events::Archive') this.#wireArchive(logicalId, properties, where)
  }

  /** A rule may hear, and hand on, otherwise; its name and its bus are for good. */
  change(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    const bus = this.#buses.get(String(properties['EventBusName'] ?? 'default'))
    const arn = this.#ruleArns.get(logicalId)?.()
    if (type !== 'AWS::Events::Rule' || bus === undefined || arn === undefined || !bus.has(arn))
      throw new NotModelled(`${where}: changing it is not modelled`)
    const { rule, isEnabled } = ruleOf({ logicalId, arn }, properties, where)
    bus.replace(rule, isEnabled)
  }

  act(request: ServiceCall, done: Answered): void {
    let answer: Answer
    try {
      answer = { ok: true, output: this.#actionOf(request).act(request.input) }
    } catch (error) {
      if (!isAnswer(error)) throw error
      answer = { ok: false, error }
    }
    tell(done, answer)
  }

  target(request: ServiceCall): CallTarget {
    return this.#actionOf(request).target(request.input)
  }

  bill(request: ServiceCall, answer: Answer): ReturnType<ServiceModel['bill']> {
    return request.action === 'PutEvents' ? this.#putEvents.bill(request, answer) : unbilled
  }

  hop(): string {
    return 'events.put'
  }

  #addBus(logicalId: string, name: string): Bus {
    const bus = new Bus(logicalId, name, this.#busArn(name))
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
    const names = { logicalId, arn: this.#ruleArns.get(logicalId)?.() ?? '' }
    const { rule, isEnabled } = ruleOf(names, properties, where)
    bus.add(rule, isEnabled)
  }

  #wireArchive(logicalId: string, properties: Properties, where: string): void {
    const source = textOf(properties['SourceArn'], `${where}.SourceArn`)
    const bus = this.#buses.get(source)
    if (bus === undefined)
      throw new InvalidTemplate(`${where} names a bus that the template lacks: ${source}`)
    const days = integerOf(
      properties['RetentionDays'],
      { from: 0, to: 36_500, default: 0 },
      `${where}.RetentionDays`,
    )
    const pattern = properties['EventPattern']
    const settings = {
      logicalId,
      arn: this.#archiveArns.get(logicalId) ?? '',
      busArn: bus.arn,
      pattern: pattern === undefined ? undefined : compilePattern(pattern),
      retentionMs: days === 0 ? Number.POSITIVE_INFINITY : days * dayMs,
    }
    const archive = new Archive(this.#world, settings, this.#keepArchives)
    bus.archives.push(archive)
    this.#archives.set(settings.arn, archive)
  }

  /** The action that a request asks for: what it needs, and what it does. Another is refused by name. */
  #actionOf({ action }: ServiceCall): Action {
    const found = this.#actions[action]
    if (found === undefined) throw new NotModelled(`events: ${action} is not modelled`)
    return found
  }

  readonly #actions: Readonly<Record<string, Action | undefined>> = {
    PutEvents: {
      target: (input) => this.#putTarget(input),
      act: (input) => this.#putEvents.act(input),
    },
    EnableRule: this.#switching(true),
    DisableRule: this.#switching(false),
    PutRule: {
      target: (input) => this.#need('PutRule', this.#named(input).ruleArn),
      act: (input) => this.#putRule(input),
    },
    StartReplay: {
      target: (input) => this.#need('StartReplay', String(input['EventSourceArn'])),
      act: (input) => this.#replays.start(input),
    },
    DescribeReplay: {
      target: (input) => this.#need('DescribeReplay', this.#replays.arnOf(input['ReplayName'])),
      act: (input) => this.#replays.describe(input),
    },
    CancelReplay: {
      target: (input) => this.#need('CancelReplay', this.#replays.arnOf(input['ReplayName'])),
      act: (input) => this.#replays.cancel(input),
    },
  }

  #need(action: string, arn: string): CallTarget {
    return {
      iamAction: `events:${action}`,
      arn,
      logicalId: this.#archives.get(arn)?.settings.logicalId ?? arn.slice(arn.lastIndexOf('/') + 1),
    }
  }

  #switching(isEnabled: boolean): Action {
    return {
      target: (input) => this.#need(isEnabled ? 'EnableRule' : 'DisableRule', this.#named(input).ruleArn),
      act: (input) => {
        const { bus, ruleName, ruleArn } = this.#named(input)
        if (bus === undefined) throw notFound(`Event bus ${busName(input)}`)
        bus.switch(ruleArn, ruleName, isEnabled)
        return {}
      },
    }
  }

  #named(input: Properties) {
    const bus = this.#buses.get(busName(input))
    const ruleName = String(input['Name'])
    const path = bus === undefined || bus.name === 'default' ? ruleName : `${bus.name}/${ruleName}`
    return { bus, ruleName, ruleArn: this.#arnOf(`rule/${path}`) }
  }

  /**
   * Replaces the pattern of a rule; its targets stay, and it is enabled unless it is said to be not. Source:
   * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html (read 2026-11-25).
   */
  #putRule(input: Properties): Properties {
    refuseOthers(input, putRuleParameters, 'events: PutRule')
    const { bus, ruleName, ruleArn } = this.#named(input)
    if (bus === undefined) throw notFound(`Event bus ${busName(input)}`)
    const isEnabled = (input['State'] ?? 'ENABLED') === 'ENABLED'
    if (!bus.change(ruleArn, patternOf(input['EventPattern']), isEnabled))
      throw new NotModelled(`events: PutRule that makes a new rule is not modelled, as ${ruleName}`)
    return { RuleArn: ruleArn }
  }

  /** Entries may name several buses; each needs the permission. */
  #putTarget(input: Properties): CallTarget {
    const entries = entriesOf(input)
    const only = entries.length === 1 && entries[0] !== undefined ? busName(entries[0]) : undefined
    const known = only === undefined ? undefined : this.#buses.get(only)
    if (known !== undefined) return known.putTarget
    const names = new Set(entries.map(busName))
    const [first = 'default', ...others] = names
    const bus = this.#buses.get(first)
    const need = (name: string) => ({
      iamAction: 'events:PutEvents',
      arn: this.#buses.get(name)?.arn ?? this.#busArn(name),
    })
    return { ...need(first), logicalId: bus?.logicalId ?? first, further: others.map(need) }
  }

  /** AWS takes an event for a bus that does not exist, and nobody hears of it. */
  #accept(name: string, event: Event): void {
    const bus = this.#buses.get(name)
    if (bus === undefined) {
      this.#lost('dropped', name, event.text, `no event bus ${name}`)
      return
    }
    for (const archive of bus.archives) archive.offer(event)
    const rules = bus.matching(event)
    // An archive is no listener: what only it took has reached nobody.
    if (rules.every(({ targets }) => targets.length === 0)) this.#unmatched(bus, event)
    for (const rule of rules) this.#delivery.route(rule, event)
  }

  /** A replayed event; with a filter, most are not meant for anybody. */
  #hand(busArn: string, event: Event, only: ReadonlySet<string> | undefined): void {
    const bus = this.#buses.get(busArn)
    if (bus === undefined) return
    const rules = bus.matching(event).filter(({ arn }) => only?.has(arn) ?? true)
    if (only === undefined && rules.every(({ targets }) => targets.length === 0)) this.#unmatched(bus, event)
    for (const rule of rules) this.#delivery.route(rule, event)
  }

  #unmatched({ logicalId }: Bus, { text, source, detailType }: Event): void {
    this.#lost('unmatched', logicalId, text, `no rule matches ${source} ${detailType}`)
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

const putRuleParameters: ReadonlySet<string> = new Set(['Name', 'EventBusName', 'EventPattern', 'State'])

const patternOf = (text: unknown): Pattern => {
  try {
    return compilePattern(text)
  } catch (cause) {
    if (!(cause instanceof InvalidPattern)) throw cause
    throw invalidEventPattern(cause.message)
  }
}

interface Action {
  target(input: Properties): CallTarget
  act(input: Properties): Properties
}

const unbilled = { meter: undefined, units: 0 }
const dayMs = 86_400_000
