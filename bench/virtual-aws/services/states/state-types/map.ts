import { NotModelled } from '../../properties.ts'
import { objectField, type StateSource } from '../definition/fields.ts'
import { compileFlow, type Flow } from '../definition/flow.ts'
import { schemaFailure } from '../definition/invalid.ts'
import type { Program } from '../definition/program.ts'
import { EvaluationError, type Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import { compileTemplate, compileTyped } from '../jsonata/template.ts'
import { compilePath, mustFind } from '../jsonpath/path.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { RunningVisit } from '../running.ts'
import type { Scope } from '../scope.ts'
import { Strand } from '../strand.ts'
import { type Batch, type Batcher, compileBatcher } from './item-batcher.ts'
import { compileCount, compileTolerance, type Tolerance } from './map-limits.ts'
import type { StateCompiler, StateParts } from './state-compiler.ts'

/** What an iteration gets to work on. */
type ItemInput = (scope: Scope, data: unknown, item: unknown) => unknown

/** Runs its processor once for each item, so many at a time. */
export const compileMap: StateCompiler = (source, { next, program }) => {
  const processor = compileProcessor(source, program)
  const flow = compileFlow(withoutLegacyParameters(source))
  const items = compileItems(source)
  const itemInput = compileItemInput(source)
  const concurrency = compileCount(source, 'MaxConcurrency')
  const tolerance = compileTolerance(source)
  const batcher = compileBatcher(source)
  if (batcher !== undefined && !isDistributed(source))
    throw schemaFailure("The field 'ItemBatcher' is only supported in the DISTRIBUTED mode", source.pointer)
  return {
    enter: (visit) => {
      const { scope, execution } = visit
      const data = flow.input(scope)
      const list = items(scope, data)
      const concurrent = concurrency?.(scope, data) ?? 0
      const tolerated = tolerance(scope, data, list.length)
      execution.history.write()
      const run = new MapRun(visit, processor, flow, next, {
        list,
        data,
        itemInput,
        tolerated,
        isDistributed: isDistributed(source),
        batcher,
      })
      visit.onStop(() => run.abort())
      run.start(concurrent === 0 ? list.length : concurrent)
    },
  }
}

interface MapWork {
  readonly list: readonly unknown[]
  readonly data: unknown
  readonly itemInput: ItemInput
  readonly tolerated: Tolerance
  readonly isDistributed: boolean
  readonly batcher: Batcher | undefined
}

/** One attempt of a Map: a child for each item, or for each batch of items. */
class MapRun {
  readonly #visit: RunningVisit
  readonly #processor: Program
  readonly #flow: Flow
  readonly #next: string | undefined
  readonly #work: MapWork
  readonly #scope: Scope
  readonly #results: unknown[] = []
  readonly #failed = new Set<number>()
  readonly #strands = new Set<Strand>()
  #batches: readonly Batch[] | undefined
  #failedItems = 0
  #nextChild = 0
  #settled = 0

  constructor(visit: RunningVisit, processor: Program, flow: Flow, next: string | undefined, work: MapWork) {
    this.#visit = visit
    this.#processor = processor
    this.#flow = flow
    this.#next = next
    this.#work = work
    this.#scope = visit.scope
  }

  start(concurrent: number): void {
    const { batcher } = this.#work
    if (batcher === undefined) this.#run(concurrent)
    else this.#makeBatches(batcher, () => this.#run(concurrent))
  }

  get #children(): number {
    return this.#batches?.length ?? this.#work.list.length
  }

  #run(concurrent: number): void {
    if (this.#children === 0) this.#finish()
    for (let lane = 0; lane < concurrent; lane += 1) this.#takeNext()
  }

  /** Items are selected one by one, so that one whose expression has to wait is asked again and not all of them. */
  #makeBatches(batcher: Batcher, then: () => void): void {
    const { list, data, itemInput } = this.#work
    const inputs: unknown[] = []
    let scope: Scope | undefined
    this.#visit.evaluate(() => {
      while (inputs.length < list.length) {
        const value = list[inputs.length]
        scope ??= this.#itemScope(inputs.length, value)
        inputs.push(itemInput(scope, data, value))
        scope = undefined
      }
      this.#batches = batcher(this.#scope, data, inputs)
      then()
    })
  }

  abort(): void {
    for (const strand of this.#strands) strand.abort()
    this.#strands.clear()
  }

  #takeNext(): void {
    const index = this.#nextChild
    if (index >= this.#children) return
    this.#nextChild += 1
    const batch = this.#batches?.[index]
    if (batch !== undefined) {
      this.#begin(index, batch.input, batch.input)
      return
    }
    const value = this.#work.list[index]
    const scope = this.#itemScope(index, value)
    this.#visit.evaluate(() => this.#begin(index, value, this.#work.itemInput(scope, this.#work.data, value)))
  }

  #itemScope(index: number, value: unknown): Scope {
    const outer = this.#scope
    const context = () => ({ ...(outer.context() as object), Map: { Item: { Index: index, Value: value } } })
    return { ...outer, settlements: { answers: undefined }, context }
  }

  #begin(index: number, value: unknown, input: unknown): void {
    const { execution, strand: outer } = this.#visit
    execution.history.write()
    const strand: Strand = new Strand(
      execution,
      this.#processor,
      {
        // An execution of its own sees no variables of its parent.
        variables: this.#work.isDistributed ? null : outer.variables,
        mapItem: { index, value, outer: outer.mapItem },
        child: this.#child(index),
      },
      {
        done: (output) => {
          this.#results[index] = output
          this.#settle(strand, undefined)
        },
        failed: (failure) => {
          this.#failed.add(index)
          this.#failedItems += this.#batches?.[index]?.items ?? 1
          this.#settle(strand, failure)
        },
      },
    )
    this.#strands.add(strand)
    strand.start(input, 'states.transition')
  }

  /** An item of a distributed Map is an execution of its own. */
  #child(index: number): string | undefined {
    const { execution, state, strand } = this.#visit
    return this.#work.isDistributed ? `${execution.name}/${state.name}:${index}` : strand.child
  }

  #settle(strand: Strand, failure: Failure | undefined): void {
    this.#strands.delete(strand)
    this.#visit.execution.history.write(failure === undefined ? 'event' : 'failure')
    if (failure !== undefined && !this.#work.tolerated(this.#failedItems)) {
      this.#visit.fail(this.#work.isDistributed ? overThreshold : failure)
      return
    }
    this.#settled += 1
    if (this.#settled === this.#children) this.#finish()
    else this.#takeNext()
  }

  #finish(): void {
    const visit = this.#visit
    const results = this.#results.filter((_, index) => !this.#failed.has(index))
    visit.execution.history.write()
    visit.evaluate(() =>
      visit.leave(this.#next, this.#flow.leave({ ...this.#scope, result: results }, results)),
    )
  }
}

const overThreshold: Failure = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
}

const processorOf = ({ fields, pointer }: StateSource) => {
  const field =
    fields['ItemProcessor'] === undefined && fields['Iterator'] !== undefined ? 'Iterator' : 'ItemProcessor'
  return { field, definition: objectField(fields, field, pointer) }
}

const isDistributed = (source: StateSource): boolean => {
  const config = processorOf(source).definition['ProcessorConfig']
  return isObject(config) && config['Mode'] === 'DISTRIBUTED'
}

const compileProcessor = (source: StateSource, program: StateParts['program']): Program => {
  const { field, definition } = processorOf(source)
  const { ProcessorConfig: config, ...rest } = definition
  const mode = isObject(config) ? (config['Mode'] ?? 'INLINE') : 'INLINE'
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED') {
    throw schemaFailure(
      `Expected INLINE or DISTRIBUTED, got ${JSON.stringify(mode)}`,
      `${source.pointer}/${field}/ProcessorConfig/Mode`,
    )
  }
  return program(rest, `${source.pointer}/${field}`, mode === 'DISTRIBUTED')
}

/** In JSONPath, `Parameters` of a Map is the older name of `ItemSelector`: it does not make the Map's input. */
const withoutLegacyParameters = (source: StateSource): StateSource => {
  const { Parameters: _, ...fields } = source.fields
  return { ...source, fields }
}

const compileItems = (source: StateSource): ((scope: Scope, data: unknown) => readonly unknown[]) => {
  const { fields, language, pointer } = source
  const refuseObject = (value: unknown): void => {
    if (isDistributed(source) && isObject(value))
      throw new NotModelled(`${pointer}: an object as the items of a distributed Map is not modelled`)
  }
  const mustBeItems = (value: unknown, where: string): readonly unknown[] => {
    refuseObject(value)
    return mustBeArray(value, where)
  }
  if (language === 'JSONata') {
    const items = fields['Items']
    if (items === undefined) return (scope) => mustBeItems(scope.input, '$states.input')
    const read = compileTyped(items, 'Items', 'array', refuseObject)
    return (scope) => mustBeItems(read(scope), 'Items')
  }
  const text = String(fields['ItemsPath'] ?? '$')
  const path = compilePath(text, 'ItemsPath')
  return (scope, data) => mustBeItems(mustFind(path, data, scope), text)
}

const mustBeArray = (value: unknown, where: string): readonly unknown[] => {
  if (Array.isArray(value)) return value
  throw new EvaluationError('States.Runtime', `Reference path "${where}" must point to array.`)
}

const compileItemInput = (source: StateSource): ItemInput => {
  const { fields, language } = source
  const selector = fields['ItemSelector'] ?? (language === 'JSONPath' ? fields['Parameters'] : undefined)
  if (selector === undefined) return (_scope, _data, item) => item
  if (language === 'JSONata') {
    const fill = compileTemplate(selector, 'ItemSelector')
    return (scope) => fill(scope)
  }
  const fill = compilePayload(selector, 'ItemSelector')
  return (scope, data) => fill(data, scope)
}
