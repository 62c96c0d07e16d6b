import { RequestTooLargeException } from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import { functionF, functionWorld } from './function-world.testing.ts'

describe('a synchronous invocation', () => {
  it('answers with what the handler returned, both ways as a copy', async () => {
    const kept: unknown[] = []
    const test = functionWorld(functionF(), () => async (event) => {
      kept.push(event)
      return { given: event, left: undefined }
    })
    const payload = { order: 7 }
    expect(await test.invoke({ Payload: payload })).toEqual({
      ok: true,
      output: { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: { given: { order: 7 } } },
    })
    expect(kept[0]).not.toBe(payload)
  })

  it.each([
    { name: 'an Error by its name', thrown: new RangeError('far'), type: 'RangeError', message: 'far' },
    { name: 'anything else as text', thrown: 'far', type: 'Error', message: 'far' },
  ])('reports what a handler throws, without a trace: $name', async ({ thrown, type, message }) => {
    const test = functionWorld(functionF(), () => async () => {
      throw thrown
    })
    expect(await test.invoke()).toEqual({
      ok: true,
      output: {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        FunctionError: 'Unhandled',
        Payload: { errorType: type, errorMessage: message },
      },
    })
  })

  it('gets what a fault puts in place of its payload', async () => {
    const kept: unknown[] = []
    const test = functionWorld(
      functionF(),
      () => async (event) => {
        kept.push(event)
      },
      { faults: { rewritten: ({ resource, body }) => `{"of": "${resource}", "was": ${String(body)}}` } },
    )
    await test.invoke({ Payload: { order: 7 } })
    expect(kept).toEqual([{ of: 'F', was: { order: 7 } }])
  })

  it('reports a timeout with the seconds that the function had', async () => {
    const test = functionWorld(functionF({ Timeout: 2 }), ({ clock }) => async () => {
      await clock.sleep(9000)
    })
    expect(await test.invoke()).toMatchObject({
      output: {
        Payload: {
          errorType: 'Sandbox.Timedout',
          errorMessage: expect.stringMatching(
            /^RequestId: [0-9a-f-]{36} Error: Task timed out after 2\.00 seconds$/,
          ),
        },
      },
    })
  })

  it('reports a crash as the exit of the runtime', async () => {
    const test = functionWorld(functionF(), () => async () => undefined, {
      faults: { beforeReturn: () => 'crash' },
    })
    expect(await test.invoke()).toMatchObject({
      output: {
        Payload: {
          errorType: 'Runtime.ExitError',
          errorMessage: expect.stringMatching(
            /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1$/,
          ),
        },
      },
    })
  })

  it.each([
    { name: '6 MB', characters: 6_291_454, refused: false },
    { name: 'a byte more', characters: 6_291_455, refused: true },
  ])('of a payload of $name is refused: $refused', async ({ characters, refused }) => {
    const test = functionWorld(functionF(), () => async () => undefined)
    const answer = await test.invoke({ Payload: 'x'.repeat(characters) })
    expect(answer.ok).toBe(!refused)
    if (answer.ok) return
    expect(answer.error).toBeInstanceOf(RequestTooLargeException)
    expect(answer.error.message).toBe(
      '6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)',
    )
  })

  it.each([
    { name: 'as large as it may be', characters: 6_291_554, error: undefined },
    { name: 'a byte larger', characters: 6_291_555, error: 'Function.ResponseSizeTooLarge' },
  ])('with an answer $name has the error $error', async ({ characters, error }) => {
    const test = functionWorld(functionF(), () => async () => 'x'.repeat(characters))
    const answer = await test.invoke()
    const { Payload } = (answer.ok ? answer.output : {}) as { readonly Payload?: unknown }
    expect((Payload as { readonly errorType?: string }).errorType).toBe(error)
  })
})
