import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { noGaps } from './gaps.ts'
import type { LiveFunction } from './instruments.ts'
import { traceLine } from './trace-line.ts'
import type { LoggedInvocation, TracedRun, TraceSource } from './trace-source.ts'

/**
 * Posted by the functions themselves to this process, on loopback: for an endpoint on this machine, whose logs need not
 * be whole. An invocation ends when its line has arrived, so that none is lost but one that is stopped at its time limit.
 * Nobody reports that one here.
 */
export const postSource = async (
  functions: readonly LiveFunction[],
  { id: runId, isOurs }: TracedRun,
): Promise<TraceSource> => {
  const logicalIds = new Map(functions.map(({ name, logicalId }) => [name, logicalId]))
  const invocations: LoggedInvocation[] = []
  let taken = 0
  let unreadable = 0
  let astray = 0
  const take = (text: string): void => {
    const line = traceLine(text)
    const functionId = line && logicalIds.get(line.functionName)
    if (line === undefined || functionId === undefined) unreadable += 1
    else if (!isOurs(line.event)) return
    else if (line.run === runId) invocations.push({ functionId, line })
    else astray += 1
  }
  const server = await listening(take)
  const { port } = server.address() as AddressInfo
  return {
    traceTo: `http://127.0.0.1:${port}/ ${runId}`,
    invocations,
    reports: new Map(),
    gaps: () => ({ ...noGaps, untold: unreadable, astray }),
    read: () => {
      const fresh = invocations.length - taken
      taken = invocations.length
      return Promise.resolve(fresh)
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const listening = (take: (text: string) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => void receive(request, response, take))
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

const receive = async (
  request: IncomingMessage,
  response: ServerResponse,
  take: (text: string) => void,
): Promise<void> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  take(Buffer.concat(chunks).toString('utf8'))
  response.writeHead(204).end()
}
