import { afterEach, describe, expect, it } from 'vitest'
import { createTracer, traceTargetOf } from '../../infra/trace.ts'
import { testClock } from './clock.testing.ts'
import { noGaps } from './gaps.ts'
import { postSource } from './post-source.ts'
import type { TraceSource } from './trace-source.ts'

const functions = [{ logicalId: 'F', name: 'f', logGroup: '' }]
const run = {
  id: 'this-run',
  isOurs: (event: unknown) => Reflect.get(Object(event), 'order') === 'ours',
  signal: new AbortController().signal,
}
const open: TraceSource[] = []
const opened = async (): Promise<TraceSource> => {
  const source = await postSource(functions, run)
  open.push(source)
  return source
}
afterEach(() => {
  for (const source of open.splice(0)) source.close()
})

const post = async (TRACE: string, body: string): Promise<void> => {
  await fetch(traceTargetOf(TRACE)?.to ?? '', { method: 'POST', body })
}

/** Posts as a function does whose environment has this variable. */
const invoke = (TRACE: string, event: unknown): Promise<unknown> => {
  const env = { TRACE, AWS_LAMBDA_FUNCTION_NAME: 'f' }
  const tracer = createTracer(testClock(), env, (line) => post(TRACE, line))
  return tracer.handler(async () => undefined)(event, { awsRequestId: 'r' })
}

describe('posted invocations', () => {
  it('are taken in as they come', async () => {
    const source = await opened()
    await invoke(source.traceTo, { order: 'ours' })
    expect(await source.read()).toBe(1)
    expect(await source.read()).toBe(0)
    expect(source.invocations.map(({ functionId, line }) => [functionId, line.run])).toEqual([
      ['F', 'this-run'],
    ])
    expect(source.gaps()).toEqual(noGaps)
  })

  it('of other orders are none of the run', async () => {
    const source = await opened()
    await invoke(source.traceTo, { order: 'theirs' })
    expect([source.invocations, source.gaps()]).toEqual([[], noGaps])
  })

  it('of an environment from before the run are counted and go no further', async () => {
    const source = await opened()
    await invoke(source.traceTo.replace('this-run', 'last-run'), { order: 'ours' })
    expect([source.invocations, source.gaps()]).toEqual([[], { ...noGaps, astray: 1 }])
  })

  it('that cannot be read are counted', async () => {
    const source = await opened()
    await post(source.traceTo, '{"trace":1,')
    expect(source.gaps()).toEqual({ ...noGaps, untold: 1 })
  })
})

describe('the variable TRACE', () => {
  it.each([
    { variable: undefined, target: undefined },
    { variable: '', target: undefined },
    { variable: 'log', target: { to: 'log', run: undefined } },
    { variable: 'log t4g', target: { to: 'log', run: 't4g' } },
    { variable: 'http://127.0.0.1:1/ t4g', target: { to: 'http://127.0.0.1:1/', run: 't4g' } },
  ])('$variable says where to tell, and for which run', ({ variable, target }) => {
    expect(traceTargetOf(variable)).toEqual(target)
  })
})
