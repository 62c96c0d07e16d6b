import type { ContestantInfo, Results } from '../../results.ts'
import { flowFigure } from '../charts/flow.ts'
import { type Block, columns, details, paragraph, type Section } from '../document.ts'

export const flowsSection = (results: Results): Section => ({
  id: 'flows',
  title: 'Each flow, drawn from its definition',
  blocks: results.contestants.flatMap((contestant, place) =>
    flowBlocks(contestant, place, results.contestants.slice(0, place)),
  ),
})

const flowBlocks = (
  contestant: ContestantInfo,
  place: number,
  before: readonly ContestantInfo[],
): readonly Block[] => {
  const { id, title, variant, flow } = contestant
  const twin = before.find((other) => JSON.stringify(other.flow) === JSON.stringify(flow))
  const variants = Object.entries(variant).map(([name, value]) => `${name}: ${value}`)
  return [
    { kind: 'heading', text: id },
    paragraph([title, ...variants].join(' · ')),
    ...(twin === undefined
      ? drawing(contestant, place)
      : [
          paragraph(`Its states and transitions are those of ${twin.id}; what differs is how a state calls.`),
        ]),
  ]
}

const drawing = (contestant: ContestantInfo, place: number): readonly Block[] =>
  contestant.flow.nodes.length === 0
    ? [paragraph('Its definition was not given.')]
    : [
        { kind: 'chart', draw: () => flowFigure(contestant, place) },
        details(`The flow of ${contestant.id} as a table`, [edgeTable(contestant)]),
      ]

const edgeTable = ({ id, flow }: ContestantInfo): Block => {
  const labelOf = (node: string) => flow.nodes.find((other) => other.id === node)?.label ?? node
  return {
    kind: 'table',
    caption: `Flow of ${id}`,
    columns: columns('from', 'to', 'by', 'kind'),
    rows: flow.edges.map(({ from, to, label, kind }) => ({
      cells: [labelOf(from), labelOf(to), label, kind],
    })),
  }
}
