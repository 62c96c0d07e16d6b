import { chance } from '../../shared/chance.ts'
import { patienceMs } from '../../shared/patience.ts'
import type { Fault, Scenario, WorldModel } from '../scenarios/scenario.ts'
import { kindWorld } from '../scenarios/worlds.ts'
import { BadInput } from '../workload/bad-input.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import type { Workload } from '../workload/workload.ts'
import { between, type Draw, type Field, oneOf } from './fields.ts'
import { promises, spellsWithinPatienceMs, unkindness } from './promises.ts'

/** All that a run of exploration hangs on: the same schedule gives the same run, to the byte. */
export interface Schedule {
  readonly seed: number
  /** Orders of the built-in workload that are generated. */
  readonly count: number
  readonly ratePerSecond: number
  /** Which of them come, by number from 1; the others leave no trace, and move nobody in time. */
  readonly orders: readonly number[]
  /** Where the outside world is unkind; the rest of it is kind. */
  readonly world: Partial<WorldModel>
  readonly faults: readonly Fault[]
}

/** Orders of a run at most: a handful meets whatever a crowd would, and a run stays short. */
export const ordersMax = 5

const counts = between(1, ordersMax)
const rates = oneOf(5, 1, 0.05)
const seeds = between(0, 2 ** 32 - 1)

/** Of the rates of the world, each is other than 0 in such a share of the schedules. */
const unkindShare = (rate: string): number => (rate === 'skusScarce' ? 0.15 : 0.4)

/** Schedule number `run` of those that a seed stands for, with 1 to `faultsMax` faults. */
export const drawSchedule = (seed: number, run: number, faultsMax: number): Schedule => {
  const drawFor =
    (...keys: readonly (string | number)[]): Draw =>
    (purpose) =>
      chance(seed, 'explore', run, ...keys, purpose)
  const count = counts.draw(drawFor('count'))
  const faults = 1 + Math.floor(drawFor('faults')('number') * faultsMax)
  return {
    seed: seeds.draw(drawFor('seed')),
    count,
    ratePerSecond: rates.draw(drawFor('rate')),
    orders: Array.from({ length: count }, (_, index) => index + 1),
    world: Object.fromEntries(
      worldFields.flatMap(([rate, field]) =>
        drawFor('world', rate)('whether') < unkindShare(rate)
          ? [[rate, field.draw(drawFor('world', rate))]]
          : [],
      ),
    ),
    faults: Array.from({ length: faults }, (_, index) =>
      drawFault((...keys) => drawFor('fault', index, ...keys)),
    ),
  }
}

const worldFields = Object.entries(unkindness) as readonly (readonly [keyof WorldModel, Field<number>])[]

type Fields = Readonly<Record<string, Field<unknown>>>

/** By kind, of those that the design promises to survive. */
const promisedFields: ReadonlyMap<string, Fields> = new Map(
  Object.entries(promises).flatMap(([kind, promised]) =>
    'within' in promised ? [[kind, promised.within as Fields]] : [],
  ),
)

const drawFault = (drawFor: (...keys: readonly string[]) => Draw): Fault => {
  const kinds = [...promisedFields]
  const [kind, fields] = kinds[Math.floor(drawFor()('kind') * kinds.length)] as (typeof kinds)[number]
  const drawn = Object.entries(fields)
    .map(([name, field]) => [name, field.draw(drawFor(kind, name))] as const)
    .filter(([, value]) => value !== undefined)
  return { kind, ...Object.fromEntries(drawn) } as Fault
}

/** The faults that are less than this one in one of their parts. */
export const narrowerFaults = (fault: Fault): readonly Fault[] =>
  Object.entries(promisedFields.get(fault.kind) ?? {}).flatMap(([name, field]) =>
    field.narrower(Reflect.get(fault, name)).map((value) => ({ ...fault, [name]: value }) as Fault),
  )

/**
 * What is promised of a schedule. Of scarce stock the end hangs on who comes first, of a provider that refuses for a
 * while on who asks when, of what cannot be read on whether that is final, and of spells that outlast patience on who
 * gives up.
 */
export const promiseOf = ({ world, faults }: Schedule): Exclude<Scenario['promises'], 'nothing'> => {
  const spellsMs = faults.reduce((sum, fault) => sum + ('forMs' in fault ? fault.forMs : 0), 0)
  const isDecidedByTime =
    (world.skusScarce ?? 0) > 0 || faults.some(({ kind }) => kind === 'provider-refusal' || kind === 'schema')
  return spellsMs <= spellsWithinPatienceMs && !isDecidedByTime ? 'sameOutcome' : 'laws'
}

export const scenarioOf = (schedule: Schedule): Scenario => ({
  id: 'explored',
  title: 'A random schedule of faults',
  promises: promiseOf(schedule),
  about: `Drawn within what the design promises to survive; patience is ${patienceMs} ms.`,
  load: { kind: 'as-given' },
  world: { ...kindWorld, ...schedule.world },
  faults: schedule.faults,
})

/** Whoever is left out takes nothing with it: the others come when they would have come, and are what they were. */
export const workloadOf = ({ seed, count, ratePerSecond, orders }: Schedule): Workload => {
  const whole = builtInWorkload({ count, ratePerSecond, seed })
  return { ...whole, arrivals: whole.arrivals.filter((_, index) => orders.includes(index + 1)) }
}

/** One line that says all of a schedule, for a shell to quote. */
export const scheduleText = (schedule: Schedule): string => JSON.stringify(schedule)

/** Reads what `scheduleText` wrote; nothing outside the promise is taken. Throws BadInput. */
export const parseSchedule = (text: string): Schedule => {
  const value = objectIn(text)
  checkFields('', value, {
    seed: seeds,
    count: counts,
    ratePerSecond: rates,
    orders: anything,
    world: anything,
    faults: anything,
  })
  const { count, orders, world, faults } = value as unknown as Schedule
  if (!isListOf(orders, between(1, count)) || new Set(orders).size !== orders.length || orders.length === 0)
    throw refused('orders', `different numbers from 1 to ${count}`, orders)
  if (!isObject(world)) throw refused('world', 'an object of rates', world)
  checkFields('world.', world, Object.fromEntries(worldFields.filter(([rate]) => rate in world)))
  if (!Array.isArray(faults)) throw refused('faults', 'a list', faults)
  for (const [index, fault] of faults.entries()) checkFault(`faults[${index}].`, fault)
  return value as unknown as Schedule
}

const checkFault = (at: string, fault: unknown): void => {
  const kind = isObject(fault) ? fault['kind'] : undefined
  const fields = promisedFields.get(String(kind))
  if (!isObject(fault) || fields === undefined)
    throw refused(`${at}kind`, `one of ${[...promisedFields.keys()].join(', ')}`, kind)
  checkFields(at, fault, { kind: anything, ...fields })
}

const anything: Pick<Field<unknown>, 'says' | 'accepts'> = {
  says: 'anything',
  accepts: (value): value is unknown => value !== undefined,
}

const checkFields = (
  at: string,
  value: object,
  fields: Readonly<Record<string, Pick<Field<unknown>, 'says' | 'accepts'>>>,
): void => {
  for (const [name, field] of Object.entries(fields)) {
    const part: unknown = Reflect.get(value, name)
    if (!field.accepts(part)) throw refused(`${at}${name}`, field.says, part)
  }
  const stranger = Object.keys(value).find((name) => !Object.hasOwn(fields, name))
  if (stranger !== undefined)
    throw refused(`${at}${stranger}`, `nothing but ${Object.keys(fields).join(', ')}`, stranger)
}

const objectIn = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw new BadInput(
    `--replay: expected a schedule as explore prints it, a JSON object; got ${text.slice(0, 60)}`,
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isListOf = <Value>(value: unknown, field: Field<Value>): value is readonly Value[] =>
  Array.isArray(value) && value.every((each) => field.accepts(each))

const refused = (at: string, expected: string, got: unknown): BadInput =>
  new BadInput(`--replay: expected ${at} as ${expected}; got ${JSON.stringify(got) ?? 'none'}`)
