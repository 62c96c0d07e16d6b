import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { bundleHandlers } from '../../../infra/bundle.ts'
import { resultsStackOf } from '../../../infra/names.ts'
import { type StackName, synthAll } from '../../../infra/synth.ts'
import { contestants } from '../../contestants.ts'
import { laws } from '../../laws.ts'
import { steady } from '../../scenarios/steady.ts'
import { deafTo } from '../../template-surgery.ts'
import type { Template } from '../../virtual-aws/deploy.ts'
import { builtInWorkload } from '../../workload/built-in.ts'
import { findContestant, runLive } from '../run-live.ts'
import { connect, disconnect, type LiveClients, type Target } from '../target.ts'
import { emulatorRegion } from './emulator.ts'
import { deleteStack, deployStack } from './stack.ts'
import { warmUp } from './warm-up.ts'

/*
 * A test of the tests: what a run over the wire asks of a contestant (every order ends, as it should, and the laws hold)
 * finds out a fault in each thing that is deployed. That it finds none where there is none, run-live.emulator.test.ts says.
 */

const orders = 4
/** Orders that end are waited for no longer than they take; those that never do, so long. */
const patienceMs = 60_000
const noPatienceMs = 5_000

const { contestants: templates, results } = synthAll()
let target: Target
let clients: LiveClients
let sound: string
beforeAll(async () => {
  target = { kind: 'endpoint', url: inject('emulatorUrl'), region: emulatorRegion }
  clients = connect(target)
  sound = await bundleHandlers(mkdtempSync(join(tmpdir(), 'handlers-')))
})
afterAll(() => {
  disconnect(clients)
  rmSync(sound, { recursive: true, force: true })
})

interface Deployed {
  readonly template: Template
  /** A folder with the bundles of the handlers. */
  readonly code: string
}

interface Planted {
  readonly where: string
  readonly contestant: string
  plant(deployed: Deployed): Deployed
  readonly outcomes: string
  readonly broken: readonly string[]
}

const faults: readonly Planted[] = [
  {
    where: 'in a handler, which adds to the stock what it reserves',
    contestant: 'choreographed',
    plant: ({ template, code }) => ({
      template,
      code: changedCode(code, 'choreographed.js', 'available = available - :', 'available = available + :'),
    }),
    outcomes: 'ffff',
    broken: [laws.stockConserved],
  },
  {
    where: "in a rule's pattern, which lost the event that payment waits for",
    contestant: 'choreographed',
    plant: ({ template, code }) => ({ template: deafTo(template, 'InventoryReserved'), code }),
    outcomes: 'ssss',
    broken: [laws.ends],
  },
  {
    where: 'in the state machine, which goes from the stock to the carrier',
    contestant: 'orchestrated',
    plant: ({ template, code }) => ({
      template: changedDefinition(template, '"Next":"ProcessPayment"', '"Next":"ArrangeShipping"'),
      code,
    }),
    outcomes: 'iiii',
    broken: [laws.paidMeansFulfilled, laws.shippedMeansPaid],
  },
]

it.each(faults.map((fault) => [fault.where, fault] as const))('a fault is found out %s', async (_, fault) => {
  expect(await verdictOn(fault)).toEqual([fault.outcomes, fault.broken])
})

/** How the orders ended, and which laws are broken. */
const verdictOn = async (fault: Planted): Promise<readonly unknown[]> => {
  const contestant = contestants.find(({ id }) => id === fault.contestant)
  if (contestant === undefined) throw new Error(`There is no contestant ${fault.contestant}.`)
  const stack = contestant.stack as StackName
  const instruments = resultsStackOf(stack)
  const { template, code } = fault.plant({ template: templates[stack], code: sound })
  try {
    await deployStack(clients, stack, template, code)
    await deployStack(clients, instruments, results[instruments])
    const workload = builtInWorkload({ count: orders, ratePerSecond: 2, seed: 1 })
    // The emulator remembers the names of executions, even of a state machine that is gone.
    const named = workload.arrivals.map((each) => ({ ...each, orderId: `planted-${each.orderId}` }))
    const live = await findContestant(clients, target, contestant, template)
    const totals = await runLive(clients, live, {
      scenario: steady,
      workload: { ...workload, arrivals: named },
      seed: 1,
      patience: { stragglersMs: fault.outcomes.includes('s') ? noPatienceMs : patienceMs, quietMs: 1_000 },
      signal: new AbortController().signal,
      beforeLoad: () => warmUp(clients, stack),
    })
    return [totals.outcomes, totals.laws.filter(({ held }) => !held).map(({ law }) => law)]
  } finally {
    await deleteStack(clients, instruments)
    await deleteStack(clients, stack)
    if (code !== sound) rmSync(code, { recursive: true, force: true })
  }
}

/** Both throw where there is nothing to change: a fault that is not planted finds nothing out. */
const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`There is no ${from} to change.`)
  return text.replaceAll(from, to)
}

const changedCode = (folder: string, file: string, from: string, to: string): string => {
  const copy = mkdtempSync(join(tmpdir(), 'planted-'))
  cpSync(folder, copy, { recursive: true })
  writeFileSync(join(copy, file), changed(readFileSync(join(folder, file), 'utf8'), from, to))
  return copy
}

const changedDefinition = (template: Template, from: string, to: string): Template => {
  const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)
  return JSON.parse(changed(JSON.stringify(template), quoted(from), quoted(to)))
}
