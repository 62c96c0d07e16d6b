import type { Results } from '../../results.ts'
import { type Block, details, type Item, list, paragraph, type Section } from '../document.ts'
import { summarise } from '../summary.ts'

export const summarySection = (results: Results): Section => {
  const { broken, lead, faults, assumed, found, notFound, couldChange, unsteady } = summarise(results)
  return {
    id: 'summary',
    title: 'In plain words',
    blocks: [
      ...part('What was found', [...broken, ...lead, ...faults], 'Nothing: the results hold no scenario.'),
      ...(found.length === 0 ? [] : [details('Every difference, with its interval', [list(found)])]),
      ...(assumed.length === 0
        ? []
        : part('What rests on assumed latencies, and is no finding', assumed, '')),
      ...part('What was looked for and not found', notFound, 'Nothing that was looked for is missing.'),
      ...part('What could change it', couldChange, 'Nothing known.'),
      ...(unsteady.length === 0 ? [] : [details('Verdicts that another scenario turns', [list(unsteady)])]),
    ],
  }
}

const part = (text: string, items: readonly (string | Item)[], none: string): readonly Block[] => [
  { kind: 'heading', text },
  items.length > 0 ? list(items) : paragraph(none),
]
