import { type Graph, instance } from '@viz-js/viz'
import { z } from 'zod'
import type { ContestantInfo } from '../../results.ts'
import { clipped, counted } from '../format.ts'
import { type Html, html } from '../markup.ts'
import { at, picture, textWidth } from './chart.ts'

type FlowNode = ContestantInfo['flow']['nodes'][number]
type FlowEdge = ContestantInfo['flow']['edges'][number]

/** A flow as a picture. Graphviz only lays it out: it never sees a label, and the page's own style draws it. */
export const flowFigure = async (contestant: ContestantInfo, place: number): Promise<Html> => {
  const { id, title, flow } = contestant
  const drawn = drawable(contestant)
  const { bb, objects, edges } = await layout(drawn)
  const [, , width, height] = bb
  const flip = (y: number) => height - y
  const frame = {
    id: `flow-${place}`,
    width: width + 2 * margin,
    height: height + 2 * margin,
    title: `Flow of ${id}: ${title}`,
    description: `${counted(flow.nodes.length, 'node')} and ${counted(flow.edges.length, 'edge')}, read from the definition. The table below holds each edge.`,
  }
  const body = html`<g transform="translate(${margin} ${margin})">${edges.map((laid, index) =>
    edgeMarkup(laid, drawn.edges[index], flip),
  )}${objects.map((laid, index) => nodeMarkup(laid, drawn.nodes[index], flip))}</g>`
  return html`<figure class="card"><figcaption>Flow of ${id}<span class="note">drawn from its definition; a wide drawing scrolls sideways</span></figcaption>${kindsLegend(drawn)}
<div class="scroll flow" role="group" aria-label="Drawing of the flow of ${id}" tabindex="0">${picture(frame, body)}</div></figure>`
}

const margin = 6
const fontPx = 12
const labelLengthMax = 34
const linesMax = 3

interface DrawnEdge {
  readonly from: number
  readonly to: number
  readonly kind: FlowEdge['kind']
  readonly labels: readonly string[]
  /** The labels as they are written beside the edge. */
  readonly lines: readonly string[]
}
interface Drawn {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly DrawnEdge[]
}

/** Edges of one kind between the same two nodes become one, with their labels above each other or, if many, counted. */
const drawable = ({ flow }: ContestantInfo): Drawn => {
  const place = new Map(flow.nodes.map(({ id }, index) => [id, index]))
  const merged = new Map<string, { from: number; to: number; kind: FlowEdge['kind']; labels: string[] }>()
  for (const { from, to, kind, label } of flow.edges) {
    const ends = [place.get(from), place.get(to)] as const
    if (ends[0] === undefined || ends[1] === undefined) continue
    const key = `${ends[0]} ${ends[1]} ${kind}`
    const edge = merged.get(key) ?? { from: ends[0], to: ends[1], kind, labels: [] }
    if (label !== '') edge.labels.push(label)
    merged.set(key, edge)
  }
  return {
    nodes: flow.nodes,
    edges: [...merged.values()].map(({ labels, ...edge }) => ({
      ...edge,
      labels,
      lines:
        labels.length > linesMax
          ? [
              counted(
                labels.length,
                edge.kind === 'command' || edge.kind === 'event' ? edge.kind : 'transition',
              ),
            ]
          : labels.map((label) => clipped(label, labelLengthMax)),
    })),
  }
}

const pair = z.string().transform((text) => text.split(',').map(Number) as [number, number])
const laidSchema = z.object({
  bb: z.string().transform((text) => text.split(',').map(Number) as [number, number, number, number]),
  objects: z.array(z.object({ pos: pair, width: z.coerce.number(), height: z.coerce.number() })),
  edges: z
    .array(
      z.object({
        lp: pair.optional(),
        _draw_: z.array(
          z.object({ op: z.string(), points: z.array(z.tuple([z.number(), z.number()])).optional() }),
        ),
        _hdraw_: z.array(
          z.object({ op: z.string(), points: z.array(z.tuple([z.number(), z.number()])).optional() }),
        ),
      }),
    )
    .default([]),
})
type Laid = z.infer<typeof laidSchema>

const pointsPerInch = 72
const nodeHeight = 34

const nodeWidth = ({ label }: FlowNode): number =>
  Math.max(70, textWidth(clipped(label, labelLengthMax), fontPx) + 24)

// Labels are stood in for by as many x's in a font of known width: Graphviz reads escapes and keywords in labels,
// and a label comes from a definition that is not ours.
const layout = async (drawn: Drawn): Promise<Laid> => {
  const viz = await instance()
  const [down, across] = (['TB', 'LR'] as const).map((rankdir) =>
    laidSchema.parse(viz.renderJSON(graphOf(drawn, rankdir))),
  )
  if (down === undefined || across === undefined) throw new Error('Graphviz laid out nothing.')
  return widthOf(down) <= widthMax || widthOf(down) <= widthOf(across) ? down : across
}

/** A picture wider than the page is laid out from left to right, if that is narrower: then its labels share a column. */
const widthMax = 1040
const widthOf = ({ bb: [left, , right] }: Laid): number => right - left

const graphOf = ({ nodes, edges }: Drawn, rankdir: 'TB' | 'LR'): Graph => ({
  directed: true,
  graphAttributes: { rankdir, nodesep: 0.35, ranksep: 0.45 },
  nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
  edgeAttributes: { fontname: 'Courier', fontsize: fontPx, arrowsize: 0.7 },
  nodes: nodes.map((node, index) => ({
    name: `n${index}`,
    attributes: { width: nodeWidth(node) / pointsPerInch, height: nodeHeight / pointsPerInch },
  })),
  edges: edges.map(({ from, to, kind, lines }) => ({
    tail: `n${from}`,
    head: `n${to}`,
    attributes: {
      // The ordinary way shall run straight down; what is caught finds its way around it.
      weight: kind === 'next' ? 12 : 1,
      label: lines.map((line) => 'x'.repeat([...line].length + 2)).join('\n'),
    },
  })),
})

const nodeMarkup = (
  { pos: [x, y], width, height }: Laid['objects'][number],
  node: FlowNode | undefined,
  flip: (y: number) => number,
): Html => {
  if (node === undefined) return html``
  const size = { width: width * pointsPerInch, height: height * pointsPerInch }
  const radius = node.kind === 'start' || node.kind === 'end' ? size.height / 2 : 5
  return html`<g class="node n-${node.kind}"><title>${node.kind}: ${node.label}</title><rect x="${at(x - size.width / 2)}" y="${at(flip(y) - size.height / 2)}" width="${at(size.width)}" height="${at(size.height)}" rx="${radius}"/><text x="${at(x)}" y="${at(flip(y) + 4)}" text-anchor="middle">${clipped(node.label, labelLengthMax)}</text></g>`
}

const edgeMarkup = (
  { _draw_, _hdraw_, lp }: Laid['edges'][number],
  edge: DrawnEdge | undefined,
  flip: (y: number) => number,
): Html => {
  if (edge === undefined) return html``
  const text = ([x, y]: readonly [number, number]) => `${at(x)} ${at(flip(y))}`
  const curve = _draw_.find(({ op }) => op === 'b')?.points ?? []
  const head = _hdraw_.find(({ op }) => op === 'P')?.points ?? []
  const [first, ...others] = curve
  const lineHeight = 13
  const label =
    lp === undefined
      ? undefined
      : html`<text text-anchor="middle">${edge.lines.map(
          (line, index) =>
            html`<tspan x="${at(lp[0])}" y="${at(flip(lp[1]) + 4 + (index - (edge.lines.length - 1) / 2) * lineHeight)}">${line}</tspan>`,
        )}</text>`
  return html`<g class="edge e-${edge.kind}"><title>${edge.kind}: ${edge.labels.join(', ')}</title><path class="shaft" d="${first === undefined ? '' : `M${text(first)}C${others.map(text).join(' ')}`}"/><path class="head" d="${head.length === 0 ? '' : `M${head.map(text).join('L')}Z`}"/>${label}</g>`
}

const kindWords: Readonly<Record<FlowEdge['kind'], string>> = {
  command: 'command',
  event: 'event',
  next: 'next state',
  catch: 'caught failure',
}

const kindsLegend = ({ edges }: Drawn): Html => {
  const kinds = (['command', 'event', 'next', 'catch'] as const).filter((kind) =>
    edges.some((edge) => edge.kind === kind),
  )
  return html`<ul class="legend">${kinds.map(
    (kind) =>
      html`<li><svg aria-hidden="true" width="40" height="10" viewBox="0 0 40 10"><g class="edge e-${kind}"><path class="shaft" d="M1 5H39"/></g></svg><span>${kindWords[kind]}</span></li>`,
  )}</ul>`
}
