import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type ProviderModel, simulateWorld } from '../shared/providers.ts'
import type { Clients, Clock, FunctionEntry } from '../shared/runtime.ts'
import { createTracer, type LambdaHandler, logLinesOf, traceTargetOf } from './trace.ts'

/**
 * Where a function meets the real AWS: each bundle ends in this, once per exported entry, at cold start.
 *
 * The outside world stays simulated on a real account too. It lives in the memory of one environment, so that a
 * repeat which reaches another environment is remembered by the service's own record, not by the provider.
 *
 * The variable `TRACE`, set by a live run and by no template, makes the function tell what it did: `log` in its log,
 * else to the address given, at which the run listens; behind a space stands the run that it tells.
 */
export const lambdaHandler = (entry: FunctionEntry): LambdaHandler => {
  const { env } = process
  const providers = simulateWorld(providerModel(env['PROVIDERS'])).providers(clock)
  const target = traceTargetOf(env['TRACE'])
  if (target === undefined) return entry(clients, env, providers, clock)
  const tracer = createTracer(clock, env, target.to === 'log' ? toLog : postingTo(target.to))
  return tracer.handler(entry(tracer.clients(clients), env, tracer.providers(providers), clock))
}

const toLog = (line: string, requestId: string): void => {
  for (const text of logLinesOf(line, requestId)) console.info(text)
}

const postingTo =
  (url: string) =>
  (line: string): Promise<unknown> =>
    fetch(url, { method: 'POST', body: line })

const clients: Clients = {
  sfn: new SFNClient({}),
  eventBridge: new EventBridgeClient({}),
  sqs: new SQSClient({}),
  dynamo: DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  }),
}

const clock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** A world in which everybody agrees; the variable `PROVIDERS` (JSON) changes parts of it. */
const providerModel = (json: string | undefined): ProviderModel => ({
  seed: 1,
  cardsDeclined: 0,
  shipmentsRefused: 0,
  mailsBounced: 0,
  chargeAnswersLost: 0,
  outages: [],
  ...(json === undefined ? {} : JSON.parse(json)),
})
