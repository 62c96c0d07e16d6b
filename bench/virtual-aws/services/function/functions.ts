import { tell } from '../../tell.ts'
import type {
  Answer,
  Answered,
  CallTarget,
  FunctionAccess,
  InvocationAnswer,
  PhysicalResource,
  ServiceCall,
  ServiceModel,
  World,
} from '../../world.ts'
import {
  InvalidTemplate,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import { acrossTheWire, invokeOutput, notFound, queuedOutput, requestTooLarge } from './answers.ts'
import { AsynchronousQueue } from './asynchronous.ts'
import { AccountConcurrency } from './concurrency.ts'
import type { FunctionCode } from './environment.ts'
import { LambdaFunction } from './function.ts'
import {
  asynchronousDefaults,
  checkInvokeConfigProperties,
  type InvokeConfig,
  readInvokeConfig,
} from './invoke-settings.ts'
import { EventSourceMapping } from './mapping.ts'
import { checkMappingProperties, type MappingSettings, readMapping } from './mapping-settings.ts'
import { jsonText, payloadRefusal } from './payload.ts'
import { checkFunctionProperties, readFunction } from './settings.ts'

/** Functions, their environments and their event source mappings. */
export interface Functions extends ServiceModel, FunctionAccess {
  /** ARN of a queue → empty receives that its mappings made between two times. */
  idlePolls(fromMs: number, toMs: number): ReadonlyMap<string, number>
  /** Functions of other stacks of the account run so many executions from now on. */
  neighboursRun(count: number): void
}

/** `code` by the template's `Handler`; a handler that is missing is refused at deploy. */
export const createFunctions = (world: World, code: Readonly<Record<string, FunctionCode>>): Functions =>
  new FunctionService(world, code)

const functionType = 'AWS::Lambda::Function'
const mappingType = 'AWS::Lambda::EventSourceMapping'
const permissionType = 'AWS::Lambda::Permission'
const invokeConfigType = 'AWS::Lambda::EventInvokeConfig'

class FunctionService implements Functions {
  readonly id = 'lambda'
  readonly resourceTypes = [functionType, mappingType, permissionType, invokeConfigType]
  readonly #world: World
  readonly #code: Readonly<Record<string, FunctionCode>>
  readonly #account = new AccountConcurrency()
  /** Name → logical id; pass 1 knows no more. */
  readonly #names = new Map<string, string>()
  readonly #functions = new Map<string, LambdaFunction>()
  readonly #byArn = new Map<string, LambdaFunction>()
  readonly #planned: { readonly id: string; readonly settings: MappingSettings }[] = []
  readonly #mappings: EventSourceMapping[] = []
  /** By name of the function. */
  readonly #invokeConfigs = new Map<string, InvokeConfig>()
  readonly #queues = new Map<string, AsynchronousQueue>()

  constructor(world: World, code: Readonly<Record<string, FunctionCode>>) {
    this.#world = world
    this.#code = code
  }

  create(logicalId: string, type: string, given: unknown, stackName: string): PhysicalResource {
    const where = `${type} "${logicalId}"`
    const properties = recordOf(given, where)
    if (type === mappingType) {
      checkMappingProperties(properties, where)
      return { ref: `${stackName}-${logicalId}`, attributes: { Id: `${stackName}-${logicalId}` } }
    }
    if (type === invokeConfigType) checkInvokeConfigProperties(properties, where)
    if (type === permissionType || type === invokeConfigType)
      return { ref: `${stackName}-${logicalId}`, attributes: {} }
    checkFunctionProperties(properties, where)
    const named = properties['FunctionName']
    const name = named === undefined ? `${stackName}-${logicalId}` : textOf(named, `${where}: FunctionName`)
    this.#names.set(name, logicalId)
    return { ref: name, attributes: { Arn: this.#arnOf(name) } }
  }

  wire(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    if (type === mappingType) {
      this.#planned.push({ id: logicalId, settings: readMapping(properties, where) })
    } else if (type === permissionType) this.#permit(properties, where)
    else if (type === invokeConfigType) this.#configure(readInvokeConfig(properties, where), where)
    else this.#wireFunction(logicalId, properties, where)
  }

  #wireFunction(functionId: string, properties: Properties, where: string): void {
    const settings = readFunction(properties, where)
    if (settings.reservedConcurrency !== undefined) this.#account.reserve(settings.reservedConcurrency, where)
    const code = this.#code[settings.handler]
    if (code === undefined) {
      const known = Object.keys(this.#code).join(', ') || 'none'
      throw new InvalidTemplate(
        `${where}: no code was given for the handler "${settings.handler}" (given: ${known})`,
      )
    }
    const name = [...this.#names].find(([, logicalId]) => logicalId === functionId)?.[0] ?? functionId
    const identity = { functionId, settings, code }
    const made = new LambdaFunction(this.#world, this.#arnOf(name), identity, this.#account)
    this.#functions.set(name, made)
    this.#byArn.set(made.arn, made)
  }

  #permit(properties: Properties, where: string): void {
    const known = new Set(['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount'])
    refuseOthers(properties, known, where)
    const principal = textOf(properties['Principal'], `${where}: Principal`)
    const { SourceArn, SourceAccount } = properties
    const statement = {
      Effect: 'Allow',
      Action: properties['Action'],
      Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
      Condition: {
        ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
        ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
      },
    }
    const name = nameIn(textOf(properties['FunctionName'], `${where}: FunctionName`))
    this.#world.attachPolicy(this.#arnOf(name), { Statement: [statement] }, where)
  }

  #configure(config: InvokeConfig, where: string): void {
    const name = nameIn(config.functionName)
    if (this.#invokeConfigs.has(name)) {
      throw new InvalidTemplate(`${where}: the function ${name} has another EventInvokeConfig`)
    }
    this.#invokeConfigs.set(name, config)
  }

  change(logicalId: string, type: string, properties: Properties): void {
    if (type !== permissionType) throw new NotModelled(`${type} "${logicalId}": changing it is not modelled`)
    this.wire(logicalId, type, properties)
  }

  start(): void {
    this.#startQueues()
    this.#startMappings()
  }

  #startQueues(): void {
    for (const name of this.#invokeConfigs.keys()) {
      if (this.#functions.has(name)) continue
      throw new InvalidTemplate(`${invokeConfigType}: the template has no function ${name}`)
    }
    for (const [name, target] of this.#functions) {
      if (this.#queues.has(name)) continue
      const { deadLetterArn } = target.identity.settings
      const settings = { ...asynchronousDefaults, ...this.#invokeConfigs.get(name), deadLetterArn }
      const queue = new AsynchronousQueue(this.#world, target, settings)
      queue.checkPermissions()
      this.#queues.set(name, queue)
    }
  }

  #startMappings(): void {
    for (const { id, settings } of this.#planned.splice(0)) {
      const target = this.#find(settings.functionName)
      if (target === undefined) {
        throw new InvalidTemplate(
          `${mappingType} "${id}": the template has no function ${settings.functionName}`,
        )
      }
      const mapping = new EventSourceMapping(this.#world, id, settings, target)
      mapping.start()
      this.#mappings.push(mapping)
    }
  }

  target(request: ServiceCall): CallTarget {
    if (request.action !== 'Invoke') {
      throw new NotModelled(`lambda: action ${request.action} is not modelled (modelled: Invoke)`)
    }
    const iamAction = 'lambda:InvokeFunction'
    const named = textOf(request.input['FunctionName'], 'lambda: Invoke: FunctionName')
    const found = this.#find(named)
    if (found !== undefined) return { iamAction, arn: found.arn, logicalId: found.identity.functionId }
    const name = nameIn(named)
    return { iamAction, arn: this.#arnOf(name), logicalId: name }
  }

  #find(nameOrArn: string): LambdaFunction | undefined {
    return this.#byArn.get(nameOrArn) ?? this.#functions.get(nameIn(nameOrArn))
  }

  act(request: ServiceCall, done: Answered): void {
    refuseOthers(request.input, invokeParameters, 'lambda: Invoke')
    const { InvocationType = 'RequestResponse', FunctionName, Payload } = request.input
    const named = String(FunctionName)
    if (InvocationType === 'Event') this.#queue(nameIn(named), Payload, done)
    else if (InvocationType === 'RequestResponse') {
      this.invoke(named, Payload, (answer) => tell(done, invokeOutput(answer)))
    } else throw new NotModelled(`lambda: Invoke: InvocationType ${String(InvocationType)} is not modelled`)
  }

  /** The call takes as long as one that invokes: no source tells them apart. */
  #queue(name: string, payload: unknown, done: Answered): void {
    const text = jsonText(payload)
    const tooLarge = payloadRefusal(text, 'Event')
    const queue = this.#queues.get(name)
    const answer = (): Answer => {
      if (queue === undefined) return invokeOutput(notFound(this.#arnOf(name)))
      return tooLarge === undefined ? queuedOutput : invokeOutput(requestTooLarge(tooLarge))
    }
    if (tooLarge === undefined) queue?.accept(text)
    this.#world.kernel.after(this.#world.latencyMs('lambda.invoke'), () => tell(done, answer()))
  }

  /** The invocation meters itself, since event source mappings invoke without a call of their own. */
  bill(): { readonly meter: undefined; readonly units: number } {
    return { meter: undefined, units: 0 }
  }

  hop(): undefined {
    return undefined
  }

  invoke(nameOrArn: string, payload: unknown, done: (answer: InvocationAnswer) => void): void {
    const target = this.#find(nameOrArn)
    if (target === undefined) {
      done(notFound(this.#arnOf(nameIn(nameOrArn))))
      return
    }
    // Across the wire: neither side sees what the other does to its copy.
    const text = jsonText(payload)
    const tooLarge = payloadRefusal(text, 'RequestResponse')
    if (tooLarge !== undefined) {
      done(requestTooLarge(tooLarge))
      return
    }
    const { rewritten } = this.#world.faults
    const { functionId } = target.identity
    const told = rewritten?.({ resource: functionId, body: text, atMs: this.#world.kernel.nowMs }) ?? text
    target.invoke(JSON.parse(told), this.#world.latencyMs('lambda.invoke'), (answer) =>
      done(answer.ok ? acrossTheWire(answer.payload) : answer),
    )
  }

  neighboursRun(count: number): void {
    this.#account.neighbours = count
  }

  idlePolls(fromMs: number, toMs: number): ReadonlyMap<string, number> {
    const polls = new Map<string, number>()
    for (const mapping of this.#mappings) {
      polls.set(mapping.queueArn, (polls.get(mapping.queueArn) ?? 0) + mapping.idlePolls(fromMs, toMs))
    }
    return polls
  }

  #arnOf(name: string): string {
    return `arn:aws:lambda:${this.#world.region}:${this.#world.accountId}:function:${name}`
  }
}

/** A function is named by its name, its ARN, or its ARN with a qualifier, of which only `$LATEST` is modelled. */
const nameIn = (nameOrArn: string): string => {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn
  const [, , , , , , name, qualifier] = nameOrArn.split(':')
  if (name === undefined || (qualifier !== undefined && qualifier !== '$LATEST')) {
    throw new NotModelled(
      `lambda: ${nameOrArn} is not modelled (modelled: functions without a version or alias)`,
    )
  }
  return name
}

const invokeParameters: ReadonlySet<string> = new Set(['FunctionName', 'InvocationType', 'Payload'])
