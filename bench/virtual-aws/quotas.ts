/** What a quota does to a request: nothing, hold it up for `delayMs`, or refuse it. In the shape of `Throttling`. */
export interface Verdict {
  readonly effect: 'none' | 'delayed' | 'rejected'
  readonly delayMs: number
}

/** The default quotas of one account in one region. Buckets start full. */
export interface Quotas {
  /**
   * Takes tokens at this virtual time, which must not run back. Quotas on API calls are named as the call is:
   * `states.StartExecution`. A name without a quota is unlimited. `of` names the one of many that has the quota to
   * itself.
   */
  take(quota: string, nowMs: number, units?: number, of?: string): Verdict
  /** From now on this is all that is left of a quota of the account, as when others take the rest; undefined: all of it. */
  leave(quota: QuotaName, limit: Limit | undefined): void
}

/** Refuses a region that is not in `regions`. */
export const createQuotas = (region: string): Quotas => {
  if (!regions.includes(region)) {
    throw new Error(`Expected a region with known quotas (${regions.join(', ')}), got "${region}"`)
  }
  const buckets = new Map<string, Bucket>(quotaNames.map((name) => [name, fullBucket(name, region)]))
  const bucketOf = (quota: string, of: string): Bucket | undefined => {
    if (!isQuota(quota)) return undefined
    const key = `${quota} ${of}`
    const known = buckets.get(key)
    if (known !== undefined) return known
    const bucket = fullBucket(quota, region)
    buckets.set(key, bucket)
    return bucket
  }
  return {
    take: (quota, nowMs, units = 1, of) => {
      const bucket = of === undefined ? buckets.get(quota) : bucketOf(quota, of)
      return bucket === undefined ? unhindered : take(bucket, nowMs, units)
    },
    leave: (quota, limit) => {
      const bucket = buckets.get(quota)
      if (bucket !== undefined) Object.assign(bucket, limit ?? limitOf(quota, region))
    },
  }
}

const fullBucket = (quota: QuotaName, region: string): Bucket => {
  const limit = limitOf(quota, region)
  return { ...limit, over: quotaFigures[quota].over, tokens: limit.bucket, atMs: Number.NEGATIVE_INFINITY }
}

/** The bucket and refill per second of a quota in a region. */
export const limitOf = (quota: QuotaName, region: string): Limit => {
  const { byRegion, others } = quotaFigures[quota] as QuotaFigure
  return byRegion[region] ?? others
}

export interface Limit {
  readonly bucket: number
  readonly perSecond: number
}

interface Bucket {
  bucket: number
  perSecond: number
  readonly over: QuotaFigure['over']
  tokens: number
  atMs: number
}

const unhindered: Verdict = { effect: 'none', delayMs: 0 }
const rejected: Verdict = { effect: 'rejected', delayMs: 0 }

/** Refilled when asked, so that an idle quota costs no event. A bucket that delays goes into debt: first come, first served. */
const take = (bucket: Bucket, nowMs: number, units: number): Verdict => {
  if (nowMs < bucket.atMs) throw new Error(`Time ran back: ${nowMs} ms after ${bucket.atMs} ms`)
  const refill = ((nowMs - bucket.atMs) / 1000) * bucket.perSecond
  const left = Math.min(bucket.bucket, bucket.tokens + refill) - units
  const isOver = left < 0
  bucket.atMs = nowMs
  bucket.tokens = isOver && bucket.over === 'rejected' ? left + units : left
  if (!isOver) return unhindered
  return bucket.over === 'rejected'
    ? rejected
    : { effect: 'delayed', delayMs: (-left / bucket.perSecond) * 1000 }
}

interface QuotaFigure {
  readonly about: string
  readonly over: 'rejected' | 'delayed'
  readonly byRegion: Readonly<Record<string, Limit>>
  readonly others: Limit
  readonly source: string
  readonly date: string
  readonly confidence: 'H' | 'M' | 'L' | 'assumption'
}

const limit = (bucket: number, perSecond: number): Limit => ({ bucket, perSecond })

const statesSource = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html'
const eventsSource = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html'
const queuesSource =
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html'
const read = { date: '2026-11-22', confidence: 'H' } as const

/** Step Functions has three large regions; all others are alike. */
const large = (limits: Limit) => ({ 'us-east-1': limits, 'us-west-2': limits, 'eu-west-1': limits })

/** EventBridge states a rate; the bucket is taken to hold one second of it. */
const rate = (perSecond: number): Limit => limit(perSecond, perSecond)

const each = (names: readonly string[], limits: Limit) =>
  Object.fromEntries(names.map((region) => [region, limits]))

const byTier = ([t1, t2, t3, t4]: readonly [number, number, number, number]) => ({
  ...large(rate(t1)),
  ...Object.fromEntries(['eu-central-1', 'us-east-2', 'eu-south-2'].map((region) => [region, rate(t2)])),
  ...Object.fromEntries(
    ['ap-southeast-1', 'ap-northeast-1', 'eu-west-2'].map((region) => [region, rate(t3)]),
  ),
  ...Object.fromEntries(
    ['sa-east-1', 'ap-east-1', 'ap-northeast-2', 'ap-south-1', 'ca-central-1', 'eu-north-1', 'eu-west-3'].map(
      (region) => [region, rate(t4)],
    ),
  ),
})

const answer = (action: string) => ({
  about: `${action}, requests`,
  over: 'rejected' as const,
  byRegion: large(limit(3_000, 500)),
  others: limit(1_500, 300),
  source: statesSource,
  ...read,
})

/** Of these only an earlier copy of the page was read: github.com/awsdocs/aws-step-functions-developer-guide. */
const reading = (action: string, inLarge: Limit, others: Limit) => ({
  about: `${action}, requests`,
  over: 'rejected' as const,
  byRegion: large(inLarge),
  others,
  source: statesSource,
  date: '2026-11-25',
  confidence: 'M' as const,
})

/** Token buckets per account and region, as a new quota request has not raised them. One figure a line. */
export const quotaFigures = {
  'states.StateTransition': {
    about: 'state transitions, Standard',
    over: 'delayed',
    byRegion: large(limit(5_000, 5_000)),
    others: limit(800, 800),
    source: statesSource,
    ...read,
  },
  'states.StartExecution': {
    about: 'StartExecution, Standard, requests',
    over: 'rejected',
    byRegion: large(limit(1_300, 300)),
    others: limit(800, 150),
    source: statesSource,
    ...read,
  },
  'states.StartExecution.Express': {
    about: 'StartExecution, Express, requests',
    over: 'rejected',
    byRegion: {},
    others: limit(6_000, 6_000),
    source: statesSource,
    ...read,
  },
  'states.SendTaskSuccess': answer('SendTaskSuccess'),
  'states.SendTaskFailure': answer('SendTaskFailure'),
  'states.SendTaskHeartbeat': answer('SendTaskHeartbeat'),
  'states.RedriveExecution': {
    about: 'RedriveExecution, requests',
    over: 'rejected',
    byRegion: large(limit(1_300, 300)),
    others: limit(800, 150),
    source: statesSource,
    ...read,
  },
  'states.StopExecution': {
    about: 'StopExecution, requests',
    over: 'rejected',
    byRegion: large(limit(1_000, 200)),
    others: limit(500, 25),
    source: statesSource,
    ...read,
  },
  'states.DescribeExecution': {
    about: 'DescribeExecution, requests',
    over: 'rejected',
    byRegion: large(limit(300, 15)),
    others: limit(250, 10),
    source: statesSource,
    ...read,
  },
  'states.GetExecutionHistory': reading('GetExecutionHistory', limit(400, 20), limit(400, 20)),
  'states.ListExecutions': reading('ListExecutions', limit(200, 5), limit(100, 2)),
  'states.DescribeStateMachine': reading('DescribeStateMachine', limit(200, 20), limit(200, 20)),
  'states.UpdateStateMachine': reading('UpdateStateMachine', limit(100, 1), limit(100, 1)),
  'events.PutEvents': {
    about: 'PutEvents on classic buses, requests',
    over: 'rejected',
    byRegion: byTier([10_000, 2_400, 1_200, 600]),
    others: rate(400),
    source: eventsSource,
    ...read,
  },
  'events.Invocations': {
    about: 'deliveries to rule targets of classic buses',
    over: 'delayed',
    byRegion: byTier([18_750, 4_500, 2_250, 1_100]),
    others: rate(750),
    source: eventsSource,
    ...read,
  },
  'sqs.FifoThroughput': {
    about: 'a FIFO queue, calls of each of SendMessage, ReceiveMessage and DeleteMessage, batches among them',
    over: 'rejected',
    byRegion: {},
    others: rate(300),
    source: queuesSource,
    date: '2026-11-25',
    confidence: 'H',
  },
  'sqs.FifoHighThroughput': {
    about: 'a FIFO queue with high throughput, the same calls',
    over: 'rejected',
    byRegion: {
      ...large(rate(70_000)),
      ...each(['us-east-2', 'eu-central-1'], rate(19_000)),
      ...each(['ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'], rate(9_000)),
      ...each(['eu-west-2', 'sa-east-1'], rate(4_500)),
    },
    others: rate(2_400),
    source: queuesSource,
    date: '2026-11-25',
    confidence: 'M',
  },
} as const satisfies Readonly<Record<string, QuotaFigure>>

export type QuotaName = keyof typeof quotaFigures

const isQuota = (name: string): name is QuotaName => Object.hasOwn(quotaFigures, name)
const quotaNames = Object.keys(quotaFigures).filter(isQuota)

/** The regions whose default quotas are known: those that the quota pages name, and those that they call "others". */
export const regions: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]

/** Quotas that a run has only if it is billed for what they limit: FIFO queues, Express machines. */
const rareQuotas: ReadonlyMap<QuotaName, string> = new Map([
  ['sqs.FifoThroughput', 'sqs.fifoRequest'],
  ['sqs.FifoHighThroughput', 'sqs.fifoRequest'],
  ['states.StartExecution.Express', 'states.express.request'],
])

/** Every quota that went in for a region, one row each, for the table of sources; `billed` holds the run's meters. */
export const quotaFigureRows = (region: string, billed: ReadonlySet<string> = new Set()) =>
  quotaNames
    .filter((name) => billed.has(rareQuotas.get(name) ?? '') || !rareQuotas.has(name))
    .map((name) => {
      const { about, over, source, date, confidence } = quotaFigures[name]
      const { bucket, perSecond } = limitOf(name, region)
      return {
        figure: `quota ${name}: ${about}, ${region}`,
        value: `bucket ${bucket}, refill ${perSecond}/s, over it ${over}`,
        source,
        date,
        confidence,
      }
    })
