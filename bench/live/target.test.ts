import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connect, disconnect, type Target } from './target.ts'

/** Where a client sends its requests to; nothing leaves the test. */
const hostOf = async (target: Target): Promise<string> => {
  const clients = connect(target)
  let host = ''
  clients.sqs.middlewareStack.add(
    () => (args) => {
      host = String(Reflect.get(Object(args.request), 'hostname'))
      throw new Error('caught before it left')
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  await expect(clients.sqs.send(new ListQueuesCommand({}))).rejects.toThrow('caught before it left')
  disconnect(clients)
  return host
}

describe('the clients of a target', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SQS'])(
    'go to AWS where that is asked for, whatever %s says',
    async (name) => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
      vi.stubEnv(name, 'http://127.0.0.1:4566')
      expect(await hostOf({ kind: 'aws', region: 'eu-west-1' })).toBe('sqs.eu-west-1.amazonaws.com')
    },
  )

  it('go to the endpoint that is named', async () => {
    expect(await hostOf({ kind: 'endpoint', url: 'http://localhost:4566', region: 'eu-west-1' })).toBe(
      'localhost',
    )
  })
})
