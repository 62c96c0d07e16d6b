import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { contestants } from './contestants.ts'
import { listenerJobs, runListenerJob } from './listeners.ts'

const templates = synth()
const stackOf = (id: string): StackName =>
  contestants.find((contestant) => contestant.id === id)?.stack as StackName

describe('would the producer fail if nobody listened?', () => {
  it('is answered for every message that somebody listens to, as this table says', async () => {
    const findings = []
    for (const job of listenerJobs(contestants))
      findings.push(await runListenerJob(job, templates[stackOf(job.contestant)], 1, 'us-east-1'))
    const rows = findings.map(({ contestant, kind, message, sent, producerOutcome, orderOutcome, notTold }) =>
      [
        contestant,
        kind,
        message,
        sent,
        `producer ${producerOutcome}`,
        `order ${orderOutcome}`,
        `${notTold} not told`,
      ].join('  '),
    )
    expect(findings.every(({ sent }) => sent > 0)).toBe(true)
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('golden/listeners.txt')
  })
})
