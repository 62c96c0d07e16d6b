import { NotModelled } from '../../properties.ts'
import { optionalText, refuseSeveral, type StateSource } from '../definition/fields.ts'
import { compileFlow, type Flow } from '../definition/flow.ts'
import { schemaFailure } from '../definition/invalid.ts'
import type { Program } from '../definition/program.ts'
import { EvaluationError, type Failure, inputTooLarge } from '../failure.ts'
import { isObject } from '../json.ts'
import { isExpression } from '../jsonata/expression.ts'
import { compileTemplate, compileTyped } from '../jsonata/template.ts'
import { compileReferencePath, mustFind } from '../jsonpath/path.ts'
import { compilePayload } from '../jsonpath/template.ts'
import { mapContext } from '../map-context.ts'
import type { RunningVisit } from '../running.ts'
import type { Scope } from '../scope.ts'
import { Strand } from '../strand.ts'
import { VariableBudget } from '../variable-budget.ts'
import { type Batch, type Batcher, compileBatcher } from './item-batcher.ts'
import { compileCount, compileTolerance, lanesOf, type Tolerance } from './map-limits.ts'
import { compileProcessor, isDistributed } from './map-processor.ts'
import type { StateCompiler } from './state-compiler.ts'

/** What an iteration gets to work on. */
type ItemInput = (scope: Scope, data: unknown, item: unknown) => unknown

/** Runs its processor once for each item, so many at a time. */
export const compileMap: StateCompiler = (source, { next, program, isExpress }) => {
  if (isExpress && isDistributed(source))
    throw schemaFailure(
      'Express state machine does not support a Map in the DISTRIBUTED mode',
      source.pointer,
    )
  const processor = compileProcessor(source, program)
  const flow = compileFlow(withoutLegacyParameters(source))
  const items = compileItems(source)
  const itemInput = compileItemInput(source)
  const concurrency = compileCount(source, 'MaxConcurrency')
  const tolerance = compileTolerance(source, isDistributed(source))
  const batcher = compileBatcher(source)
  const label = optionalText(source.fields, 'Label', source.pointer) ?? source.name
  if (batcher !== undefined && !isDistributed(source))
    throw schemaFailure("The field 'ItemBatcher' is only supported in the DISTRIBUTED mode", source.pointer)
  return {
    enter: (visit) => {
      const { scope } = visit
      const data = flow.input(scope)
      const list = items(scope, data)
      const concurrent = concurrency?.(scope, data) ?? 0
      const tolerated = startedAround(visit, list.length, () => tolerance(scope, data, list.length))
      const run = new MapRun(visit, processor, flow, next, {
        list,
        data,
        itemInput,
        tolerated,
        isDistributed: isDistributed(source),
        label,
        batcher,
      })
      visit.onStop(() => run.abort())
      visit.onRedrive(() => {
        visit.onStop(() => run.abort())
        run.redrive()
      })
      run.start(Math.min(list.length, lanesOf(concurrent, isDistributed(source))))
    },
  }
}

/** A Map counts as started before its tolerance is read: one that cannot be read fails it after that. */
const startedAround = <Read>({ strand }: RunningVisit, length: number, read: () => Read): Read => {
  const writeStarted = (): void => {
    strand.history.write()
    strand.history.record?.next(strand, 'MapStateStarted', { mapStateStartedEventDetails: { length } })
  }
  try {
    const value = read()
    writeStarted()
    return value
  } catch (error) {
    if (error instanceof EvaluationError) writeStarted()
    throw error
  }
}

interface MapWork {
  readonly list: readonly unknown[]
  readonly data: unknown
  readonly itemInput: ItemInput
  readonly tolerated: Tolerance
  readonly isDistributed: boolean
  /** What its Map Runs are named by. */
  readonly label: string
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
  /** Begun and not come to their end, by child: running, failed or aborted. */
  readonly #strands = new Map<number, Strand>()
  /** Children that a redrive goes on with before further ones are begun. */
  #toRedrive: number[] = []
  #concurrent = 0
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
    this.#concurrent = concurrent
    const { batcher, isDistributed } = this.#work
    if (isDistributed) this.#write('MapRunStarted')
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
    for (const strand of this.#strands.values()) strand.abort()
  }

  /** Only what failed or was aborted is run again, and what was not begun. */
  redrive(): void {
    this.#failed.clear()
    this.#failedItems = 0
    this.#toRedrive = Array.from({ length: this.#nextChild }, (_, index) => index).filter(
      (index) => !(index in this.#results),
    )
    this.#settled = this.#nextChild - this.#toRedrive.length
    this.#run(this.#concurrent)
  }

  #takeNext(after = this.#visit.strand.lastEvent): void {
    const again = this.#toRedrive.shift()
    const begun = again === undefined ? undefined : this.#strands.get(again)
    if (begun !== undefined) {
      begun.redrive()
      return
    }
    const index = again ?? this.#nextChild
    if (index >= this.#children) return
    if (again === undefined) this.#nextChild += 1
    const batch = this.#batches?.[index]
    if (batch !== undefined) {
      this.#begin(index, batch.input, batch.input, after)
      return
    }
    const value = this.#work.list[index]
    const scope = this.#itemScope(index, value)
    this.#visit.evaluate(() =>
      this.#begin(index, value, this.#work.itemInput(scope, this.#work.data, value), after),
    )
  }

  #itemScope(index: number, value: unknown): Scope {
    const outer = this.#scope
    const context = () => ({ ...(outer.context() as object), Map: mapContext(index, value) })
    return { ...outer, settlements: { answers: undefined }, context }
  }

  /** One after another, an iteration comes after the last event in the one before: so recorded on AWS. */
  #begin(index: number, value: unknown, input: unknown, after: number): void {
    const { execution, strand: outer } = this.#visit
    const history = this.#work.isDistributed ? execution.childHistory() : outer.history
    history.write()
    const strand: Strand = new Strand(
      execution,
      this.#processor,
      {
        // An execution of its own sees no variables of its parent.
        variables: this.#work.isDistributed ? null : outer.variables,
        mapItem: { index, value, outer: outer.mapItem },
        child: this.#child(index),
        history,
        budget: this.#work.isDistributed ? new VariableBudget() : outer.budget,
      },
      {
        done: (output) => {
          this.#results[index] = output
          this.#strands.delete(index)
          this.#settle(index, strand, undefined)
        },
        failed: (failure) => {
          this.#failed.add(index)
          this.#failedItems += this.#batches?.[index]?.items ?? 1
          this.#settle(index, strand, failure)
        },
      },
    )
    this.#strands.set(index, strand)
    strand.lastEvent =
      history.record?.after(after, 'MapIterationStarted', {
        mapIterationStartedEventDetails: { name: this.#visit.state.name, index },
      }) ?? 0
    if (strand.isTooLarge(input))
      this.#visit.after(0, () => strand.fail(inputTooLarge(this.#visit.state.name)))
    else strand.start(input, 'states.transition')
  }

  /** An item of a distributed Map is an execution of its own. */
  #child(index: number): string | undefined {
    const { execution, state, strand } = this.#visit
    return this.#work.isDistributed ? `${execution.name}/${state.name}:${index}` : strand.child
  }

  #settle(index: number, strand: Strand, failure: Failure | undefined): void {
    this.#writeSettled(index, strand, failure)
    if (failure !== undefined && !this.#work.tolerated(this.#failedItems)) {
      if (this.#work.isDistributed) this.#write('MapRunFailed', overThreshold)
      else this.#writeAborted(index)
      this.#visit.fail(this.#work.isDistributed ? overThreshold : failure)
      return
    }
    this.#settled += 1
    if (this.#settled === this.#children) this.#finish()
    else this.#takeNext(strand.lastEvent)
  }

  /** The Map goes on after the end of the iteration when it succeeded, else after what failed in it. */
  #writeSettled(index: number, { history, lastEvent }: Strand, failure: Failure | undefined): void {
    history.write(failure === undefined ? 'event' : 'failure')
    if (this.#work.isDistributed) history.meter()
    const { record } = history
    if (record === undefined) return
    const { strand, state } = this.#visit
    const of = { name: state.name, index }
    if (failure === undefined) {
      const details = { mapIterationSucceededEventDetails: of }
      strand.lastEvent = record.after(lastEvent, 'MapIterationSucceeded', details)
    } else {
      record.after(lastEvent, 'MapIterationFailed', { mapIterationFailedEventDetails: of })
      strand.lastEvent = lastEvent
    }
  }

  /** What still runs beside the iteration that failed. */
  #writeAborted(failed: number): void {
    for (const [index, strand] of this.#strands) {
      if (index === failed || this.#failed.has(index)) continue
      strand.writeAborted()
      strand.history.write()
      strand.history.record?.after(strand.lastEvent, 'MapIterationAborted', {
        mapIterationAbortedEventDetails: { name: this.#visit.state.name, index },
      })
    }
  }

  #write(type: 'MapRunStarted' | 'MapRunSucceeded' | 'MapRunFailed', failure?: Failure): void {
    const { strand, execution } = this.#visit
    strand.history.write(failure === undefined ? 'event' : 'failure')
    const { record } = strand.history
    if (type === 'MapRunStarted') {
      const mapRunArn = `${execution.machine.arn.replace(':stateMachine:', ':mapRun:')}/${this.#work.label}:${execution.name}`
      record?.next(strand, type, { mapRunStartedEventDetails: { mapRunArn } })
    } else if (failure === undefined) record?.next(strand, type)
    else record?.next(strand, type, { mapRunFailedEventDetails: { ...failure } })
  }

  #finish(): void {
    const visit = this.#visit
    const { strand } = visit
    // AWS lets the exit come after the start of a Map Run, not after its end.
    const { lastEvent } = strand
    if (this.#work.isDistributed) this.#write('MapRunSucceeded')
    strand.history.write()
    strand.history.record?.after(strand.lastEvent, 'MapStateSucceeded')
    strand.lastEvent = lastEvent
    const results = this.#results.filter((_, index) => !this.#failed.has(index))
    visit.evaluate(() =>
      visit.leave(this.#next, this.#flow.leave({ ...this.#scope, result: results }, results)),
    )
  }
}

const overThreshold: Failure = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
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
    if (!Array.isArray(items) && !isExpression(items) && !(isDistributed(source) && isObject(items)))
      throw schemaFailure('Expected value of type Array', `${pointer}/Items`)
    const read = compileTyped(items, 'Items', 'array', refuseObject)
    return (scope) => mustBeItems(read(scope), 'Items')
  }
  const text = String(fields['ItemsPath'] ?? '$')
  const path = compileReferencePath(text, 'ItemsPath')
  return (scope, data) => mustBeItems(mustFind(path, data, scope), text)
}

const mustBeArray = (value: unknown, where: string): readonly unknown[] => {
  if (Array.isArray(value)) return value
  throw new EvaluationError('States.Runtime', `Reference path "${where}" must point to array.`)
}

const compileItemInput = (source: StateSource): ItemInput => {
  const { fields, language, pointer } = source
  refuseSeveral(fields, ['ItemSelector', 'Parameters'], pointer)
  const older = language === 'JSONPath' ? fields['Parameters'] : undefined
  const selector = fields['ItemSelector'] === undefined ? older : fields['ItemSelector']
  if (selector === undefined) return (_scope, _data, item) => item
  if (language === 'JSONata') {
    const fill = compileTemplate(selector, 'ItemSelector')
    return (scope) => fill(scope)
  }
  const fill = compilePayload(selector, 'ItemSelector')
  return (scope, data) => fill(data, scope)
}
