import type { Results } from '../../results.ts'
import { type Block, type Item, list, paragraph, type Section } from '../document.ts'
import { summarise } from '../summary.ts'

export const summarySection = (results: Results): Section => {
  const { found, notFound, couldChange } = summarise(results)
  return {
    id: 'summary',
    title: 'In plain words',
    blocks: [
      ...part('What was found', found, 'Nothing: the results hold no scenario.'),
      ...part('What was looked for and not found', notFound, 'Nothing that was looked for is missing.'),
      ...part('What could change it', couldChange, 'Nothing known.'),
    ],
  }
}

const part = (text: string, items: readonly Item[], none: string): readonly Block[] => [
  { kind: 'heading', text },
  items.length > 0 ? list(items) : paragraph(none),
]
