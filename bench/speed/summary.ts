import type { ProbeAnswer } from './probe.ts'

/** The figures of a speed run; rates are medians per second of wall-clock time, memory is the peak of a process. */
export interface Speed {
  readonly kernel: {
    readonly bareEventsPerSecond: number
    /** Of a full run, as `compare` makes it: the same orders through every contestant, one after the other. */
    readonly runEventsPerSecond: number
    readonly ratio: number
  }
  readonly contestants: Readonly<
    Record<
      string,
      {
        readonly ordersPerSecond: number
        readonly eventsPerOrder: number
        /** Its events per second, of those of the bare loop: contestants differ in what an event holds. */
        readonly ratio: number
      }
    >
  >
  /** On ten commands of the order flow, and on ten tasks that merely hand on their input. */
  readonly interpreter: Interpreters & { readonly passThrough: Interpreters }
  /** Time that the same orders take at a thousandth of the rate, in the time that they take at the full rate. */
  readonly idleSlowdown: number
  /** From nothing to one order simulated and told, templates cached. */
  readonly startUpSeconds: number
  readonly memoryMiB: Readonly<Record<string, number>>
  /** Undefined when the million was left out. */
  readonly millionOrdersSeconds?: number
  /** Independent parts of the million, each with its own stock and quotas. */
  readonly millionOrdersShards?: number
}

interface Interpreters {
  readonly transitionsPerSecond: number
  readonly peerTransitionsPerSecond: number
  readonly ratio: number
}

export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

const sumOf = (ids: readonly string[], figure: (id: string) => number): number =>
  ids.reduce((sum, id) => sum + figure(id), 0)

const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits))

export const speedOf = (
  median: (name: string, figure: (answer: ProbeAnswer) => number) => number,
  contestants: readonly string[],
  runs: ReadonlyMap<number, ProbeAnswer | undefined>,
  startUpSeconds: number,
): Speed => {
  const perSecond = (name: string): number => median(name, (answer) => answer.perSecond)
  const eventsPerSecond = (id: string): number => median(id, (answer) => answer.eventsPerSecond ?? Number.NaN)
  const eventsPerOrder = (id: string): number => median(id, (answer) => answer.eventsPerOrder ?? Number.NaN)
  const bare = perSecond('bare')
  const secondsPerOrder = sumOf(contestants, (id) => 1 / perSecond(id))
  const runEventsPerSecond = sumOf(contestants, eventsPerOrder) / secondsPerOrder
  const interpretersOn = (machine: string): Interpreters => {
    const [own, peer] = [perSecond(`interpreter/${machine}`), perSecond(`peer/${machine}`)]
    return {
      transitionsPerSecond: rounded(own),
      peerTransitionsPerSecond: rounded(peer),
      ratio: rounded(own / peer, 2),
    }
  }
  const million = runs.get(1_000_000)
  return {
    kernel: {
      bareEventsPerSecond: rounded(bare),
      runEventsPerSecond: rounded(runEventsPerSecond),
      ratio: rounded(runEventsPerSecond / bare, 4),
    },
    contestants: Object.fromEntries(
      contestants.map((id) => [
        id,
        {
          ordersPerSecond: rounded(perSecond(id)),
          eventsPerOrder: rounded(eventsPerOrder(id), 1),
          ratio: rounded(eventsPerSecond(id) / bare, 4),
        },
      ]),
    ),
    interpreter: { ...interpretersOn('commands'), passThrough: interpretersOn('passThrough') },
    idleSlowdown: rounded(
      median('idle', (answer) => answer.slowdown ?? Number.NaN),
      2,
    ),
    startUpSeconds: rounded(startUpSeconds, 2),
    memoryMiB: Object.fromEntries(
      [...runs].map(([orders, answer]) => [String(orders), rounded(answer?.peakMiB ?? Number.NaN)]),
    ),
    ...(million === undefined
      ? {}
      : {
          millionOrdersSeconds: rounded(million.wallMs / 1000, 1),
          millionOrdersShards: million.shards ?? 1,
        }),
  }
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** The figures for people. */
export const renderSpeed = (speed: Speed): string => {
  const { kernel, contestants, interpreter, memoryMiB, millionOrdersSeconds, millionOrdersShards } = speed
  const n = (value: number): string => grouped.format(value)
  return [
    `kernel        ${n(kernel.bareEventsPerSecond)} events/s bare, ${n(kernel.runEventsPerSecond)} in a full run, all contestants one after the other: ${n(kernel.ratio * 100)}%`,
    ...Object.entries(contestants).map(
      ([id, { ordersPerSecond, eventsPerOrder, ratio }]) =>
        `${id.padEnd(20)}  ${n(ordersPerSecond)} orders/s a core, ${n(eventsPerOrder)} events an order, ${n(ratio * 100)}% of the bare kernel's events/s`,
    ),
    `interpreter   ${n(interpreter.transitionsPerSecond)} transitions/s, aws-local-stepfunctions ${n(interpreter.peerTransitionsPerSecond)}: ${n(interpreter.ratio)} times as many, on commands of the order flow`,
    `              ${n(interpreter.passThrough.ratio)} times as many on tasks that hand on their input (${n(interpreter.passThrough.transitionsPerSecond)}, ${n(interpreter.passThrough.peerTransitionsPerSecond)})`,
    `idle time     the same orders at a thousandth of the rate take ${n(speed.idleSlowdown)} times as long`,
    `start-up      ${n(speed.startUpSeconds)} s until one order is simulated and told`,
    ...Object.entries(memoryMiB).map(
      ([orders, mebibytes]) =>
        `peak memory   ${n(mebibytes)} MiB at ${n(Number(orders))} orders in each of two contestants`,
    ),
    ...(millionOrdersSeconds === undefined
      ? []
      : [
          `a million     ${n(millionOrdersSeconds)} s through two contestants, in ${millionOrdersShards} independent shards with their own stock and quotas`,
        ]),
    '',
  ].join('\n')
}
