import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const pass = { Type: 'Pass', End: true }
const map = (label: unknown, inner: object = { In: pass }) => ({
  Type: 'Map',
  Label: label,
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: Object.keys(inner)[0],
    States: inner,
  },
})
const machine = (label: unknown, second?: object) => ({
  StartAt: 'One',
  States:
    second === undefined
      ? { One: { ...map(label), End: true } }
      : { One: { ...map(label), Next: 'Two' }, Two: { ...second, End: true } },
})
const run = (definition: unknown) => runAsl({ definition, input: [1], withHistory: true })

// `Label` in https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html (read 2026-11-25)
describe('The label of a Map', () => {
  it.each(['a', 'demoLabel', 'Größe-1_b.c', 'x'.repeat(40)])('may be %s', async (label) => {
    expect(await run(machine(label))).toMatchObject({ status: 'SUCCEEDED' })
  })

  it.each([
    { label: 'x'.repeat(41), says: 'INVALID_LABEL_NAME: Expected a label of at most 40 characters' },
    ...[...' \t\n?*<>{}[]:;,\\|^~$#%&`"\u0000\u001f\u007f\u009f'].map((character) => ({
      label: `a${character}b`,
      says: `INVALID_LABEL_NAME: Expected a label without the character ${JSON.stringify(character)}`,
    })),
    { label: 5, says: 'SCHEMA_VALIDATION_FAILED: Expected value of type String' },
    { label: null, says: 'SCHEMA_VALIDATION_FAILED: Expected value of type String' },
  ])('may not be $label', async ({ label, says }) => {
    expect(await run(machine(label))).toMatchObject({
      status: 'INVALID',
      cause: `Invalid State Machine Definition: '${says} at /States/One/Label'`,
    })
  })

  it.each([
    { where: 'beside it', definition: machine('same', map('same', { Deep: pass })), at: '/States/Two/Label' },
    {
      where: 'inside of it',
      definition: {
        StartAt: 'One',
        States: { One: { ...map('same', { Inner: { ...map('same'), End: true } }), End: true } },
      },
      at: '/States/One/ItemProcessor/States/Inner/Label',
    },
  ])('may not be that of a Map $where', async ({ definition, at }) => {
    const { status, cause } = await run(definition)
    expect(status).toBe('INVALID')
    expect(cause).toContain(`'DUPLICATE_LABEL_NAME: Duplicate label: same at ${at}'`)
  })

  it.each([
    { of: 'its label', label: 'demo', name: 'demo' },
    { of: 'the state, for want of one', label: undefined, name: 'One' },
  ])('names its Map Runs: by $of', async ({ label, name }) => {
    const { history } = await run(machine(label))
    expect(history?.find(({ type }) => type === 'MapRunStarted')?.mapRunStartedEventDetails).toEqual({
      mapRunArn: `arn:aws:states:us-east-1:123456789012:mapRun:Machine/${name}:run`,
    })
  })
})
