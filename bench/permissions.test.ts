import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { simulateWorld } from '../shared/providers.ts'
import type { Clients, Environment } from '../shared/runtime.ts'
import { type Contestant, contestants } from './contestants.ts'
import { type Grant, grantsOf } from './grants.testing.ts'
import { epochMs } from './run.ts'
import { providerModel } from './scenarios/provider-model.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { steady } from './scenarios/steady.ts'
import { kindWorld } from './scenarios/worlds.ts'
import { deploy, type FunctionCode, type Template } from './virtual-aws/deploy.ts'
import type { FaultHooks } from './virtual-aws/faults.ts'
import type { Observer } from './virtual-aws/observer.ts'
import { builtInWorkload } from './workload/built-in.ts'
import { spellOut } from './workload/lines.ts'
import { initialStock } from './workload/stock.ts'

const templates = synth()
const minuteMs = 60_000

/** Orders of every fate, and a carrier that is away for longer than anybody's patience: until orders are overdue. */
const trying: Scenario = {
  ...steady,
  world: { ...kindWorld, skusOutOfStock: 0.05, cardsDeclined: 0.3, shipmentsRefused: 0.3, mailsBounced: 0.3 },
  faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 0, forMs: 60 * minuteMs }],
}

/** Enough for all attempts of a few messages at once. */
const failuresMax = 12

/** Each function's first calls of its table fail until the SDK gives up: an outage, as its handler sees it. */
const failingTables = (): FaultHooks => {
  const failures = new Map<string, number>()
  return {
    beforeCall: ({ functionId, service }) => {
      if (service !== 'dynamodb') return undefined
      const count = failures.get(functionId) ?? 0
      failures.set(functionId, count + 1)
      return count < failuresMax
        ? Object.assign(new Error('Try again'), { name: 'InternalServerError', ...fault })
        : undefined
    },
  }
}
const fault = { $fault: 'server', $metadata: { httpStatusCode: 500 } }

const workload = builtInWorkload({ count: 16, ratePerSecond: 1 / 300, seed: 1 })
const untilMs = epochMs + 3 * 60 * minuteMs

/** Who was refused first for want of an action, and with which error. */
interface Refusal {
  readonly by: string
  readonly error: string
}

/** Runs orders of every fate until somebody is refused for want of the action; undefined when nobody is. */
const refusalOf = async (
  contestant: Contestant,
  template: Template,
  action: string,
): Promise<Refusal | undefined> => {
  const world = simulateWorld(providerModel(trying, 1, epochMs))
  const code: Record<string, FunctionCode> = {}
  for (const [handler, entry] of Object.entries(contestant.code))
    code[handler] = ({ clients, env, clock }) =>
      entry(clients as Clients, env as Environment, world.providers(clock), clock)
  const refused = new RegExp(`not authorized to perform: ${action}`, 'i')
  let refusal: Refusal | undefined
  const observer: Observer = {
    call: ({ by, error, output }) => {
      if (error !== undefined && refused.test(String(output))) refusal ??= { by, error }
    },
  }
  const stack = deploy(template, {
    region: 'us-east-1',
    seed: 1,
    startMs: epochMs,
    code,
    faults: failingTables(),
    observer,
  })
  const inventory = stack.table(stack.outputs['InventoryTableName'] ?? '')
  for (const [sku, available] of initialStock(workload, trying.world, 1))
    inventory.put({ pk: `sku#${sku}`, available })
  const { kernel, clients, outputs } = stack
  for (const [index, arrival] of workload.arrivals.entries())
    kernel.at(epochMs + arrival.atMs, () => {
      const order = spellOut(arrival, workload.currency, 1)
      // The first is one that cannot be taken: its amount is not that of its lines.
      const amount = index === 0 ? order.amount + 1 : order.amount
      contestant.submit(clients as Clients, outputs, { ...order, amount }, kernel.nowMs).catch(ignore)
    })
  for (let atMs = epochMs; atMs < untilMs && refusal === undefined; atMs += minuteMs) await kernel.run(atMs)
  return refusal
}

const ignore = (): void => undefined

/** What a run does not miss, and why. */
const reasons: Readonly<Record<string, string>> = {
  'Allow logs': 'writing logs asks for no permission here',
  'Deny sqs': 'refuses calls without TLS, and every call of a run is made over TLS',
}

const reasonOf = ({ effect, action }: Grant): string | undefined =>
  reasons[`${effect} ${action.slice(0, action.indexOf(':'))}`]

/** What polls for a function asks at deploy; AWS refuses the mapping there and then. */
const refusedAtDeploy = (template: Template, contestant: Contestant, action: string): boolean => {
  try {
    deploy(template, { region: 'us-east-1', seed: 1, startMs: epochMs, code: idle(contestant) })
    return false
  } catch (error) {
    return String(error).includes(`does not have permissions to call ${action.replace('sqs:', '')} on SQS`)
  }
}

const idle = ({ code }: Contestant): Readonly<Record<string, FunctionCode>> =>
  Object.fromEntries(Object.keys(code).map((handler) => [handler, () => async () => undefined]))

const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']

/** The way to a dead-letter queue is tried when the way to the target is barred. */
const barred = (template: Template, { id, condition }: Grant, grants: readonly Grant[]): Template =>
  condition === undefined || !id.endsWith('RuleDlqPolicy')
    ? template
    : (grants.find((other) => other.condition === condition && other.id !== id)?.takenFrom(template) ??
      template)

describe.each(contestants.map((contestant) => [contestant.id, contestant] as const))(
  '%s',
  (_, contestant) => {
    const template = templates[contestant.stack as StackName]
    const grants = grantsOf(template)
    const needed = grants.filter((grant) => reasonOf(grant) === undefined)

    it('is refused nothing with all its permissions', async () => {
      expect(await refusalOf(contestant, template, '')).toBeUndefined()
    })

    it('is refused by name when any one action of any statement is taken away', async () => {
      const unmissed: string[] = []
      for (const grant of needed) {
        const { id, action } = grant
        const poorer = grant.takenFrom(barred(template, grant, needed))
        if (polling.includes(action)) {
          if (!refusedAtDeploy(poorer, contestant, action)) unmissed.push(`${id}: ${action}`)
          continue
        }
        const refusal = await refusalOf(contestant, poorer, action)
        if (!['AccessDenied', 'AccessDeniedException'].includes(refusal?.error ?? ''))
          unmissed.push(`${id}: ${action}`)
      }
      expect(needed.length).toBeGreaterThan(20)
      expect(unmissed).toEqual([])
    })
  },
)
