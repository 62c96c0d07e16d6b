import type { Figure, Results } from '../../results.ts'
import { columns, details, paragraph, type Section } from '../document.ts'
import { counted, listed } from '../format.ts'

const confidences: Readonly<Record<Figure['confidence'], string>> = {
  H: 'high',
  M: 'medium',
  L: 'low',
  assumption: 'assumption',
}

export const figuresSection = (results: Results): Section => ({
  id: 'figures',
  title: 'Figures that went in, and their sources',
  blocks:
    results.figures.length === 0
      ? [paragraph('The results name no figure.')]
      : [
          paragraph(
            'High: a primary source or raw data. Medium: a secondary source that quotes a primary one, or derived. Low: weak ' +
              'or undated. Assumption: no source was found, and it says so.',
          ),
          paragraph(`${counted(results.figures.length, 'figure')}: ${byConfidence(results)}.`),
          details('All figures', [
            {
              kind: 'table',
              caption: 'Prices and latencies that went into the run',
              columns: columns('figure', 'value', 'confidence', 'read or measured', 'source'),
              rows: results.figures.map(({ figure, value, source, date, confidence }) => ({
                cells: [figure, value, confidences[confidence], date, source],
              })),
            },
          ]),
        ],
})

const byConfidence = ({ figures }: Results): string =>
  listed(
    (['H', 'M', 'L', 'assumption'] as const).flatMap((confidence) => {
      const number = figures.filter((figure) => figure.confidence === confidence).length
      return number === 0 ? [] : [`${number} ${confidences[confidence]}`]
    }),
  )
