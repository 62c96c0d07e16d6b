import { objectField, type StateSource } from '../definition/fields.ts'
import { compileField, compileFlow, type Flow } from '../definition/flow.ts'
import { schemaFailure } from '../definition/invalid.ts'
import type { Program } from '../definition/program.ts'
import { EvaluationError, type Failure } from '../failure.ts'
import { isObject } from '../json.ts'
import { isExpression } from '../jsonata/expression.ts'
import { compileTemplate, compileTyped } from '../jsonata/template.ts'
import { compilePath, mustFind } from '../jsonpath/path.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { RunningVisit } from '../running.ts'
import type { Scope } from '../scope.ts'
import { Strand } from '../strand.ts'
import { compileTolerance, readCount, type Tolerance } from './map-limits.ts'
import type { StateCompiler } from './state-compiler.ts'

/** What an iteration gets to work on. */
type ItemInput = (scope: Scope, data: unknown, item: unknown) => unknown

/** Runs its processor once for each item, so many at a time. */
export const compileMap: StateCompiler = (source, { next, program }) => {
  const processor = compileProcessor(source, program)
  const flow = compileFlow(withoutLegacyParameters(source))
  const items = compileItems(source)
  const itemInput = compileItemInput(source)
  const concurrency = compileField(source, 'MaxConcurrency', 'number')
  const tolerance = compileTolerance(source)
  return {
    enter: (visit) => {
      const { scope, execution } = visit
      const data = flow.input(scope)
      const list = items(scope, data)
      const concurrent = readCount(concurrency?.(scope, data) ?? 0, 'MaxConcurrency', source)
      const tolerated = tolerance(scope, data, list.length)
      execution.history.write()
      const run = new MapRun(visit, processor, flow, next, {
        list,
        data,
        itemInput,
        tolerated,
        isDistributed: isDistributed(source),
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
}

/** One attempt of a Map. */
class MapRun {
  readonly #visit: RunningVisit
  readonly #processor: Program
  readonly #flow: Flow
  readonly #next: string | undefined
  readonly #work: MapWork
  readonly #scope: Scope
  readonly #results: unknown[]
  readonly #failedItems = new Set<number>()
  readonly #strands = new Set<Strand>()
  #nextItem = 0
  #settled = 0

  constructor(visit: RunningVisit, processor: Program, flow: Flow, next: string | undefined, work: MapWork) {
    this.#visit = visit
    this.#processor = processor
    this.#flow = flow
    this.#next = next
    this.#work = work
    this.#scope = visit.scope
    this.#results = work.list.map(() => undefined)
  }

  start(concurrent: number): void {
    if (this.#work.list.length === 0) this.#finish()
    for (let lane = 0; lane < concurrent; lane += 1) this.#takeNext()
  }

  abort(): void {
    for (const strand of this.#strands) strand.abort()
    this.#strands.clear()
  }

  #takeNext(): void {
    const index = this.#nextItem
    if (index >= this.#work.list.length) return
    this.#nextItem += 1
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
      { variables: outer.variables, mapItem: { index, value }, child: this.#child(index) },
      {
        done: (output) => {
          this.#results[index] = output
          this.#settle(strand, undefined)
        },
        failed: (failure) => {
          this.#failedItems.add(index)
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
    if (failure !== undefined && !this.#work.tolerated(this.#failedItems.size)) {
      this.#visit.fail(this.#work.isDistributed ? overThreshold : failure)
      return
    }
    this.#settled += 1
    if (this.#settled === this.#work.list.length) this.#finish()
    else this.#takeNext()
  }

  #finish(): void {
    const visit = this.#visit
    const results = this.#results.filter((_, index) => !this.#failedItems.has(index))
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

const compileProcessor = (
  source: StateSource,
  program: (definition: Readonly<Record<string, unknown>>, pointer: string) => Program,
): Program => {
  const { field, definition } = processorOf(source)
  const { ProcessorConfig: config, ...rest } = definition
  const mode = isObject(config) ? (config['Mode'] ?? 'INLINE') : 'INLINE'
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED') {
    throw schemaFailure(
      `Expected INLINE or DISTRIBUTED, got ${JSON.stringify(mode)}`,
      `${source.pointer}/${field}/ProcessorConfig/Mode`,
    )
  }
  return program(rest, `${source.pointer}/${field}`)
}

/** In JSONPath, `Parameters` of a Map is the older name of `ItemSelector`: it does not make the Map's input. */
const withoutLegacyParameters = (source: StateSource): StateSource => {
  const { Parameters: _, ...fields } = source.fields
  return { ...source, fields }
}

const compileItems = (source: StateSource): ((scope: Scope, data: unknown) => readonly unknown[]) => {
  const { fields, language } = source
  if (language === 'JSONata') {
    const items = fields['Items']
    if (items === undefined) return (scope) => mustBeArray(scope.input, '$states.input')
    const read = isExpression(items) ? compileTyped(items, 'Items', 'array') : compileTemplate(items, 'Items')
    return (scope) => mustBeArray(read(scope), 'Items')
  }
  const text = String(fields['ItemsPath'] ?? '$')
  const path = compilePath(text, 'ItemsPath')
  return (scope, data) => mustBeArray(mustFind(path, data, scope), text)
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
