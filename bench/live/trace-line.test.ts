import { describe, expect, it } from 'vitest'
import { createTracer, logLinesOf } from '../../infra/trace.ts'
import type { Clients } from '../../shared/runtime.ts'
import { joined, logLine, type TracePart, traceLine } from './trace-line.ts'

/** A line as a function writes it. */
const written = async (event: unknown = { Records: [] }): Promise<string> => {
  const lines: string[] = []
  const tracer = createTracer(
    { nowMs: () => 1_000, sleep: () => Promise.resolve() },
    { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512', TRACE: 'log the-run' },
    (line) => lines.push(line),
  )
  tracer.clients({} as Clients)
  await tracer.handler(async () => ({ batchItemFailures: [] }))(event, { awsRequestId: 'r-1' })
  return lines[0] ?? ''
}

describe('a line of a function', () => {
  it('is read as it was posted', async () => {
    expect(traceLine(await written())).toMatchObject({
      functionName: 'f',
      run: 'the-run',
      requestId: 'r-1',
      memoryMiB: 512,
      cold: true,
      event: { Records: [] },
      result: { batchItemFailures: [] },
    })
  })

  it('is read out of the JSON format of the log, in which it is a text', async () => {
    const line = await written()
    const message = JSON.stringify({ timestamp: 't', level: 'INFO', requestId: 'r-1', message: line })
    expect(logLine(`${message}\n`)).toEqual({ kind: 'trace', line: traceLine(line) })
  })

  it('is read out of the text format of the log, behind its tabs', async () => {
    const line = await written()
    expect(logLine(`2026-11-25T00:00:00.000Z\tr-1\tINFO\t${line}\n`)).toEqual({
      kind: 'trace',
      line: traceLine(line),
    })
  })

  it('of other content is none', () => {
    for (const text of ['', 'hello', '{"level":"ERROR","message":"no"}', '{"trace":1}', '{"trace":1,', '[1]'])
      expect(logLine(text), text).toBeUndefined()
    expect(traceLine('no JSON')).toBeUndefined()
  })
})

describe('a line that Lambda would cut', () => {
  /** As long as the longest of a real trace, with what quoting doubles and what a cut in its midst would spoil. */
  const event = { Records: [{ body: JSON.stringify({ text: '"é\\'.repeat(60_000) }) }] }

  const parts = async (): Promise<readonly TracePart[]> =>
    logLinesOf(await written(event), 'r-1').map((text) => {
      const inLog = JSON.stringify({ timestamp: 't', level: 'INFO', requestId: 'r-1', message: text })
      expect(Buffer.byteLength(inLog)).toBeLessThan(262_118)
      const read = logLine(inLog)
      if (read?.kind !== 'part') throw new Error(`Not a part: ${text.slice(0, 80)}`)
      return read.part
    })
  const byNumber = (some: readonly TracePart[]) => new Map(some.map((part) => [part.part, part]))

  it('is written in numbered parts, and is whole again when all are there, in whatever order', async () => {
    const all = await parts()
    expect(all.length).toBeGreaterThan(2)
    expect(joined(byNumber(all.toReversed()))).toEqual(traceLine(await written(event)))
  })

  it('is none while one lacks', async () => {
    const all = await parts()
    for (const lacking of all)
      expect(joined(byNumber(all.filter((part) => part !== lacking))), `${lacking.part}`).toBeUndefined()
  })

  it('is as long as that only where it is: any other is written as it is', async () => {
    const line = await written()
    expect(logLinesOf(line, 'r-1')).toEqual([line])
    expect(logLinesOf('x'.repeat(120_000), 'r-1')).toHaveLength(1)
    expect(logLinesOf('x'.repeat(120_001), 'r-1')).toHaveLength(2)
  })
})

describe('a report of Lambda', () => {
  it('is read in the text format', () => {
    const text =
      'REPORT RequestId: r-1\tDuration: 12.34 ms\tBilled Duration: 113 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\tInit Duration: 100.10 ms\t\n'
    expect(logLine(text)).toEqual({
      kind: 'report',
      report: { requestId: 'r-1', billedMs: 113, initMs: 100.1, isTimeout: false },
    })
    expect(logLine('REPORT RequestId: r-2\tDuration: 3 ms\tBilled Duration: 4 ms\tStatus: timeout')).toEqual({
      kind: 'report',
      report: { requestId: 'r-2', billedMs: 4, initMs: 0, isTimeout: true },
    })
  })

  it('is read in the JSON format', () => {
    const record = {
      requestId: 'r-1',
      status: 'success',
      metrics: { durationMs: 12.34, billedDurationMs: 13, memorySizeMB: 512, maxMemoryUsedMB: 80 },
    }
    expect(logLine(JSON.stringify({ time: 't', type: 'platform.report', record }))).toEqual({
      kind: 'report',
      report: { requestId: 'r-1', billedMs: 13, initMs: 0, isTimeout: false },
    })
  })
})
