import type { ContestantInfo, Results } from '../../results.ts'
import { flowFigure } from '../charts/flow.ts'
import { type Block, columns, details, paragraph, type Section } from '../document.ts'

export const flowsSection = (results: Results): Section => ({
  id: 'flows',
  title: 'Each flow, drawn from its definition',
  blocks: results.contestants.flatMap(flowBlocks),
})

const flowBlocks = (contestant: ContestantInfo, place: number): readonly Block[] => {
  const { id, title, variant, flow } = contestant
  const variants = Object.entries(variant).map(([name, value]) => `${name}: ${value}`)
  return [
    { kind: 'heading', text: id },
    paragraph([title, ...variants].join(' · ')),
    ...(flow.nodes.length === 0
      ? [paragraph('Its definition was not given.')]
      : [
          { kind: 'chart', draw: () => flowFigure(contestant, place) } as const,
          details(`The flow of ${id} as a table`, [edgeTable(contestant)]),
        ]),
  ]
}

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
