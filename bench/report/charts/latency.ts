import { type ScaleLinear, type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import type { Results, ScenarioResults } from '../../results.ts'
import { clipped, fixed, listed, ms } from '../format.ts'
import { type Html, html } from '../markup.ts'
import { type Entrant, entrantsOf, labelledValues } from '../view.ts'
import { at, colourOf, dashOf, legend, picture, spread, textWidth } from './chart.ts'

type Point = readonly [percentile: number, latencyMs: number]

/** One scenario's completion by percentile: a wide picture and, for narrow pages, a narrow one. */
export const latencyFigure = (results: Results, scenario: ScenarioResults): Html => {
  const entrants = entrantsOf(results, scenario)
  return html`<figure class="card"><figcaption>${labelledValues(results, `Completion by percentile, scenario ${scenario.id}`)}<span class="note">intended start → terminal fact; percentiles spread towards the tail, both axes logarithmic</span></figcaption>
${legend(entrants)}
<div class="wide">${plot(results, scenario, wide)}</div><div class="narrow">${plot(results, scenario, narrow)}</div></figure>`
}

/** The other scenarios, small, each with its own scale. */
export const latencyMultiples = (results: Results, scenarios: readonly ScenarioResults[]): Html =>
  html`<figure class="card"><figcaption>${labelledValues(results, 'Completion by percentile, the other scenarios')}<span class="note">each with its own vertical scale</span></figcaption>
${legend(allEntrants(results, scenarios))}
<div class="multiples">${scenarios.map(
    (scenario) =>
      html`<div><p class="plot-title"><strong>${scenario.id}</strong> ${scenario.title}</p>${plot(results, scenario, small)}</div>`,
  )}</div></figure>`

const allEntrants = (results: Results, scenarios: readonly ScenarioResults[]): readonly Entrant[] => {
  const byId = new Map(
    scenarios.flatMap((scenario) => entrantsOf(results, scenario).map((entrant) => [entrant.id, entrant])),
  )
  return [...byId.values()].sort((one, other) => one.place - other.place)
}

interface Size {
  readonly name: string
  readonly width: number
  readonly height: number
  /** Names stand at the ends of the curves; else the legend alone names them. */
  readonly named: boolean
}
const wide: Size = { name: 'wide', width: 1050, height: 430, named: true }
const narrow: Size = { name: 'narrow', width: 340, height: 300, named: false }
const small: Size = { name: 'small', width: 320, height: 240, named: false }

const nameLengthMax = 26
const fontPx = 12

interface Curve {
  readonly entrant: Entrant
  readonly name: string
  readonly points: readonly Point[]
}

interface Axes {
  readonly x: ScaleLinear<number, number>
  readonly y: ScaleLogarithmic<number, number>
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const plot = (results: Results, scenario: ScenarioResults, size: Size): Html => {
  const entrants = entrantsOf(results, scenario)
  const curves = entrants.map(curveOf).filter(({ points }) => points.length > 1)
  const frame = {
    id: `latency-${size.name}-${results.scenarios.indexOf(scenario)}`,
    width: size.width,
    height: size.height,
    title: labelledValues(results, `Completion in ms by percentile, scenario ${scenario.id}`),
    description: description(entrants),
  }
  if (curves.length === 0)
    return picture(
      { ...frame, height: 60 },
      html`<text class="tick" x="10" y="34">No order reached a terminal fact.</text>`,
    )
  const axes = axesOf(curves, size)
  return picture(
    frame,
    html`${verticals(axes)}${horizontals(axes)}${curves.map((curve) => path(axes, curve))}${
      size.named ? names(axes, curves) : undefined
    }${axisTitles(axes, size)}`,
  )
}

const description = (entrants: readonly Entrant[]): string =>
  `${listed(
    entrants.map(
      ({
        id,
        result: {
          latencyMs: { completion },
        },
      }) =>
        completion.n === 0
          ? `${id}: no order reached a terminal fact`
          : `${id}: p50 ${ms(completion.p50)} ms, p99 ${ms(completion.p99)} ms, n ${completion.n}`,
    ),
  )}. The table of percentiles holds the numbers.`

// A logarithm needs more than nothing; and the 100th percentile has no place on an axis that never reaches it.
const msMin = 0.1
const curveOf = (entrant: Entrant): Curve => ({
  entrant,
  name: clipped(entrant.id, nameLengthMax),
  points: entrant.result.completionCurve
    .filter(([percentile]) => percentile >= 0 && percentile < 100)
    .map(([percentile, latencyMs]) => [percentile, Math.max(msMin, latencyMs)] as const)
    .toSorted(([one], [other]) => one - other),
})

/** Where a percentile lies: each step from 90 to 99 to 99.9 is as long as the one before. */
const depth = (percentile: number): number => Math.log10(100 / (100 - percentile))

const axesOf = (curves: readonly Curve[], { width, height, named }: Size): Axes => {
  const points = curves.flatMap((curve) => curve.points)
  const values = points.map(([, latencyMs]) => latencyMs)
  const low = Math.min(...values)
  const high = Math.max(...values)
  const depthMax = Math.max(1, ...points.map(([percentile]) => depth(percentile)))
  const domain = logDomain(low, high)
  const ticksWidth = Math.max(...logTicks(domain).map((tick) => textWidth(tickText(tick), fontPx)))
  const left = axisTitleWidth + ticksWidth + 8
  const longest = Math.max(...curves.map(({ name }) => textWidth(name, fontPx + 1)))
  const lastTick = Math.max(...tailTicks.filter((tick) => depth(tick) <= depthMax).map(tailTickWidth))
  const right = width - (named ? longest + 14 : Math.max(16, lastTick / 2 + 2))
  const top = 26
  const bottom = height - 46
  return {
    x: scaleLinear([0, depthMax], [left, right]),
    y: scaleLog(domain, [bottom, top]),
    left,
    right,
    top,
    bottom,
  }
}

/** Room for the axis' title, which stands on its side. */
const axisTitleWidth = 22

const logSteps = [1, 2, 5, 10] as const

/** The steps 1, 2, 5 of a decade around both ends. */
const logDomain = (low: number, high: number): readonly [number, number] => {
  const decade = (value: number) => 10 ** Math.floor(Math.log10(value))
  const below = Math.max(...logSteps.map((step) => step * decade(low)).filter((tick) => tick <= low * 1.0001))
  const above = Math.min(
    ...logSteps.map((step) => step * decade(high)).filter((tick) => tick >= high * 0.9999),
  )
  return above > below ? [below, above] : [below, above * 2]
}

const ticksMax = 8

const logTicks = ([low = 1, high = 10]: readonly number[]): readonly number[] => {
  const ticksOf = (steps: readonly number[]) => {
    const ticks: number[] = []
    for (let decade = 10 ** Math.floor(Math.log10(low)); decade <= high; decade *= 10)
      ticks.push(...steps.map((step) => step * decade))
    return ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
  }
  const fine = ticksOf([1, 2, 5])
  if (fine.length <= ticksMax) return fine
  const middle = ticksOf([1, 3])
  return middle.length <= ticksMax ? middle : ticksOf([1])
}

const tickText = (tick: number): string => fixed(tick, tick < 1 ? 1 : 0)

const horizontals = ({ y, left, right }: Axes): Html =>
  html`${logTicks(y.domain()).map(
    (tick) =>
      html`<path class="grid" d="M${at(left)} ${at(y(tick))}H${at(right)}"/><text class="tick" x="${at(left - 8)}" y="${at(y(tick) + 4)}" text-anchor="end">${tickText(tick)}</text>`,
  )}`

const tailTicks = [0, 90, 99, 99.9, 99.99, 99.999, 99.9999]
const tailTickText = (percentile: number): string => (percentile === 0 ? '0' : `${percentile}%`)
const tailTickWidth = (percentile: number): number => textWidth(tailTickText(percentile), fontPx)
const guides = [50, 95, 99, 99.9]

const verticals = ({ x, top, bottom }: Axes): Html => {
  const [, depthMax = 1] = x.domain()
  const within = (percentile: number) => depth(percentile) <= depthMax + 1e-9
  return html`${guides
    .filter(within)
    .map(
      (percentile) =>
        html`<path class="guide" d="M${at(x(depth(percentile)))} ${at(top)}V${at(bottom)}"/><text class="tick" x="${at(x(depth(percentile)))}" y="${at(top - 8)}" text-anchor="middle">p${percentile}</text>`,
    )}${tailTicks
    .filter(within)
    .map(
      (percentile) =>
        html`<text class="tick" x="${at(x(depth(percentile)))}" y="${at(bottom + 18)}" text-anchor="middle">${tailTickText(percentile)}</text>`,
    )}`
}

const path = ({ x, y }: Axes, { entrant, points }: Curve): Html => {
  const drawn = line<Point>(
    ([percentile]) => x(depth(percentile)),
    ([, latencyMs]) => y(latencyMs),
  ).digits(1)(points as Point[])
  return html`<path class="curve ${colourOf(entrant.place)}" d="${drawn ?? ''}" stroke-dasharray="${dashOf(entrant.place)}"><title>${entrant.id}</title></path>`
}

const names = ({ x, y, right, top, bottom }: Axes, curves: readonly Curve[]): Html => {
  const ends = curves.map(({ points }) => y(points.at(-1)?.[1] ?? msMin))
  const places = spread(ends, 16, top + 4, bottom)
  return html`${curves.map(({ entrant, name, points }, index) => {
    const endX = x(depth(points.at(-1)?.[0] ?? 0))
    return html`<path class="leader ${colourOf(entrant.place)}" d="M${at(endX)} ${at(ends[index] ?? 0)}L${at(right + 6)} ${at(places[index] ?? 0)}"/><text class="name ${colourOf(entrant.place)}" x="${at(right + 9)}" y="${at((places[index] ?? 0) + 4)}">${name}</text>`
  })}`
}

const axisTitles = ({ left, right, top, bottom }: Axes, { height }: Size): Html => {
  const middle = (top + bottom) / 2
  return html`<text class="axis" x="${at((left + right) / 2)}" y="${at(height - 8)}" text-anchor="middle">percentile of orders</text><text class="axis" x="14" y="${at(middle)}" text-anchor="middle" transform="rotate(-90 14 ${at(middle)})">ms (log)</text>`
}
