import { describe, expect, it } from 'vitest'
import { putEvent, sendMessage, start, travel } from '../paths.testing.ts'
import { compositeTable, type Quantiles, quantilesOf } from './composites.ts'

/** Quantiles of the time from each `from` to its `to`, the first few journeys, which start cold, left out. */
const between = (from: readonly number[] = [], to: readonly number[] = [], skipped = 2): Quantiles => {
  expect(to).toHaveLength(from.length)
  const times = Float64Array.from(to, (endMs, index) => endMs - (from[index] ?? Number.NaN))
    .subarray(skipped)
    .sort()
  const quantile = (probability: number) => times[Math.ceil(probability * times.length) - 1] ?? Number.NaN
  return { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) }
}

const within = (simulated: Quantiles, expected: Quantiles, tolerances: Quantiles): void => {
  for (const name of ['p50', 'p90', 'p99'] as const) {
    expect(Math.abs(simulated[name] / expected[name] - 1), name).toBeLessThan(tolerances[name])
  }
}
const ofPublished: Quantiles = { p50: 0.15, p90: 0.15, p99: 0.15 }
/** Half of an SQS call, counted once too often or left out, would be 3% of these medians. */
const ofSum: Quantiles = { p50: 0.015, p90: 0.05, p99: 0.15 }

const published = (path: string): Quantiles => {
  const row = compositeTable().find((candidate) => candidate.path === path)
  if (row === undefined) throw new Error(`No published path "${path}"`)
  return row.published
}

const count = 4000
const everyMs = 2000

describe('a published path holds within 15% in a deployed stack', () => {
  it('SendMessage → handler, through a queue', async () => {
    const { sent, starts } = await travel({ count, everyMs, send: sendMessage })
    within(between(sent, starts.get('Sent')), published('SQS Standard → Lambda'), ofPublished)
  })

  it('StartExecution → handler of the first task; its end → handler of the next', async () => {
    const { sent, starts } = await travel({ count, everyMs, send: start('Direct') })
    within(
      between(sent, starts.get('First')),
      published('Step Functions Standard, StartExecution → Lambda, synchronous task'),
      ofPublished,
    )
    within(
      between(starts.get('First'), starts.get('Second')),
      published('Step Functions Standard, handler end → next handler start, warm'),
      ofPublished,
    )
  })

  it('handler end → handler of the next task, when its function is cold', async () => {
    const { starts } = await travel({ count, everyMs: 20 * 60_000, send: start('Direct') })
    within(
      between(starts.get('First'), starts.get('Second')),
      published('Step Functions Standard, handler end → next handler start, next function cold'),
      ofPublished,
    )
  })
})

describe('a path that nobody has published takes the sum of its hops in a deployed stack, and nothing twice', () => {
  it('PutEvents → rule → queue → handler: the rule calls the queue as a state machine does', async () => {
    const { sent, starts } = await travel({ count, everyMs, send: putEvent })
    const sum = quantilesOf('routed', [
      ['events.put', 0.5],
      ['events.route', 1],
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ])
    within(between(sent, starts.get('Routed')), sum, ofSum)
  })

  it('SendTaskSuccess → next task → queue → handler', async () => {
    const { starts } = await travel({ count, everyMs, send: start('Asking') })
    const sum = quantilesOf('asked', [
      ['states.answer', 0.5],
      ['states.transition', 1],
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ])
    within(between(starts.get('Asked'), starts.get('AskedNext')), sum, ofSum)
  })

  it('StartExecution → first task → queue → handler', async () => {
    const { sent, starts } = await travel({ count, everyMs, send: start('Asking') })
    const sum = quantilesOf('started', [
      ['states.startExecution', 0.5],
      ['states.start', 1],
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ])
    within(between(sent, starts.get('Asked')), sum, ofSum)
  })
})
