/** A uniform number in [0, 1), the same for the same purpose. */
export type Draw = (purpose: string) => number

/** What a part of a schedule may be: how it is drawn, whether a given one is within, and what would be less of it. */
export interface Field<Value> {
  /** In words, for whoever gave another. */
  readonly says: string
  draw(draw: Draw): Value
  accepts(value: unknown): value is Value
  /** Lesser ones, the least first; none when there is nothing less. */
  narrower(value: Value): readonly Value[]
}

/** One of these names, each as likely; none is less than another. */
export const oneOf = <const Name extends string | number>(...names: readonly Name[]): Field<Name> => ({
  says: `one of ${names.join(', ')}`,
  draw: (draw) => names[Math.floor(draw('name') * names.length)] as Name,
  accepts: (value): value is Name => names.includes(value as Name),
  narrower: () => [],
})

/** A number from `least` to `most` in steps, spread evenly; a whole one where the step is. */
export const between = (least: number, most: number, step = 1): Field<number> => {
  const stepped = (value: number): number => Number((Math.round(value / step) * step).toFixed(6))
  const isWhole = Number.isInteger(step)
  return {
    says: `${isWhole ? 'a whole number' : 'a number'} from ${least} to ${most}`,
    draw: (draw) => stepped(least + draw('number') * (most - least)),
    accepts: (value): value is number =>
      typeof value === 'number' && value >= least && value <= most && (!isWhole || Number.isInteger(value)),
    narrower: (value) =>
      [0, 0.5, 0.75]
        .map((share) => stepped(least + share * (value - least)))
        .filter((lesser, index, all) => lesser < value && all.indexOf(lesser) === index),
  }
}

/** The same, and rather soon: half of what is drawn lies in the first thirty-second of it. */
export const soonBetween = (least: number, most: number, step = 1): Field<number> => {
  const whole = between(least, most, step)
  return { ...whole, draw: (draw) => whole.draw((purpose) => draw(purpose) ** 5) }
}

/** A range within `least` to `most`; a shorter one is less. */
export const rangeWithin = (
  least: number,
  most: number,
  step = 1,
): Field<readonly [from: number, to: number]> => {
  const bound = between(least, most, step)
  const stepped = (value: number): number => Math.round(value / step) * step
  return {
    says: `two of them, the smaller first: ${bound.says}`,
    draw: (draw) => {
      const [one, other] = [bound.draw(() => draw('one')), bound.draw(() => draw('other'))]
      return [Math.min(one, other), Math.max(one, other)]
    },
    accepts: (value): value is readonly [number, number] =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every(bound.accepts) &&
      Number(value[0]) <= Number(value[1]),
    narrower: ([from, to]) => {
      const middle = stepped((from + to) / 2)
      return middle > from && middle < to
        ? [
            [from, middle],
            [middle, to],
          ]
        : []
    },
  }
}

/** A part that is left out. */
export const absent: Field<undefined> = {
  says: 'left out',
  draw: () => undefined,
  accepts: (value): value is undefined => value === undefined,
  narrower: () => [],
}
