import type { Kernel } from '../../kernel.ts'
import type { CallTarget, Projection } from '../../world.ts'
import { isRecord, type Properties } from '../properties.ts'
import { conditionalCheckFailed, keyMismatch, transactionConflict, validationException } from './errors.ts'
import { type Expressions, readExpressions } from './expression/expressions.ts'
import { checkedBytes, type Item, type Stored } from './item.ts'
import { onDemand, Throughput } from './on-demand.ts'
import { Shelf } from './shelf.ts'

/**
 * How long a transaction holds its items: from the instant of its effect. AWS holds them from prepare to commit and
 * says of the time only that it ends with the answer; half of the assumed median of a TransactWriteItems call.
 */
export const transactionHoldMs = 5

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck'

/** One write, decided but not done. */
export interface Write {
  readonly table: Table
  readonly key: string
  readonly before: Stored | undefined
  readonly after: Stored | undefined
  /** Undefined when it may be done. */
  readonly refusal: 'ConditionalCheckFailed' | 'TransactionConflict' | undefined
  /** What is billed: the larger of the item before and after. */
  readonly bytes: number
  readonly kind: WriteKind
}

/** The items of one table, by partition key. Reads are always up to date, the eventually consistent ones too. */
export class Table {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly writes = new Throughput(onDemand.write)
  readonly reads = new Throughput(onDemand.read)
  /** What a call of each action on it needs, once asked for. */
  readonly targets = new Map<string, CallTarget>()
  readonly #keyName: string
  readonly #kernel: Kernel
  readonly #items = new Shelf()
  /** In the order in which the holds end. */
  readonly #heldUntilMs = new Map<string, number>()

  constructor(
    kernel: Kernel,
    names: { readonly logicalId: string; readonly name: string; readonly arn: string },
    keyName: string,
  ) {
    this.#kernel = kernel
    this.#keyName = keyName
    this.logicalId = names.logicalId
    this.name = names.name
    this.arn = names.arn
  }

  /** Decides a write without doing it; throws what DynamoDB answers to a request that makes no sense. */
  decide(kind: WriteKind, input: Properties): Write {
    const expressions = readExpressions(input)
    const given = kind === 'Put' ? this.#items.storable(input['Item']) : undefined
    const key = given === undefined ? this.keyOf(input['Key'], true) : this.keyOf(input['Item'], false)
    const before = this.#items.get(key)
    const { condition, names, values } = expressions
    const holds = condition === undefined || condition({ item: before?.item, names, values })
    const refusal = this.#isHeld(key) ? 'TransactionConflict' : holds ? undefined : 'ConditionalCheckFailed'
    const after = refusal === undefined ? this.#after(kind, key, given ?? before, expressions) : before
    const bytes = Math.max(before?.bytes ?? 0, after?.bytes ?? 0, given?.bytes ?? 0)
    return { table: this, key, before, after, refusal, bytes, kind }
  }

  /** Does what was decided in this same instant. */
  apply({ key, before, after }: Write): void {
    if (after === undefined) this.#items.delete(key)
    else if (after !== before) this.#items.set(key, after)
  }

  /** Keeps other writers off for a while. */
  hold(key: string): void {
    const now = this.#kernel.nowMs
    for (const [held, untilMs] of this.#heldUntilMs) {
      if (untilMs > now) break
      this.#heldUntilMs.delete(held)
    }
    this.#heldUntilMs.delete(key)
    this.#heldUntilMs.set(key, now + transactionHoldMs)
  }

  get(key: unknown): Stored | undefined {
    return this.#items.get(this.keyOf(key, true))
  }

  put(item: unknown): void {
    const stored = this.#items.storable(item)
    this.#items.set(this.keyOf(item, false), stored)
  }

  *items(): Iterable<Item> {
    for (const { item } of this.#items.values()) yield item
  }

  keys(): Iterable<string> {
    return this.#items.keys()
  }

  /** The item of a key, as the bench reads it: at least what the projection names. */
  peek(key: string, projection: Projection): Item | undefined {
    return this.#items.part(key, projection)
  }

  /** The partition key's value; `alone` when nothing else may stand beside it. */
  keyOf(given: unknown, alone: boolean): string {
    const key = isRecord(given) ? given[this.#keyName] : undefined
    if (typeof key !== 'string' || (alone && Object.keys(given ?? {}).length !== 1))
      throw keyMismatch(alone, this.#keyName, key)
    if (key === '')
      throw validationException(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${this.#keyName}`,
      )
    return key
  }

  #after(
    kind: WriteKind,
    key: string,
    from: Stored | undefined,
    { update, names, values }: Expressions,
  ): Stored | undefined {
    if (kind === 'Delete') return undefined
    if (kind !== 'Update' || (update === undefined && from !== undefined)) return from
    const base: Item = from?.item ?? Object.freeze({ [this.#keyName]: key })
    const item = update?.({ item: base, names, values }) ?? base
    this.#refuseOtherKey(item, key)
    return { item, bytes: checkedBytes(item) }
  }

  #refuseOtherKey(item: Item, key: string): void {
    if (item[this.#keyName] !== key)
      throw validationException(
        `One or more parameter values were invalid: Cannot update attribute ${this.#keyName}. This attribute is part of the key`,
      )
  }

  #isHeld(key: string): boolean {
    const untilMs = this.#heldUntilMs.get(key)
    return untilMs !== undefined && untilMs > this.#kernel.nowMs
  }
}

/** The error of a single write that was refused. */
export const refusalOf = ({ refusal }: Write): Error | undefined => {
  if (refusal === undefined) return undefined
  return refusal === 'TransactionConflict' ? transactionConflict() : conditionalCheckFailed()
}
