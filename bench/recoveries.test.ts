import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { contestants } from './contestants.ts'
import { harms } from './harms.testing.ts'
import { measureRun } from './measured-run.ts'
import { failureScenarios } from './scenarios/all.ts'
import { builtInWorkload } from './workload/built-in.ts'

const templates = synth()
const load = { seed: 4, count: 80, ratePerSecond: 1 }
const workload = builtInWorkload(load)

type Step = string
/** What is done in each contestant, action by action, and whether orders are stuck after it. */
type Recovery = readonly (readonly [...steps: Step[], after: 'all ended' | 'some stuck'])[]

const nothing = ['all ended'] as const
const inVain = ['some stuck'] as const

/** By scenario that strands orders; of Standard with SQS tokens, Standard with direct Lambda, Classic bus with SQS. */
const recoveries: Readonly<Record<string, Recovery>> = {
  'completion-down': [
    ['redrive execution', 'redrive queue', 'all ended'],
    ['redrive execution', 'all ended'],
    ['redrive queue', 'all ended'],
  ],
  'undoing-down': [
    ['redrive execution', 'redrive queue', 'all ended'],
    ['redrive execution', 'all ended'],
    ['redrive queue', 'redrive queue', 'all ended'],
  ],
  // Nothing of these orders is in the stack: their customers have to order again.
  'door-closed': [inVain, inVain, inVain],
  'rule-disabled': [nothing, nothing, ['replay archive', 'all ended']],
  'wrong-pattern': [nothing, nothing, ['replay archive', 'all ended']],
  'permission-lost': [nothing, nothing, ['resend events', 'all ended']],
  poison: [['redrive queue', 'all ended'], nothing, ['redrive queue', 'some stuck']],
  'schema-behind': [['redrive queue', 'all ended'], nothing, ['redrive queue', 'some stuck']],
  'retention-outlasted': [nothing, nothing, ['replay archive', 'all ended']],
  'flow-broken': [
    ['deploy again', 'start again', 'all ended'],
    ['deploy again', 'start again', 'all ended'],
    ['put back rule', 'replay archive', 'all ended'],
  ],
  'orchestrator-impaired': [inVain, inVain, nothing],
  'nobody-listens': [
    ['deploy again', 'all ended'],
    ['deploy again', 'all ended'],
    ['deploy again', 'all ended'],
  ],
  'rule-missing': [nothing, nothing, ['deploy again', 'replay archive', 'all ended']],
}

describe('a scenario that strands orders, when somebody has done what is to be done', () => {
  const losing = failureScenarios.filter(({ id }) => harms[id]?.includes('strands'))

  it('is told of here, whichever it is', () => {
    expect(losing.map(({ id }) => id)).toEqual(Object.keys(recoveries))
  })

  it.each(losing)('$id has lost them, or has not: as is told of it', async (scenario) => {
    const found = await Promise.all(
      contestants.map(async (contestant) => {
        const { result } = await measureRun({
          contestant,
          template: templates[contestant.stack as StackName],
          scenario,
          workload,
          seed: load.seed,
          region: 'us-east-1',
          recovers: true,
        })
        const after = result.recovery?.after
        expect(after?.outcomes.inconsistent).toBe(0)
        return [
          ...(result.recovery?.actions ?? []).map(({ action }) => action),
          after?.outcomes.stuck === 0 ? 'all ended' : 'some stuck',
        ]
      }),
    )
    expect(found).toEqual(recoveries[scenario.id])
  })
})
