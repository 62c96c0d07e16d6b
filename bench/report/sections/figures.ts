import type { Figure, Results } from '../../results.ts'
import { details, paragraph, type Row, type Section } from '../document.ts'
import { counted, listed } from '../format.ts'
import { isUnseen } from '../view.ts'

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
              caption: isUnseen(results)
                ? 'Prices and assumptions that went into the run; latencies are those of the run itself'
                : 'Prices and latencies that went into the run',
              columns: [
                { label: 'figure' },
                { label: 'details' },
                { label: 'value' },
                { label: 'confidence', slim: true },
                { label: 'read or measured', slim: true },
                { label: 'source' },
              ],
              rows: results.figures.map(figureRow),
            },
          ]),
        ],
})

const groups: Readonly<Record<string, string>> = {
  price: 'prices',
  latency: 'latencies',
  quota: 'quotas',
}

/** "latency sqs.call: any SQS API call" is sqs.call, of any SQS API call, among the latencies. */
const figureRow = ({ figure, value, source, date, confidence }: Figure): Row => {
  const [, kind, name, about] =
    /^(price|latency|quota) (?:of )?([\w.]+\.\w+)(?:: | )?(.*)$/.exec(figure) ?? []
  const cells = [value, confidences[confidence], date, source]
  const group = kind === undefined ? undefined : groups[kind]
  return group === undefined || name === undefined
    ? { group: 'others', cells: [figure, '', ...cells] }
    : { group, cells: [name, about ?? '', ...cells] }
}

const byConfidence = ({ figures }: Results): string =>
  listed(
    (['H', 'M', 'L', 'assumption'] as const).flatMap((confidence) => {
      const number = figures.filter((figure) => figure.confidence === confidence).length
      if (number === 0) return []
      return [
        confidence === 'assumption' ? counted(number, 'assumption') : `${number} ${confidences[confidence]}`,
      ]
    }),
  )
