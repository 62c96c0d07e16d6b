import { z } from 'zod'

/** The contract between a run and everything that reads it. Times in ms of virtual time, money in USD at list price. */

const count = z.number().int().nonnegative()
const ms = z.number().nonnegative()

const runSchema = z.strictObject({
  id: z.string().describe('Hash of what the run was made from: same inputs, same id.'),
  seed: z.number().int(),
  runtime: z.enum(['virtual', 'emulator', 'aws']),
  region: z.string(),
  command: z.string().describe('Repeats this run.'),
  version: z.string(),
  workload: z.strictObject({
    source: z.string(),
    orders: count,
    sha256: z.string(),
    skipped: z.record(z.string(), count),
    spanMs: ms.describe('From the first to the last intended start, after scaling; of shards, the sum.'),
    timeScale: z.number().positive(),
    ratePerSecond: z
      .number()
      .positive()
      .optional()
      .describe(
        'Of a run on real stacks with the built-in workload: its --rate, so that the load can be replayed.',
      ),
    shards: count
      .optional()
      .describe('Parts that each ran on a stack of their own, with their own stock and quotas; else one.'),
  }),
  wallMs: ms.describe('Wall-clock time; the one field that differs between two runs of the same command.'),
  tag: z
    .string()
    .optional()
    .describe('Of a run on real stacks, whose tables outlive it: what its order ids begin with.'),
  startedAt: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/)
    .optional()
    .describe('Of a run on real stacks: when it was begun.'),
  gaps: z
    .array(z.string())
    .optional()
    .describe('Of a run on real stacks: what is missing, in words: runs that failed, invocations not told.'),
  latencies: z
    .strictObject({
      run: z.string().describe('The id of the run that they were observed in.'),
      runtime: z.enum(['emulator', 'aws']),
      region: z.string(),
      hops: z.array(z.string()).describe('Those observed; the others are the published ones.'),
    })
    .optional()
    .describe('Of a run in the virtual AWS with --latency: where its latencies are from.'),
})

const nodeSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  kind: z.enum(['start', 'service', 'conductor', 'bus', 'queue', 'view', 'state', 'end']),
})
const edgeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  label: z.string(),
  kind: z.enum(['command', 'event', 'next', 'catch']),
})

const contestantSchema = z.strictObject({
  id: z.string(),
  style: z.enum(['orchestration', 'choreography']),
  title: z
    .string()
    .describe('What it is: "Step Functions Standard with SQS task tokens", never the style alone.'),
  variant: z.record(z.string(), z.string()),
  flow: z
    .strictObject({ nodes: z.array(nodeSchema), edges: z.array(edgeSchema) })
    .describe('Read from its definition.'),
})

const quantilesSchema = z.strictObject({ n: count, p50: ms, p90: ms, p95: ms, p99: ms, max: ms })

const costLineSchema = z.strictObject({
  service: z.string(),
  meter: z.string(),
  kind: z.enum(['work', 'idle', 'observability']),
  part: z
    .string()
    .optional()
    .describe('The part of the system that it pays for, where that is not the flow itself: "order view".'),
  unitsPerOrder: z.number().nonnegative(),
  usdPerMillionOrders: z.number().nonnegative(),
})

const lawSchema = z.strictObject({
  law: z.string(),
  held: z.boolean(),
  violations: count,
  examples: z.array(z.string()).describe('Order ids or skus, at most five.'),
})

const outcomesSchema = z.strictObject({
  fulfilled: count,
  rejected: count,
  stuck: count,
  inconsistent: count,
})

const recoveryActionSchema = z.strictObject({
  action: z.enum([
    'put back rule',
    'deploy again',
    'redrive execution',
    'start again',
    'redrive queue',
    'resend events',
    'replay archive',
  ]),
  resource: z.string().describe('Logical id.'),
  times: count.describe('How often somebody has to do it.'),
  items: count.describe('Resources, executions, messages or events that it is about.'),
  until: ms
    .optional()
    .describe('From the first order until the first of them may be gone, and what it is about with it.'),
})

const recoveryRemarkSchema = z.strictObject({
  what: z.string(),
  resource: z.string().describe('Logical id.'),
  count,
  why: z.string(),
})

const recoverySchema = z.strictObject({
  unaided: z
    .strictObject({
      open: count.describe(
        'Orders touched that had come and not ended when the last fault was over: late, or to end otherwise.',
      ),
      ended: count.describe('Those of them that ended with nobody acting.'),
      recoveredMs: ms
        .optional()
        .describe('From the end of the last fault until the last of those had ended.'),
    })
    .optional()
    .describe('Of faults that have an end, and where they touched an order.'),
  actions: z
    .array(recoveryActionSchema)
    .describe('What one who runs the stack has to do when all is at rest; with `after`, what was done.'),
  after: z
    .strictObject({
      outcomes: outcomesSchema,
      brokenLaws: z.array(lawSchema),
      left: z.array(recoveryRemarkSchema).describe('What is still not done, and why.'),
      traps: z.array(recoveryRemarkSchema).describe('What the actions did beside what they were for.'),
    })
    .optional()
    .describe('With --recover: when the actions were carried out and all had come to rest again.'),
})

const detectionSchema = z.strictObject({
  alarm: z.string(),
  afterMs: ms.describe('From when the first fault began.'),
})

const alarmsSchema = z.strictObject({
  watching: count.describe('Alarms of its stack.'),
  rang: z
    .array(
      z.strictObject({
        alarm: z.string().describe('Its logical id in the template.'),
        severity: z.enum(['page', 'ticket']),
        says: z.string(),
        firstMs: z
          .number()
          .describe('From the first order to the end of the minute after which it rang first.'),
        times: count.describe('How often it went to ALARM.'),
        atEnd: z.boolean().describe('Whether it is still in ALARM when the horizon is reached.'),
        undisturbed: z
          .literal(true)
          .optional()
          .describe('It rings without the faults as well, and is no sign of them.'),
      }),
    )
    .describe('Those that rang, the first one first.'),
  detected: z
    .strictObject({ page: detectionSchema.optional(), ticket: detectionSchema.optional() })
    .describe(
      'The first alarm of each severity that rang when the first fault had begun, and does not ring without it.',
    ),
  untold: z
    .strictObject({ orders: count, examples: z.array(z.string()) })
    .describe('Orders stuck or inconsistent of which no alarm of severity page told.'),
})

const effectSchema = z.strictObject({
  harm: z
    .enum(['untouched', 'survives', 'rejects orders', 'strands orders', 'breaks orders'])
    .describe(
      'The worst that it did: nothing whatever; later or dearer; more rejected; some stuck; some inconsistent.',
    ),
  orders: z
    .strictObject({
      endedOtherwise: count,
      late: count.describe('Ended as they would have, but later than any of the orders did undisturbed.'),
      fulfilledUndisturbed: count.optional().describe('Of all orders, those that are fulfilled undisturbed.'),
    })
    .describe('Those that were touched, of `orders` of the result.'),
  services: z
    .array(
      z.strictObject({
        service: z.string(),
        failed: count.describe(
          'Invocations, calls and messages of its that failed, were refused or lost, more than undisturbed.',
        ),
        otherwise: count.describe('Orders of which it holds another record than undisturbed.'),
      }),
    )
    .describe('Those that were touched; the others have none of either.'),
  extra: z
    .strictObject({
      usdPerMillionOrders: z
        .number()
        .describe('More than undisturbed; less where orders are given up early.'),
      ratio: z.number().positive(),
      ci95: z.tuple([z.number(), z.number()]).describe('Of the ratio, as of any comparison of costs.'),
      verdict: z.enum(['dearer', 'cheaper', 'no difference']),
      invocations: z.number().int().describe('More than undisturbed.'),
      atLeast: z
        .literal(true)
        .optional()
        .describe(
          'That the run had not come to rest by its horizon: cost and invocations are those until then.',
        ),
    })
    .describe('Cost of retries, waiting and undoing, less what was not done.'),
  shows: z.string().optional().describe('An order that shows it: one of the scenario in `shown`.'),
})

const timelineEntrySchema = z.strictObject({
  atMs: z.number().describe('From the intended start of the order.'),
  tookMs: ms,
  by: z.string(),
  what: z.string(),
  detail: z.string(),
  billed: z.string(),
  error: z.string().optional(),
  times: count.optional().describe('Of what repeats: how often, the first at `atMs`.'),
  untilMs: z.number().optional().describe('Of what repeats: when the last one began.'),
})

const shownSchema = z.strictObject({
  order: z.string(),
  cameMs: ms.optional().describe('Its intended start, on the clock of the run and its faults.'),
  command: z.string().describe('Shows it again.'),
  timelines: z
    .record(
      z.string(),
      z.strictObject({
        outcome: z.enum(['fulfilled', 'rejected', 'stuck', 'inconsistent']),
        entries: z.array(timelineEntrySchema),
      }),
    )
    .optional()
    .describe('By contestant; of runs with few orders.'),
})

const resultSchema = z.strictObject({
  orders: count,
  outcomes: outcomesSchema,
  latencyMs: z.strictObject({
    acceptance: quantilesSchema,
    recorded: quantilesSchema,
    completion: quantilesSchema,
    coordination: quantilesSchema,
  }),
  completionCurve: z
    .array(z.tuple([z.number(), ms]))
    .describe('[percentile, ms] pairs of completion, for the percentile plot.'),
  coldStarts: z.strictObject({
    invocations: count,
    cold: count,
    ordersTouched: count.describe(
      'Orders that a cold invocation of the flow (not of the order view) worked on before their terminal fact.',
    ),
    completionMs: z
      .strictObject({ warm: quantilesSchema, cold: quantilesSchema })
      .optional()
      .describe('Completion of the orders that no cold invocation touched, and of those that one did.'),
  }),
  cost: z.strictObject({
    usdPerMillionOrders: z.number().nonnegative(),
    incomplete: z
      .literal(true)
      .optional()
      .describe('Of a run on real stacks whose calls were not all told: the least it cost, and no verdict.'),
    lines: z.array(costLineSchema),
    standingUsdPerMonth: z
      .number()
      .nonnegative()
      .optional()
      .describe('What the stack costs in 30 days with no order at all: idle polls, alarms and dashboards.'),
    monthly: z
      .array(z.strictObject({ orders: count, usd: z.number().nonnegative() }))
      .optional()
      .describe('The bill of a month by its orders: the standing cost and the work of so many orders.'),
  }),
  reliability: z.strictObject({
    deadLettered: count,
    retries: count,
    throttled: count,
    duplicatesDelivered: count,
    unmatchedEvents: count,
    crashes: count,
    transactionConflicts: count,
    overdue: count,
    dropped: count
      .optional()
      .describe('Messages that expired, or that were dropped with no dead-letter queue.'),
  }),
  chainDepth: z
    .strictObject({
      n: count,
      p50: z.number(),
      max: z.number(),
      commandsP50: z.number().optional().describe('Of them, messages that ask.'),
      factsP50: z.number().optional().describe('Of them, messages that tell: events and answers.'),
    })
    .describe(
      "Longest causation path of an order, in messages within the system; the customer's call is none.",
    ),
  recovery: recoverySchema
    .optional()
    .describe('Of a scenario with faults in the virtual AWS: what heals by itself, and what takes somebody.'),
  alarms: alarmsSchema
    .optional()
    .describe(
      "Of a scenario with faults in the virtual AWS: what the stack's own alarms did in virtual time.",
    ),
  effect: effectSchema
    .optional()
    .describe(
      'Of a scenario with faults in the virtual AWS: what they did, against the same orders undisturbed.',
    ),
  laws: z.array(lawSchema),
  kernelEvents: count,
})

const comparisonSchema = z.strictObject({
  metric: z.string(),
  a: z.string(),
  b: z.string(),
  ratio: z
    .number()
    .positive()
    .describe('a ÷ b, the median of the ratios paired by order (cost: of the totals).'),
  pairs: count.optional().describe('Orders (cost: blocks of orders) that the ratio is taken over.'),
  unpaired: count.optional().describe('Orders of the sample that only one of the two brought so far.'),
  interval: z.string().optional().describe('How the interval was made, and what it is an interval of.'),
  ci95: z
    .tuple([z.number(), z.number()])
    .describe('Sampling error only: seeded bootstrap over a bounded sample of orders.'),
  verdict: z.string().describe('The id of the lower one, or "no difference".'),
})

const pathSchema = quantilesSchema.extend({
  path: z.string().describe('A stretch of a run that can be seen from outside; see docs/on-aws.md.'),
  p10: ms,
  backwards: count
    .optional()
    .describe('Stretches that ended before they began, as two clocks told it: they are in no quantile.'),
})

const costCrossingSchema = z.strictObject({
  ordersPerMonth: z.number().positive().describe('At which the two cost the same.'),
  cheaperBelow: z.string(),
  cheaperAbove: z.string(),
})

const scenarioSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  promises: z.enum(['sameOutcome', 'laws', 'nothing']),
  load: z.record(z.string(), z.unknown()),
  faults: z.array(z.record(z.string(), z.unknown())),
  results: z.record(z.string(), resultSchema),
  sameOutcome: z
    .strictObject({ held: z.boolean(), differing: count, examples: z.array(z.string()) })
    .describe('Orders whose business outcome differs between contestants.'),
  comparison: z.array(comparisonSchema),
  paths: z
    .array(pathSchema)
    .optional()
    .describe('Of a run on real stacks: observed latencies, of all contestants together.'),
  shown: z
    .array(shownSchema)
    .optional()
    .describe('Of a scenario with faults in the virtual AWS: orders that show what they did.'),
  costCrossings: z
    .array(costCrossingSchema)
    .optional()
    .describe('Pairs of contestants of which neither is the cheaper one at every monthly volume.'),
})

const couplingRowSchema = z.strictObject({
  service: z.string(),
  ca: count.describe('Afferent: components that depend on it.'),
  ce: count.describe('Efferent: components that it depends on.'),
  instability: z.number().nullable().describe('Ce / (Ca + Ce); null when both are 0.'),
  ais: count.describe('Absolute importance: consumers that invoke or hear it.'),
  ads: count.describe('Absolute dependence: components that it invokes or hears.'),
  acs: count.describe('Absolute criticality: AIS × ADS.'),
})
const couplingSchema = z.strictObject({
  direct: z.array(couplingRowSchema),
  logical: z.array(couplingRowSchema),
  mutualPairs: z.strictObject({ direct: count, logical: count }),
  resources: z.record(z.string(), count).describe('Template resources by type.'),
})

const listenerSchema = z.strictObject({
  contestant: z.string(),
  message: z.string(),
  kind: z.enum(['command', 'event']),
  producer: z.string(),
  scenario: z.string().describe('The scenario it was run on: one in which the message occurs.'),
  sent: count.describe('How often the message was sent in the run without listeners.'),
  producerOutcome: z.enum(['holds', 'fails']),
  orderOutcome: z.enum(['holds', 'fails']),
  notTold: count
    .optional()
    .describe('Orders that ended and whose customers were not told, more than when everybody listens.'),
  verdict: z.enum(['producer fails', 'order fails', 'life goes on']),
})

const figureSchema = z.strictObject({
  figure: z.string(),
  value: z.string(),
  source: z.string(),
  date: z.string(),
  confidence: z.enum(['H', 'M', 'L', 'assumption']),
})

export const resultsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: runSchema,
  contestants: z.array(contestantSchema),
  scenarios: z.array(scenarioSchema),
  coupling: z.record(z.string(), couplingSchema),
  listeners: z.array(listenerSchema),
  figures: z.array(figureSchema).describe('Every price and latency that went in, with its source.'),
})

export type Results = z.infer<typeof resultsSchema>
export type ContestantInfo = z.infer<typeof contestantSchema>
export type ScenarioResults = z.infer<typeof scenarioSchema>
export type ContestantResult = z.infer<typeof resultSchema>
export type FaultEffect = z.infer<typeof effectSchema>
export type ShownOrder = z.infer<typeof shownSchema>
export type TimelineEntry = z.infer<typeof timelineEntrySchema>
export type RecoveryAction = z.infer<typeof recoveryActionSchema>
export type RecoveryRemark = z.infer<typeof recoveryRemarkSchema>
export type RecoveryResult = z.infer<typeof recoverySchema>
export type Quantiles = z.infer<typeof quantilesSchema>
export type CostLine = z.infer<typeof costLineSchema>
export type CostCrossing = z.infer<typeof costCrossingSchema>
export type LawResult = z.infer<typeof lawSchema>
export type Comparison = z.infer<typeof comparisonSchema>
export type Coupling = z.infer<typeof couplingSchema>
export type CouplingRow = z.infer<typeof couplingRowSchema>
export type ListenerFinding = z.infer<typeof listenerSchema>
export type Figure = z.infer<typeof figureSchema>
