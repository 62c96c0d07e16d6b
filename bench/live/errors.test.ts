import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { BadInput } from '../workload/bad-input.ts'
import { explained } from './errors.ts'
import { findStack } from './stack.ts'
import { connect, disconnect, type Target } from './target.ts'

const aws: Target = { kind: 'aws', region: 'eu-west-1', profile: 'bench' }
const endpoint: Target = { kind: 'endpoint', url: 'http://127.0.0.1:1', region: 'us-east-1' }

const named = (name: string, message = 'it says why'): Error => Object.assign(new Error(message), { name })

const line = (error: unknown, target: Target): string => {
  const said = explained(error, target)
  expect(said).toBeInstanceOf(BadInput)
  const { message } = said as BadInput
  expect(message).not.toContain('\n')
  return message
}

describe('what goes wrong on the way to AWS', () => {
  it('is said with its cure', () => {
    expect(line(named('CredentialsProviderError'), aws)).toMatch(/No AWS credentials.*"bench".*--profile/)
    expect(line(named('ExpiredTokenException'), aws)).toMatch(/"bench" have expired: log in again/)
    expect(line(named('UnrecognizedClientException'), aws)).toMatch(
      /does not accept the credentials.*eu-west-1/,
    )
    expect(line(named('AccessDeniedException', 'no sqs:ReceiveMessage'), aws)).toMatch(
      /Not allowed: no sqs:ReceiveMessage\. .*docs\/on-aws\.md/,
    )
    expect(line(named('ThrottlingException', 'Rate exceeded'), aws)).toMatch(
      /throttles.*Rate exceeded.*--rate/,
    )
    expect(line(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), aws)).toMatch(
      /cannot be reached in eu-west-1/,
    )
  })

  it('is found in what an error was caused by', () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    expect(line(new Error('outer', { cause }), endpoint)).toMatch(
      /Nothing answers at http:\/\/127\.0\.0\.1:1/,
    )
    expect(line(new AggregateError([cause]), endpoint)).toMatch(/Nothing answers/)
  })

  it('is left as it is where no cure is known', () => {
    const defect = new TypeError('a defect')
    expect(explained(defect, aws)).toBe(defect)
  })

  it.each([
    { name: 'a web page', status: 200, body: '<html><body>hello<br></body></html>' },
    { name: 'a page that is not there', status: 404, body: 'no such page' },
    { name: 'nothing', status: 403, body: '' },
  ])('is told of an endpoint that answers with $name', async ({ status, body }) => {
    const server = createServer((_, response) => response.writeHead(status).end(body))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const target: Target = { kind: 'endpoint', url: `http://127.0.0.1:${port}`, region: 'us-east-1' }
    const clients = connect(target)
    const error = await findStack(clients, target, 'Orchestrated').catch((reason: unknown) => reason)
    disconnect(clients)
    server.close()
    expect(line(error, target)).toMatch(
      /^What answers at http:\/\/127\.0\.0\.1:\d+ does not answer as AWS does: \w/,
    )
  })

  it('is told of an answer of AWS that is not foreseen', () => {
    const error = Object.assign(named('OptInRequired', 'not subscribed'), { $metadata: {} })
    expect(line(error, aws)).toBe('AWS refuses in eu-west-1: OptInRequired: not subscribed.')
  })

  it('is what the clients really throw when nothing listens', async () => {
    const clients = connect(endpoint)
    const error = await findStack(clients, endpoint, 'Orchestrated').catch((reason: unknown) => reason)
    disconnect(clients)
    expect(line(error, endpoint)).toMatch(/Nothing answers at http:\/\/127\.0\.0\.1:1/)
  })
})
