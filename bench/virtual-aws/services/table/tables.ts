import type { Meter } from '../../observer.ts'
import { tell } from '../../tell.ts'
import type {
  Answer,
  Answered,
  CallTarget,
  PhysicalResource,
  Projection,
  ServiceCall,
  ServiceModel,
  TableAccess,
  World,
} from '../../world.ts'
import { startedChunks } from '../bytes.ts'
import { isRecord, NotModelled, type Properties, recordOf, textOf } from '../properties.ts'
import { ClientTokens } from './client-tokens.ts'
import { resourceNotFound, throttled, validationException } from './errors.ts'
import type { LimitType } from './on-demand.ts'
import { keyNameOf, refuseUnmodelledTable } from './settings.ts'
import { refusalOf, Table, type Write, type WriteKind } from './table.ts'
import { readActions, transact } from './transaction.ts'

/** DynamoDB: tables with a partition key, on demand, as a template declares them; inputs of the document client. */
export const createTables = (world: World): ServiceModel & TableAccess => new Tables(world)

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const writeUnitBytes = 1024
const readUnitBytes = 4096
export const transactionFactor = 2
const clientTokenMax = 36

interface Bill {
  readonly meter: Meter | undefined
  readonly units: number
}

const nothing: Bill = { meter: undefined, units: 0 }

class Tables implements ServiceModel, TableAccess {
  readonly id = 'dynamodb'
  readonly resourceTypes = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']
  readonly #world: World
  readonly #names = new Map<
    string,
    { readonly logicalId: string; readonly name: string; readonly arn: string }
  >()
  /** By name and by ARN. */
  readonly #tables = new Map<string, Table>()
  readonly #tokens = new ClientTokens()
  /** What the action that was done last has used: it is asked for in the same instant. */
  #billed: ServiceCall | undefined
  #bill = nothing

  constructor(world: World) {
    this.#world = world
  }

  create(logicalId: string, type: string, properties: unknown, stackName: string): PhysicalResource {
    const where = `${type} "${logicalId}"`
    const given = recordOf(properties, where)
    refuseUnmodelledTable(type, given, where)
    const named = given['TableName']
    const name = named === undefined ? `${stackName}-${logicalId}` : textOf(named, `${where}.TableName`)
    const arn = this.#arnOf(name)
    this.#names.set(logicalId, { logicalId, name, arn })
    return { ref: name, attributes: { Arn: arn, TableId: logicalId } }
  }

  wire(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    const names = this.#names.get(logicalId)
    if (names === undefined) throw new Error(`${where} was wired before it was created`)
    const table = new Table(this.#world.kernel, names, keyNameOf(properties, where))
    this.#tables.set(names.name, table)
    this.#tables.set(names.arn, table)
  }

  act(request: ServiceCall, done: Answered): void {
    tell(done, this.#answer(request))
  }

  target({ action, input }: ServiceCall): CallTarget {
    if (action !== 'TransactWriteItems') return this.#targetOf(action, input)
    const items: readonly unknown[] = Array.isArray(input['TransactItems']) ? input['TransactItems'] : []
    let first: CallTarget | undefined
    const others = new Set<CallTarget>()
    for (const item of items) {
      const target = this.#targetWithin(item)
      if (target === undefined) continue
      if (first === undefined) first = target
      else others.add(target)
    }
    if (first === undefined) return this.#targetOf('PutItem', noInput)
    if (others.size === 0) return first
    const { iamAction, arn, logicalId } = first
    return { iamAction, arn, logicalId, further: [...others] }
  }

  /** Of one action of a transaction, before it is checked. */
  #targetWithin(item: unknown): CallTarget | undefined {
    if (!isRecord(item)) return undefined
    const action = Object.keys(item)[0] ?? ''
    const inner = item[action]
    return isRecord(inner) && Object.hasOwn(iamActions, action) ? this.#targetOf(action, inner) : undefined
  }

  /** The same object for the same action on the same table. */
  #targetOf(action: string, input: Properties): CallTarget {
    const iamAction = iamActions[action]
    if (iamAction === undefined) throw new NotModelled(`dynamodb: ${action} is not modelled`)
    const name = String(input['TableName'])
    const table = this.#tables.get(name)
    if (table === undefined) return { iamAction, arn: this.#arnOf(name), logicalId: name }
    let target = table.targets.get(action)
    if (target === undefined) {
      target = { iamAction, arn: table.arn, logicalId: table.logicalId }
      table.targets.set(action, target)
    }
    return target
  }

  bill(request: ServiceCall): Bill {
    return this.#billed === request ? this.#bill : nothing
  }

  hop(action: string): string {
    if (action === 'GetItem') return 'dynamodb.read'
    return action === 'TransactWriteItems' ? 'dynamodb.transact' : 'dynamodb.write'
  }

  put(tableName: string, item: Properties): void {
    this.#tableOf({ TableName: tableName }).put(item)
  }

  items(tableName: string): Iterable<Properties> {
    return this.#tableOf({ TableName: tableName }).items()
  }

  keys(tableName: string): Iterable<string> {
    return this.#tableOf({ TableName: tableName }).keys()
  }

  item(tableName: string, key: string, projection: Projection): Properties | undefined {
    return this.#tableOf({ TableName: tableName }).peek(key, projection)
  }

  #answer(request: ServiceCall): Answer {
    try {
      return { ok: true, output: this.#do(request) }
    } catch (error) {
      if (!(error instanceof Error) || error instanceof NotModelled) throw error
      return { ok: false, error }
    }
  }

  #do(request: ServiceCall): Properties {
    const { action, input } = request
    refuseOtherInput(action, input)
    switch (action) {
      case 'GetItem':
        return this.#get(request)
      case 'PutItem':
        return this.#write(request, 'Put')
      case 'UpdateItem':
        return this.#write(request, 'Update')
      case 'DeleteItem':
        return this.#write(request, 'Delete')
      case 'TransactWriteItems':
        return this.#transact(request)
      default:
        throw new NotModelled(`dynamodb: ${action} is not modelled`)
    }
  }

  /** Billed by started 4 KB, half of it when eventually consistent; an absent item as one unit. */
  #get(request: ServiceCall): Properties {
    const { input } = request
    const table = this.#tableOf(input)
    const stored = table.get(input['Key'])
    const chunks = startedChunks(stored?.bytes ?? 0, readUnitBytes)
    const units = input['ConsistentRead'] === true ? chunks : chunks / 2
    const limit = table.reads.take(input['Key'], units, this.#world.kernel.nowMs)
    if (limit !== undefined) throw this.#throttled('Read', limit, table)
    this.#use(request, 'dynamodb.rru', units)
    return stored === undefined ? {} : { Item: stored.item }
  }

  /** A write that fails its condition is billed all the same. */
  #write(request: ServiceCall, kind: WriteKind): Properties {
    const write = this.#tableOf(request.input).decide(kind, request.input)
    const units = writeUnits(write.bytes)
    const limit = write.table.writes.take(write.key, units, this.#world.kernel.nowMs)
    if (limit !== undefined) throw this.#throttled('Write', limit, write.table)
    this.#use(request, 'dynamodb.wru', units)
    const refusal = refusalOf(write)
    if (refusal !== undefined) throw refusal
    write.table.apply(write)
    return returned(request.input['ReturnValues'], write)
  }

  /** A cancelled transaction is billed too, as is each write of it that fails its condition. */
  #transact(request: ServiceCall): Properties {
    const { ClientRequestToken: token, TransactItems: items } = request.input
    const repeated = token === undefined ? undefined : this.#repeated(token, items)
    if (repeated !== undefined) {
      this.#use(request, 'dynamodb.rru', repeated.readUnits)
      return {}
    }
    const actions = readActions(request.input)
    for (const { kind, input } of actions) refuseOtherInput(kind, input)
    let readUnits = 0
    transact(actions, {
      tableOf: (input) => this.#tableOf(input),
      decided: (writes) => {
        readUnits = token === undefined ? 0 : transactionFactor * readUnitsOf(writes)
        return this.#decided(request, writes)
      },
    })
    if (token !== undefined) this.#tokens.remember(String(token), items, this.#world.kernel.nowMs, readUnits)
    return {}
  }

  #repeated(token: unknown, items: unknown): { readonly readUnits: number } | undefined {
    if (typeof token !== 'string' || token.length < 1 || token.length > clientTokenMax)
      throw validationException(
        `1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to ${clientTokenMax}, and greater than or equal to 1`,
      )
    return this.#tokens.repeated(token, items, this.#world.kernel.nowMs)
  }

  /** The writes that their table does not take now; the others are billed. */
  #decided(request: ServiceCall, writes: readonly (Write | undefined)[]): ReadonlySet<Write> | undefined {
    const { nowMs } = this.#world.kernel
    let throttled: Set<Write> | undefined
    let billed = 0
    for (const write of writes) {
      const units = transactionFactor * writeUnits(write?.bytes ?? 0)
      const limit = write?.table.writes.take(write.key, units, nowMs)
      if (write === undefined || limit === undefined) billed += units
      else {
        this.#throttled('Write', limit, write.table)
        throttled = (throttled ?? new Set()).add(write)
      }
    }
    this.#use(request, 'dynamodb.wru', billed)
    return throttled
  }

  /** Tells the observer of a request that a table does not take now. */
  #throttled(operation: 'Read' | 'Write', limit: LimitType, { arn }: Table): Error {
    const { kernel, observer } = this.#world
    observer.throttled({
      quota: `dynamodb.${operation}`,
      effect: 'rejected',
      delayMs: 0,
      atMs: kernel.nowMs,
    })
    return throttled(operation, limit, arn)
  }

  #use(request: ServiceCall, meter: Meter, units: number): void {
    this.#billed = request
    this.#bill = { meter, units }
  }

  #tableOf(input: Properties): Table {
    const name = input['TableName']
    if (typeof name !== 'string')
      throw validationException(
        "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
      )
    const table = this.#tables.get(name)
    if (table === undefined) throw resourceNotFound()
    return table
  }

  #arnOf(name: string): string {
    if (name.startsWith('arn:')) return name
    return `arn:aws:dynamodb:${this.#world.region}:${this.#world.accountId}:table/${name}`
  }
}

const iamActions: Readonly<Record<string, string>> = {
  GetItem: 'dynamodb:GetItem',
  PutItem: 'dynamodb:PutItem',
  UpdateItem: 'dynamodb:UpdateItem',
  DeleteItem: 'dynamodb:DeleteItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
}

const noInput: Properties = Object.freeze({})

const expressionInputs = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
]
const knownInputs: Readonly<Record<string, ReadonlySet<string>>> = {
  GetItem: new Set(['TableName', 'Key', 'ConsistentRead']),
  PutItem: new Set([...expressionInputs, 'Item', 'ReturnValues']),
  UpdateItem: new Set([...expressionInputs, 'Key', 'UpdateExpression', 'ReturnValues']),
  DeleteItem: new Set([...expressionInputs, 'Key', 'ReturnValues']),
  TransactWriteItems: new Set(['TransactItems', 'ClientRequestToken']),
  Put: new Set([...expressionInputs, 'Item']),
  Update: new Set([...expressionInputs, 'Key', 'UpdateExpression']),
  Delete: new Set([...expressionInputs, 'Key']),
  ConditionCheck: new Set([...expressionInputs, 'Key']),
}

const refuseOtherInput = (action: string, input: Properties): void => {
  const known = knownInputs[action]
  if (known === undefined) return
  for (const name in input)
    if (!known.has(name) && input[name] !== undefined && input[name] !== 'NONE')
      throw new NotModelled(`dynamodb ${action}: ${name} is not modelled`)
}

const readUnitsOf = (writes: readonly (Write | undefined)[]): number =>
  writes.reduce((sum, write) => sum + startedChunks(write?.bytes ?? 0, readUnitBytes), 0)

export const writeUnits = (bytes: number): number => startedChunks(bytes, writeUnitBytes)

const returned = (wanted: unknown, { before, after }: Write): Properties => {
  switch (wanted) {
    case undefined:
    case 'NONE':
      return {}
    case 'ALL_OLD':
      return before === undefined ? {} : { Attributes: before.item }
    case 'ALL_NEW':
      return after === undefined ? {} : { Attributes: after.item }
    default:
      throw new NotModelled(`dynamodb: ReturnValues ${String(wanted)} is not modelled`)
  }
}
