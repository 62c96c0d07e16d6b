import { createIntrinsics, type Intrinsics } from './intrinsics.ts'
import type { Permissions } from './permissions.ts'
import {
  createIdentity,
  createInert,
  identityTypes,
  inertTypes,
  type Place,
  wireIdentity,
} from './resources.ts'
import { isRecord, NotModelled, type Properties, recordOf } from './services/properties.ts'
import type { Template } from './template.ts'
import type { PhysicalResource, ServiceModel } from './world.ts'

/** Sections that say nothing of a running stack, or that are read here. */
const sections: readonly string[] = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
]
const resourceKeys: readonly string[] = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
]

const refuseSections = (template: Template): void => {
  for (const section of Object.keys(template)) {
    if (!sections.includes(section)) {
      throw new NotModelled(`Template section ${section} is not modelled (modelled: ${sections.join(', ')})`)
    }
  }
}

/** The resources of a template on their way to the services that model them, and later those of another. */
export class Stack {
  #template: Template
  readonly #place: Place
  readonly #permissions: Permissions
  /** By type of resource. */
  readonly #services = new Map<string, ServiceModel>()
  readonly #resources = new Map<string, PhysicalResource>()
  #intrinsics: Intrinsics
  /** Knows parameters and conditions, but no resource. */
  #nameless: Intrinsics

  constructor(template: Template, place: Place, permissions: Permissions, services: readonly ServiceModel[]) {
    refuseSections(template)
    this.#template = template
    this.#place = place
    this.#permissions = permissions
    this.#intrinsics = createIntrinsics(template, place, this.#resources)
    this.#nameless = createIntrinsics(template, place, new Map())
    for (const service of services) {
      for (const type of service.resourceTypes) this.#services.set(type, service)
    }
  }

  create(): void {
    for (const logicalId of this.#createMissing()) this.#wire(logicalId)
    this.#start()
  }

  changeSet(next: Template, drifted: readonly string[]): readonly string[] {
    const removed = Object.keys(this.#template.Resources).find((logicalId) => !(logicalId in next.Resources))
    if (removed !== undefined)
      throw new NotModelled(`taking "${removed}" out of a stack that runs is not modelled`)
    return Object.entries(next.Resources).flatMap(([logicalId, declared]) => {
      const before = this.#template.Resources[logicalId]
      const isAsBefore = JSON.stringify(before) === JSON.stringify(declared)
      return isAsBefore && !drifted.includes(logicalId) ? [] : [logicalId]
    })
  }

  update(next: Template, drifted: readonly string[]): void {
    refuseSections(next)
    const changes = this.changeSet(next, drifted)
    this.#template = next
    this.#intrinsics = createIntrinsics(next, this.#place, this.#resources)
    this.#nameless = createIntrinsics(next, this.#place, new Map())
    const created = new Set(this.#createMissing())
    for (const logicalId of changes) {
      if (created.has(logicalId)) this.#wire(logicalId)
      else this.#change(logicalId)
    }
    this.#start()
  }

  /** In pass 1, those that are not there yet; gives their logical ids. */
  #createMissing(): readonly string[] {
    const created: string[] = []
    for (const [logicalId, resource] of Object.entries(this.#template.Resources)) {
      if (this.#resources.has(logicalId)) continue
      const where = whereOf(resource.Type, logicalId)
      for (const key of Object.keys(resource)) {
        if (!resourceKeys.includes(key)) throw new NotModelled(`${where}: attribute ${key} is not modelled`)
      }
      const { Condition } = resource as { readonly Condition?: string }
      if (Condition !== undefined && !this.#intrinsics.holds(Condition)) continue
      this.#resources.set(
        logicalId,
        this.#createOne(logicalId, resource.Type, this.#early(resource.Properties)),
      )
      created.push(logicalId)
    }
    return created
  }

  /** Names may be made of the stack's name and the like: what needs no other resource is resolved in pass 1. */
  #early(properties: unknown): unknown {
    if (!isRecord(properties)) return properties
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, this.#resolvedEarly(value)]),
    )
  }

  #resolvedEarly(value: unknown): unknown {
    try {
      return this.#nameless.resolve(value)
    } catch {
      // It refers to a resource: pass 2 resolves it, or says why it cannot.
      return value
    }
  }

  #createOne(logicalId: string, type: string, properties: unknown): PhysicalResource {
    const service = this.#services.get(type)
    if (service !== undefined) return service.create(logicalId, type, properties, this.#place.stackName)
    if (identityTypes.includes(type)) return createIdentity(type, logicalId, properties, this.#place)
    if (Object.hasOwn(inertTypes, type)) return createInert(type, logicalId, properties, this.#place)
    throw new NotModelled(`${type} "${logicalId}": the resource type is not modelled`)
  }

  /** Pass 2 of one that is new. */
  #wire(logicalId: string): void {
    const type = this.#typeOf(logicalId)
    if (Object.hasOwn(inertTypes, type)) return
    const properties = this.#resolved(logicalId, type)
    const service = this.#services.get(type)
    if (service !== undefined) service.wire(logicalId, type, properties)
    else this.#wireIdentity(logicalId, type, properties)
  }

  #change(logicalId: string): void {
    const type = this.#typeOf(logicalId)
    if (Object.hasOwn(inertTypes, type)) return
    const properties = this.#resolved(logicalId, type)
    const where = whereOf(type, logicalId)
    const service = this.#services.get(type)
    if (service === undefined) {
      this.#permissions.detach(where)
      this.#wireIdentity(logicalId, type, properties)
      return
    }
    // What a policy allowed is allowed no longer, and what it allows now is, in one step.
    this.#permissions.detach(where)
    if (service.change === undefined) throw new NotModelled(`${where}: changing it is not modelled`)
    service.change(logicalId, type, properties)
  }

  #wireIdentity(logicalId: string, type: string, properties: Properties): void {
    const name = this.#resources.get(logicalId)?.ref ?? ''
    wireIdentity(type, logicalId, properties, { name, place: this.#place, permissions: this.#permissions })
  }

  #start(): void {
    for (const service of new Set(this.#services.values())) service.start?.()
  }

  #typeOf(logicalId: string): string {
    return this.#template.Resources[logicalId]?.Type ?? ''
  }

  #resolved(logicalId: string, type: string): Properties {
    const where = whereOf(type, logicalId)
    try {
      return recordOf(this.#intrinsics.resolve(this.#template.Resources[logicalId]?.Properties), where)
    } catch (cause) {
      const message = `${where}: ${messageOf(cause)}`
      throw cause instanceof NotModelled ? new NotModelled(message, { cause }) : new Error(message, { cause })
    }
  }

  outputs(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#template.Outputs ?? {}).flatMap(([name, output]) => {
        const { Condition } = output as { readonly Condition?: string }
        if (Condition !== undefined && !this.#intrinsics.holds(Condition)) return []
        return [[name, String(this.#intrinsics.resolve(output.Value))]]
      }),
    )
  }

  resource(logicalId: string): PhysicalResource | undefined {
    return this.#resources.get(logicalId)
  }

  /** Counts by ARN as counts by logical id. */
  byLogicalId(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const ids = new Map([...this.#resources].map(([id, { attributes }]) => [attributes['Arn'], id] as const))
    return new Map([...counts].map(([arn, count]) => [ids.get(arn) ?? arn, count]))
  }
}

const whereOf = (type: string, logicalId: string): string => `${type} "${logicalId}"`

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
