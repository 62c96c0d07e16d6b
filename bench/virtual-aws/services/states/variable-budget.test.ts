import { describe, expect, it } from 'vitest'
import { runAsl } from '../../asl.ts'

/** As a JSON text, just what one Assign may hold; 40 of them are what an execution may. */
const most = 'x'.repeat(262_142)
const limit = 'variables of more than 10485760 bytes are not modelled'

const chain = (names: readonly string[], last: object = { Type: 'Succeed' }) => ({
  StartAt: 'S0',
  States: {
    ...Object.fromEntries(
      names.map((name, index) => [
        `S${index}`,
        { Type: 'Pass', Assign: { [`${name}.$`]: '$' }, Next: `S${index + 1}` },
      ]),
    ),
    [`S${names.length}`]: last,
  },
})
const named = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `v${index}`)

/** Assigns in each iteration, and stays in it for a second. */
const each = (items: number, mode: 'INLINE' | 'DISTRIBUTED', more: object = {}) => ({
  Type: 'Map',
  QueryLanguage: 'JSONata',
  Items: `{% $range(1, ${items}, 1) %}`,
  ItemSelector: '{% $states.input %}',
  ItemProcessor: {
    ProcessorConfig: mode === 'INLINE' ? { Mode: mode } : { Mode: mode, ExecutionType: 'STANDARD' },
    StartAt: 'In',
    States: {
      In: { Type: 'Pass', Assign: { 'own.$': '$' }, Next: 'Empty' },
      Empty: { Type: 'Pass', Result: 0, Next: 'Stay' },
      Stay: { Type: 'Wait', Seconds: 1, End: true },
    },
  },
  End: true,
  ...more,
})
const run = (definition: unknown) => runAsl({ definition, input: most })

// "Limits" in https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (read 2026-11-25)
describe('The variables of an execution', () => {
  it('come to 10 MiB', async () => {
    expect(await run(chain(named(40)))).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('come to no byte more, which is refused by name', async () => {
    const last = { Type: 'Pass', Assign: { more: 0 }, End: true }
    await expect(run(chain(named(40), last))).rejects.toThrow(`${limit}, got 10485761`)
  })

  it('count once, however often they are assigned', async () => {
    expect(await run(chain(Array(200).fill('same')))).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('count in all iterations that are open, beside those around them', async () => {
    expect(await run(chain([], each(40, 'INLINE')))).toMatchObject({ status: 'SUCCEEDED' })
    const beside = { Type: 'Pass', Assign: { n: 1 }, Next: 'Each' }
    const definition = { StartAt: 'One', States: { One: beside, Each: each(40, 'INLINE') } }
    await expect(run(definition)).rejects.toThrow(limit)
  })

  it('end with the iteration that assigned them', async () => {
    expect(await run(chain([], each(100, 'INLINE', { MaxConcurrency: 39 })))).toMatchObject({
      status: 'SUCCEEDED',
    })
  })

  it('end with an iteration that is broken off', async () => {
    const retried = { StartAt: 'Out', States: { Out: { ...each(40, 'INLINE'), End: true } } }
    const broken = {
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 0, Next: 'No' }, No: { Type: 'Fail', Error: 'No' } },
    }
    const Retry = [{ ErrorEquals: ['No'], MaxAttempts: 2 }]
    const both = { Type: 'Parallel', Branches: [retried, broken], Retry, End: true }
    expect(await run({ StartAt: 'Both', States: { Both: both } })).toMatchObject({
      status: 'FAILED',
      error: 'No',
    })
  })

  it('are not those of the children of a distributed Map, each of which is an execution', async () => {
    expect(await run(chain(named(40), each(60, 'DISTRIBUTED')))).toMatchObject({ status: 'SUCCEEDED' })
  })
})
