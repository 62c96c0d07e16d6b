/**
 * One hop of the virtual AWS: its quantiles in milliseconds, and where they come from. Between them the logarithm of
 * the latency is linear in the probability. Below the 10th percentile a hop falls to `floorShare` of it. Beyond the
 * 99th it follows a power law up to `capShare` times it, or to the maximum that the source publishes.
 */
export interface HopFigure {
  readonly about: string
  readonly p10: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  /** Further quantiles that the source publishes, as [probability, ms]. */
  readonly more?: readonly (readonly [number, number])[]
  /** The longest one measured; else the common cap holds. */
  readonly max?: number
  readonly source: string
  /** When it was measured; of an assumption, when it was made. */
  readonly date: string
  /** Number of measurements; of a derived hop, of the path it was derived from. */
  readonly n?: number
  readonly confidence: 'H' | 'M' | 'L' | 'assumption'
  /** How the hop was taken out of a longer measured path, or why the assumption is what it is. */
  readonly derivation?: string
}

/** The lowest draw, as a share of p10. In the measured Step Functions hop p1 is 0.77 of p10. */
export const floorShare = 0.75

/** The highest draw, as a multiple of p99. In the measured Step Functions hop the maximum is 2.5 times p99. */
export const capShare = 2.5

/** One draw in so many is the cap. An assumption: no source is large enough to tell. */
export const capOneIn = 10_000

/** One hop between a producer and a Lambda consumer; eu-west-1, 4-5 September 2022, EventBridge again in February 2023. */
export const oneHopSource =
  'https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/ (L. van Donkersgoed), eu-west-1'

/** Chains of Lambda functions under Step Functions Standard; us-east-1, July 2022. */
export const chainSource =
  'https://github.com/spcl/sebs-flow-artifact @7dfd498 perf-cost/620.func-invo (SeBS-Flow, arXiv 2410.03480), us-east-1'

const callAssumption =
  'No percentiles are published. Chosen small and narrow, because the measured paths that contain the call ' +
  'leave no room for more; what the call does not take, the next hop of the path does.'

const dynamoAssumption =
  'No percentiles are published. AWS says "single-digit millisecond latency" of a single request.'

/** Every hop that the virtual AWS draws. One vintage and region for both styles; exceptions say so in `source`. */
export const hopFigures = {
  'states.startExecution': {
    about: 'StartExecution, the API call',
    p10: 15,
    p50: 20,
    p90: 28,
    p99: 60,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation: callAssumption,
  },
  'states.start': {
    about: 'execution accepted → task of the first state dispatched',
    p10: 57,
    p50: 81.5,
    p90: 106,
    p99: 228,
    source: oneHopSource,
    date: '2022-09-05',
    n: 1024,
    confidence: 'M',
    derivation:
      'From "SFN Standard, StartExecution → Lambda (sync task)": what remains when half of the StartExecution ' +
      'call and a warm synchronous invocation, drawn independently, are taken out of the measured path.',
  },
  'states.transition': {
    about: 'state finished → task of the next state dispatched',
    p10: 75,
    p50: 92.5,
    p90: 122,
    p99: 190,
    more: [
      [0.05, 69],
      [0.25, 86],
      [0.75, 96],
      [0.95, 160],
    ],
    source: chainSource,
    date: '2022-07',
    n: 1350,
    confidence: 'M',
    derivation:
      'From the hop "handler end → next handler start" (payload up to 16 KiB, warm): what remains when a warm ' +
      'synchronous invocation, drawn independently, is taken out. Grows with the payload.',
  },
  'states.answer': {
    about: 'SendTaskSuccess and SendTaskFailure, the API call',
    p10: 10,
    p50: 14,
    p90: 20,
    p99: 45,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation:
      'No percentiles are published. Below StartExecution, which also stores the execution; after it a whole ' +
      'transition follows, since the measured hop contains the completion of a task.',
  },
  'sqs.call': {
    about: 'any SQS API call',
    p10: 5,
    p50: 6,
    p90: 8,
    p99: 20,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation: callAssumption,
  },
  'sqs.deliver': {
    about: 'message visible → handler starts, by an event source mapping, warm',
    p10: 11.1,
    p50: 12,
    p90: 28.4,
    p99: 100,
    source: oneHopSource,
    date: '2022-09-05',
    n: 1024,
    confidence: 'M',
    derivation:
      'From "SQS Standard → Lambda": what remains when half of the SendMessage call, drawn independently, is ' +
      'taken out. The poll and the invocation are in it.',
  },
  'sqs.deliverFifo': {
    about: 'message of a FIFO queue visible → handler starts, by an event source mapping, warm',
    p10: 18.8,
    p50: 24,
    p90: 57,
    p99: 640,
    source: oneHopSource,
    date: '2022-09-05',
    n: 1024,
    confidence: 'M',
    derivation:
      'From "SQS FIFO → Lambda": what remains when half of the SendMessage call, drawn independently, is taken out, ' +
      'as for a standard queue.',
  },
  'events.put': {
    about: 'PutEvents, the API call',
    p10: 9,
    p50: 12,
    p90: 18,
    p99: 45,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation: callAssumption,
  },
  'events.route': {
    about: 'event accepted → the call on the target is made',
    p10: 63.3,
    p50: 75.8,
    p90: 165,
    p99: 312,
    source: oneHopSource,
    date: '2023-02',
    n: 1024,
    confidence: 'M',
    derivation:
      'From "EventBridge → Lambda (async)", measured again after the improvement of 17 February 2023: what remains ' +
      'when half of the PutEvents call, the asynchronous queue of Lambda and a warm invocation, drawn ' +
      'independently, are taken out. The asynchronous queue holds the call on Lambda, so that what remains ends ' +
      'where that call is made: a queue as target is reached half a SendMessage call later, as from a state machine.',
  },
  'lambda.invoke': {
    about: 'synchronous invocation requested → handler starts, warm',
    p10: 5,
    p50: 6,
    p90: 8,
    p99: 20,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation:
      'No percentiles are published. Bounded above by "SQS Standard → Lambda" (p10 13.7 ms), which contains a ' +
      'SendMessage call, a poll and an invocation.',
  },
  'lambda.asyncQueue': {
    about: 'asynchronous invocation requested → taken up, before the invocation itself',
    p10: 34,
    p50: 38,
    p90: 75,
    p99: 100,
    source: oneHopSource,
    date: '2022-09-05',
    n: 1024,
    confidence: 'M',
    derivation:
      'From "SFN Standard, StartExecution → Lambda (async)" against the same with a synchronous task: medians ' +
      '142 − 99.1 = 43 ms, the call on Lambda among them. Chosen so that the longer path holds when all parts are drawn independently; no ' +
      'independent part reproduces it exactly.',
  },
  'lambda.init': {
    about: 'INIT of a cold start, billed: nodejs22.x, zip, 512 MB, arm64',
    p10: 102.4,
    p50: 129.6,
    p90: 139.2,
    p99: 167,
    more: [
      [0.01, 96.2],
      [0.05, 99.5],
      [0.25, 109.4],
      [0.75, 134.6],
      [0.95, 144.3],
    ],
    max: 214.6,
    source:
      'https://github.com/maxday/lambda-perf @6070b79 data/2026-06-23..2026-08-22 (Apache-2.0), hello-world, region not stated',
    date: '2026-08-22',
    n: 588,
    confidence: 'H',
  },
  'lambda.placement': {
    about: 'further time of a cold start, not billed: placing the sandbox and fetching the code',
    p10: 140,
    p50: 155,
    p90: 260,
    p99: 345,
    source: chainSource,
    date: '2022-07',
    n: 110,
    confidence: 'L',
    derivation:
      'From the same hop with the next function cold: what remains when the warm hop and an INIT, drawn ' +
      'independently, are taken out. The measured functions are Python with 256 MB, the INIT is of Node.js with 512 MB.',
  },
  'dynamodb.read': {
    about: 'GetItem and Query',
    p10: 3.5,
    p50: 5,
    p90: 9,
    p99: 20,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation: dynamoAssumption,
  },
  'dynamodb.write': {
    about: 'PutItem, UpdateItem and DeleteItem',
    p10: 3.5,
    p50: 5,
    p90: 9,
    p99: 20,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation: dynamoAssumption,
  },
  'dynamodb.transact': {
    about: 'TransactWriteItems and TransactGetItems',
    p10: 7,
    p50: 10,
    p90: 18,
    p99: 40,
    source: 'assumption',
    date: '2026-11-22',
    confidence: 'assumption',
    derivation: `${dynamoAssumption} A transaction prepares and then commits: taken as two requests, one after the other.`,
  },
} as const satisfies Readonly<Record<string, HopFigure>>

export type Hop = keyof typeof hopFigures

/**
 * How much longer a state transition takes with the payload that it carries, as [bytes, factor]: none up to
 * 16 KiB (medians of 100.4 to 92.5 ms from 32 bytes to 16 KiB), then by measured medians of 149.7 and 393.4 ms
 * against 99.1. The factors lie above those ratios because the invocation in the measured hop is not scaled.
 * Between them both scales are logarithmic. The whole distribution is scaled, although the measured one is narrower
 * at 64 KiB: its p99 comes out about a fifth too long there. No other hop is scaled: no source shows that it grows.
 * Source: as of `states.transition`, payloads of 2^5 to 2^18 bytes, n = 270 each.
 */
export const transitionPayloadFactors = [
  [16_384, 1],
  [65_536, 1.55],
  [262_144, 4.18],
] as const
