import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Probe, ProbeAnswer } from './probe.ts'
import { medianOf, renderSpeed, speedOf } from './summary.ts'

const probeFile = fileURLToPath(new URL('./probe.ts', import.meta.url))
const probed = (probe: Probe): ProbeAnswer =>
  JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', probeFile, JSON.stringify(probe)], {
      encoding: 'utf8',
    }),
  )

describe('a speed run', () => {
  it.each([
    { values: [3], median: 3 },
    { values: [9, 1, 5], median: 5 },
    { values: [4, 1, 2, 9], median: 3 },
  ])('takes the median of $values: $median', ({ values, median }) => {
    expect(medianOf(values)).toBe(median)
  })

  it.each([
    { kind: 'bare', forMs: 50 },
    { kind: 'interpreter', forMs: 50, machine: 'commands' },
    { kind: 'interpreter', forMs: 50, machine: 'passThrough' },
    { kind: 'peer', forMs: 50, machine: 'commands' },
    { kind: 'peer', forMs: 50, machine: 'passThrough' },
  ] as const)('measures $kind $machine in a process of its own', (probe) => {
    const { perSecond, peakMiB } = probed(probe)
    expect(perSecond).toBeGreaterThan(100)
    expect(peakMiB).toBeGreaterThan(10)
  })

  it('states ratios of what it measured: of a full run, and of each contestant in it, against the yardstick', () => {
    const perSecond: Readonly<Record<string, number>> = { bare: 1000, a: 5, b: 2 }
    const interpreters: Readonly<Record<string, number>> = {
      'interpreter/commands': 600,
      'peer/commands': 20,
      'interpreter/passThrough': 900,
      'peer/passThrough': 300,
    }
    const events: Readonly<Record<string, number>> = { a: 90, b: 36 }
    // An order of each takes 0.2 s and 0.5 s, and 36 events: 36 ÷ 0.7 s.
    const answerOf = (name: string): ProbeAnswer => ({
      perSecond: perSecond[name] ?? interpreters[name] ?? 0,
      eventsPerSecond: events[name] ?? 0,
      eventsPerOrder: 18,
      slowdown: 0.954,
      peakMiB: 1,
      wallMs: 1,
    })
    const million = { perSecond: 1, peakMiB: 800.4, wallMs: 300_000, shards: 10 }
    const speed = speedOf(
      (name, figure) => figure(answerOf(name)),
      ['a', 'b'],
      new Map([[1_000_000, million]]),
      1.234,
    )
    expect(speed).toEqual({
      kernel: { bareEventsPerSecond: 1000, runEventsPerSecond: 51, ratio: 0.0514 },
      contestants: {
        a: { ordersPerSecond: 5, eventsPerOrder: 18, ratio: 0.09 },
        b: { ordersPerSecond: 2, eventsPerOrder: 18, ratio: 0.036 },
      },
      interpreter: {
        transitionsPerSecond: 600,
        peerTransitionsPerSecond: 20,
        ratio: 30,
        passThrough: { transitionsPerSecond: 900, peerTransitionsPerSecond: 300, ratio: 3 },
      },
      idleSlowdown: 0.95,
      startUpSeconds: 1.23,
      memoryMiB: { '1000000': 800 },
      millionOrdersSeconds: 300,
      millionOrdersShards: 10,
    })
    expect(renderSpeed(speed)).toContain('10 independent shards with their own stock and quotas')
  })
})
