import type { ContestantResult, Coupling, CouplingRow, Results } from '../../results.ts'
import { type Block, columns, details, paragraph, type Section } from '../document.ts'
import { absent, count, counted, fixed } from '../format.ts'
import { contestantIds, labelled, scenariosInOrder, titleOf } from '../view.ts'

export const couplingSection = (results: Results): Section => ({
  id: 'coupling',
  title: 'Coupling, direct and logical',
  blocks: [
    paragraph(
      'A vector, never one score, and each number twice. Direct edges are who names whom in its wiring or its permissions. Logical edges are who depends on ' +
        'whose messages: producer → schema → consumer. With direct edges alone a flow over a bus wins by construction, ' +
        'since everybody calls only the bus; the logical edges show what a change of a message would still break.',
    ),
    paragraph(
      'Ca: components that depend on it. Ce: components that it depends on. I = Ce / (Ca + Ce). AIS: consumers that invoke ' +
        'or hear it. ADS: components that it invokes or hears. ACS = AIS × ADS.',
    ),
    ...contestantIds(results).flatMap((id) => {
      const coupling = Object.hasOwn(results.coupling, id) ? results.coupling[id] : undefined
      return coupling === undefined ? [] : couplingBlocks(results, id, coupling)
    }),
    chainTable(results),
    paragraph(
      'A command and the fact that answers it are two messages; a fact that makes the next service act is one. The call ' +
        'of the customer at the front door counts in no contestant.',
    ),
  ],
})

const measures = ['#Ca', '#Ce', '#I', '#AIS', '#ADS', '#ACS'] as const

const couplingBlocks = (results: Results, id: string, coupling: Coupling): readonly Block[] => {
  const { direct, logical, mutualPairs, resources } = coupling
  const services = [...new Set([...direct, ...logical].map(({ service }) => service))]
  const rowOf = (rows: readonly CouplingRow[], service: string) => rows.find((row) => row.service === service)
  const total = Object.values(resources).reduce((sum, number) => sum + number, 0)
  return [
    { kind: 'heading', text: id },
    paragraph(
      `${titleOf(results, id)}: ${counted(mutualPairs.direct, 'mutually dependent pair')} over direct edges, ` +
        `${count(mutualPairs.logical)} over logical ones; ${counted(total, 'template resource')}.`,
    ),
    {
      kind: 'table',
      caption: labelled(results, `Coupling of ${id}`),
      columns: columns('service', ...measures, ...measures),
      spans: [
        { label: 'direct', columns: measures.length },
        { label: 'logical', columns: measures.length },
      ],
      rows: services.map((service) => ({
        cells: [service, ...couplingCells(rowOf(direct, service)), ...couplingCells(rowOf(logical, service))],
      })),
    },
    details(`Template resources of ${id} by type`, [
      {
        kind: 'table',
        caption: `Template resources of ${id}`,
        columns: columns('type', '#resources'),
        rows: Object.entries(resources)
          .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
          .map(([type, number]) => ({ cells: [type, count(number)] })),
      },
    ]),
  ]
}

const couplingCells = (row: CouplingRow | undefined): readonly string[] =>
  row === undefined
    ? measures.map(() => absent)
    : [
        count(row.ca),
        count(row.ce),
        row.instability === null ? absent : fixed(row.instability, 2),
        count(row.ais),
        count(row.ads),
        count(row.acs),
      ]

const chainTable = (results: Results): Block => {
  const ids = contestantIds(results)
  return {
    kind: 'table',
    caption: labelled(results, 'Chain depth: longest causation path of an order, in messages'),
    columns: columns('scenario', ...ids.flatMap(() => ['#orders', '#p50', '#max'])),
    spans: ids.map((id) => ({ label: id, columns: 3 })),
    rows: scenariosInOrder(results).map((scenario) => ({
      cells: [scenario.id, ...ids.flatMap((id) => chainCells(scenario.results[id]))],
    })),
  }
}

const chainCells = (result: ContestantResult | undefined): readonly string[] => {
  if (result === undefined) return [absent, absent, absent]
  const { n, p50, max } = result.chainDepth
  return n === 0 ? ['0', absent, absent] : [count(n), depth(p50), depth(max)]
}

const depth = (value: number): string => fixed(value, Number.isInteger(value) ? 0 : 1)
