import {
  type Comparison,
  type ContestantInfo,
  type ContestantResult,
  type CostLine,
  type Coupling,
  type ListenerFinding,
  type Results,
  resultsSchema,
  type ScenarioResults,
} from '../results.ts'

/** Results made up for tests: plausible in shape, valid against the schema, and not from any run. */
export const fixtureResults = (
  scenarioIds: readonly string[] = ['steady', 'refusals'],
  change: (results: Results) => Results = (results) => results,
): Results => {
  const results: Results = {
    schemaVersion: 1,
    run: {
      id: 'f1c7e5',
      seed: 1,
      runtime: 'virtual',
      region: 'us-east-1',
      command: 'npm run compare -- --count 2000 --seed 1',
      version: '0.1.0',
      workload: {
        source: 'built-in',
        orders: 2000,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        skipped: { cancellation: 12, adjustment: 0 },
        spanMs: 1_000_000,
        timeScale: 1,
      },
      wallMs: 12_345,
    },
    contestants,
    scenarios: scenarioIds.map(scenarioOf),
    coupling: {
      orchestrated: couplingOf(1),
      'orchestrated-direct': couplingOf(2),
      choreographed: couplingOf(3),
    },
    listeners: listenersOf(scenarioIds[0] ?? 'steady'),
    figures: [
      {
        figure: 'latency sqs.deliver: message visible → handler starts',
        value: 'p50 9 ms, p90 24 ms, p99 88 ms',
        source: 'https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/',
        date: '2022-09-05',
        confidence: 'H',
      },
      {
        figure: 'latency events.route: event accepted → arrives at the target',
        value: 'p50 75 ms, p90 165 ms, p99 312 ms',
        source: 'https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/',
        date: '2023-02',
        confidence: 'M',
      },
      {
        figure: 'latency states.answer: SendTaskSuccess and SendTaskFailure',
        value: 'p50 12 ms',
        source: 'derived',
        date: '2026-11-22',
        confidence: 'L',
      },
      {
        figure: 'latency states.startExecution: StartExecution, the API call',
        value: 'p50 20 ms',
        source: 'no percentiles are published',
        date: '2026-11-22',
        confidence: 'assumption',
      },
      {
        figure: 'latency sqs.call: any SQS API call',
        value: 'p50 6 ms',
        source: 'no percentiles are published',
        date: '2026-11-22',
        confidence: 'assumption',
      },
      {
        figure: 'latency dynamodb.write: PutItem',
        value: 'p50 5 ms, p90 9 ms, p99 20 ms',
        source: 'no percentiles are published',
        date: '2026-11-22',
        confidence: 'assumption',
      },
      {
        figure: 'price of states.transition in us-east-1 (USE1-StateTransition)',
        value: '$0.000025',
        source: 'https://aws.amazon.com/step-functions/pricing/',
        date: '2026-11-22',
        confidence: 'H',
      },
    ],
  }
  return resultsSchema.parse(change(results))
}

const titles: Readonly<Record<string, string>> = {
  steady: 'A steady day',
  refusals: 'No stock, declined cards, refused shipments',
  scarcity: 'The last units are contended',
  burst: 'Ten times the load for a minute',
  crash: 'Handlers die after the save',
  duplicates: 'Messages come twice',
  'carrier-outage': 'The carrier is down for ten minutes',
}

const faults: Readonly<Record<string, ScenarioResults['faults']>> = {
  crash: [{ kind: 'crash', at: 'before-answer', probability: 0.1 }],
  'carrier-outage': [{ kind: 'provider-outage', provider: 'carrier', fromMs: 60_000, forMs: 600_000 }],
}

const commands = [
  'CreateOrder',
  'ReserveInventory',
  'ProcessPayment',
  'ArrangeShipping',
  'CompleteOrder',
  'NotifyCustomer',
]
const compensations = ['CancelShipping', 'RefundPayment', 'ReleaseInventory', 'RejectOrder']

const machine = (id: string, title: string, dispatch: string): ContestantInfo => ({
  id,
  style: 'orchestration',
  title,
  variant: { dispatch },
  flow: {
    nodes: [
      { id: 'start', label: 'StartExecution', kind: 'start' },
      ...[...commands, ...compensations].map((name) => ({ id: name, label: name, kind: 'state' as const })),
      { id: 'end', label: 'End', kind: 'end' },
      { id: 'failed', label: 'Rejected', kind: 'end' },
    ],
    edges: [
      { from: 'start', to: 'CreateOrder', label: '', kind: 'next' },
      ...commands
        .slice(1)
        .map((to, index) => ({ from: commands[index] ?? '', to, label: '', kind: 'next' as const })),
      { from: 'NotifyCustomer', to: 'end', label: '', kind: 'next' },
      { from: 'ReserveInventory', to: 'ReleaseInventory', label: 'InventoryRejected', kind: 'catch' },
      { from: 'ProcessPayment', to: 'RefundPayment', label: 'PaymentDeclined', kind: 'catch' },
      { from: 'ArrangeShipping', to: 'CancelShipping', label: 'ShippingFailed', kind: 'catch' },
      ...compensations
        .slice(1)
        .map((to, index) => ({ from: compensations[index] ?? '', to, label: '', kind: 'next' as const })),
      { from: 'RejectOrder', to: 'failed', label: '', kind: 'next' },
    ],
  },
})

const reactions: readonly (readonly [service: string, hears: string, tells: readonly string[]])[] = [
  ['inventory', 'OrderCreated', ['InventoryReserved', 'InventoryRejected']],
  ['payment', 'InventoryReserved', ['PaymentProcessed', 'PaymentDeclined']],
  ['shipping', 'PaymentProcessed', ['OrderShipped', 'ShippingFailed']],
  ['order', 'OrderShipped', ['OrderCompleted']],
  ['notification', 'OrderCompleted', ['CustomerNotified', 'NotificationFailed']],
  ['notification', 'OrderRejected', []],
  ['payment', 'ShippingFailed', ['PaymentRefunded']],
  ['inventory', 'PaymentRefunded', ['InventoryReleased']],
  ['inventory', 'PaymentDeclined', []],
  ['order', 'InventoryRejected', ['OrderRejected']],
  ['order', 'InventoryReleased', []],
]
const events = ['OrderCreated', ...reactions.flatMap(([, , tells]) => tells)]

const contestants: ContestantInfo[] = [
  machine('orchestrated', 'Step Functions Standard with SQS task tokens', 'sqs:sendMessage.waitForTaskToken'),
  machine('orchestrated-direct', 'Step Functions Standard with direct Lambda tasks', 'lambda:invoke'),
  {
    id: 'choreographed',
    style: 'choreography',
    title: 'Classic EventBridge bus with SQS queues',
    variant: { bus: 'classic' },
    flow: {
      nodes: [
        { id: 'start', label: 'CreateOrder', kind: 'start' },
        { id: 'bus', label: 'OrderBus', kind: 'bus' },
        ...['order', 'inventory', 'payment', 'shipping', 'notification'].map((service) => ({
          id: service,
          label: `${service} service`,
          kind: 'service' as const,
        })),
        { id: 'view', label: 'order view', kind: 'view' },
      ],
      edges: [
        { from: 'start', to: 'order', label: 'CreateOrder', kind: 'command' },
        { from: 'order', to: 'bus', label: 'OrderCreated', kind: 'event' },
        ...reactions.flatMap(([service, hears, tells]) => [
          { from: 'bus', to: service, label: hears, kind: 'event' as const },
          ...tells.map((label) => ({ from: service, to: 'bus', label, kind: 'event' as const })),
        ]),
        ...events.map((label) => ({ from: 'bus', to: 'view', label, kind: 'event' as const })),
      ],
    },
  },
]

const places = ['orchestrated', 'orchestrated-direct', 'choreographed'] as const

const pairs: readonly (readonly [Place, Place])[] = [
  ['orchestrated', 'orchestrated-direct'],
  ['orchestrated', 'choreographed'],
  ['orchestrated-direct', 'choreographed'],
]
type Place = (typeof places)[number]

const base = (place: Place): number => [780, 610, 520][places.indexOf(place)] ?? 500

const costOf = (place: number): number =>
  linesOf(place).reduce((total, line) => total + line.usdPerMillionOrders, 0)

const scenarioOf = (id: string, at: number): ScenarioResults => ({
  id,
  title: titles[id] ?? id,
  about: `What to look for when the scenario is "${titles[id] ?? id}".`,
  promises: id === 'scarcity' ? 'laws' : 'sameOutcome',
  load: { kind: 'as-given' },
  faults: faults[id] ?? [],
  results: Object.fromEntries(
    places.map((contestant, place) => [contestant, { ...resultOf(at, place), alarms: alarmsOf(id, place) }]),
  ),
  sameOutcome: { held: id !== 'scarcity', differing: id === 'scarcity' ? 3 : 0, examples: [] },
  comparison: pairs.flatMap(([a, b]) => [
    comparisonOf('completion', a, b, base(a) / base(b)),
    comparisonOf('acceptance', a, b, a === 'orchestrated' ? 1.004 : 0.81 + at * 0.1),
    comparisonOf('cost', a, b, costOf(places.indexOf(a)) / costOf(places.indexOf(b))),
  ]),
  costCrossings: [{ ordersPerMonth: 36_912.4, cheaperBelow: 'orchestrated', cheaperAbove: 'choreographed' }],
})

/** A crash rings tickets in all; an outage in the second alone; refusals ring one of the second's. */
const alarmsOf = (scenario: string, place: number): NonNullable<ContestantResult['alarms']> => {
  const rings = (alarm: string, firstMs: number) => ({
    alarm,
    severity: 'ticket' as const,
    says: 'Invocations fail or time out.',
    firstMs,
    times: 1 + place,
    atEnd: false,
  })
  const rang = [
    ...(scenario === 'crash' ? [rings('CreateOrderFunctionErrorsAlarm', 60_000)] : []),
    ...(scenario === 'crash' || (scenario === 'refusals' && place === 1)
      ? [rings('ReserveInventoryFunctionErrorsAlarm', 60_000)]
      : []),
    ...(scenario === 'carrier-outage' && place === 1
      ? [rings('ArrangeShippingFunctionErrorsAlarm', 120_000)]
      : []),
  ]
  const [first] = rang
  return {
    watching: [44, 24, 83][place] ?? 0,
    rang,
    detected: first === undefined ? {} : { ticket: { alarm: first.alarm, afterMs: 60_000 } },
    untold: { orders: 0, examples: [] },
  }
}

const comparisonOf = (metric: string, a: string, b: string, ratio: number): Comparison => {
  const ci95: [number, number] = [ratio * 0.999, ratio * 1.002]
  const isApart = (ci95[0] > 1 || ci95[1] < 1) && Math.abs(ratio - 1) >= 0.02
  const lower = ratio < 1 ? a : b
  return { metric, a, b, ratio, ci95, verdict: isApart ? lower : 'no difference' }
}

const percentiles = [0, 10, 25, 50, 75, 90, 92, 95, 97, 98, 98.5, 99, 99.25, 99.5, 99.75, 99.9, 99.99, 100]

const resultOf = (at: number, place: number): ContestantResult => {
  const rejected = at === 0 ? 0 : 60 + 70 * at
  const median = base(places[place] ?? 'orchestrated')
  const latency = (percentile: number) => {
    const depth = Math.log10(100 / (100 - Math.min(99.99, percentile)))
    const tail = depth > 1.8 + 0.1 * place ? 1.5 + at : 1
    return median * (1 + 0.35 * depth ** 1.6) * tail * (1 + 0.3 * at)
  }
  const quantiles = (scale: number) => ({
    n: 2000,
    p50: latency(50) * scale,
    p90: latency(90) * scale,
    p95: latency(95) * scale,
    p99: latency(99) * scale,
    max: latency(99.99) * scale * 1.1,
  })
  const lines = linesOf(place)
  return {
    orders: 2000,
    outcomes: { fulfilled: 2000 - rejected, rejected, stuck: 0, inconsistent: 0 },
    latencyMs: {
      acceptance: quantiles(place === 2 ? 0.02 : 0.05),
      recorded: quantiles(0.2),
      completion: quantiles(1),
      coordination: quantiles(0.7),
    },
    completionCurve: percentiles.map((percentile) => [percentile, latency(percentile)]),
    coldStarts: { invocations: 24_000, cold: 40 + place, ordersTouched: 31 + place },
    cost: {
      usdPerMillionOrders: lines.reduce((total, line) => total + line.usdPerMillionOrders, 0),
      lines,
      standingUsdPerMonth: 2 + 4 * place,
      monthly: [10_000, 1_000_000].map((orders) => ({
        orders,
        usd: 2 + 4 * place + (costOf(place) * orders) / 1_000_000,
      })),
    },
    reliability: {
      deadLettered: 0,
      retries: at * 14 + place,
      throttled: 0,
      duplicatesDelivered: at * 3,
      unmatchedEvents: 0,
      crashes: at,
      transactionConflicts: at + place,
      overdue: place === 2 ? at : 0,
    },
    chainDepth: {
      n: 2000,
      p50: place === 2 ? 7 : 6,
      max: place === 2 ? 9 : 8,
      commandsP50: place === 2 ? 0 : 3,
      factsP50: place === 2 ? 7 : 3,
    },
    laws: ['stock is conserved', 'charged at most once', 'nothing ships unpaid'].map((law) => ({
      law,
      held: true,
      violations: 0,
      examples: [],
    })),
    kernelEvents: 98_000,
  }
}

const linesOf = (place: number): CostLine[] => {
  const line = (
    service: string,
    meter: string,
    kind: CostLine['kind'],
    unitsPerOrder: number,
    usd: number,
  ) => ({
    service,
    meter,
    kind,
    unitsPerOrder,
    usdPerMillionOrders: usd,
  })
  return [
    ...(place < 2
      ? [line('Step Functions', 'transitions', 'work', 7.2, 180)]
      : [line('EventBridge', 'custom events', 'work', 6.4, 6.4)]),
    ...(place === 1
      ? []
      : [line('SQS', 'requests', 'work', 19.5, 7.8), line('SQS', 'empty receives', 'idle', 31, 12.4)]),
    line('Lambda', 'requests', 'work', 6.1, 1.22),
    line('Lambda', 'GB-seconds', 'work', 0.9, 12 + place),
    line('DynamoDB', 'write units', 'work', 8.004, 5),
    line('CloudWatch', 'log bytes', 'observability', 5400, 2.7 + place),
  ]
}

const couplingOf = (seed: number): Coupling => {
  const row = (service: string, at: number) => {
    const ca = (at + seed) % 4
    const ce = at % 3
    return {
      service,
      ca,
      ce,
      instability: ca + ce === 0 ? null : ce / (ca + ce),
      ais: ca,
      ads: ce,
      acs: ca * ce,
    }
  }
  const services = ['order', 'inventory', 'payment', 'shipping', 'notification']
  return {
    direct: services.map(row),
    logical: [...services, ...(seed === 3 ? ['view'] : [])].map((service, at) => row(service, at + 1)),
    mutualPairs: { direct: seed - 1, logical: seed },
    resources: {
      'AWS::SQS::Queue': 20,
      'AWS::Lambda::Function': 10,
      'AWS::IAM::Role': 11,
      ...(seed === 2 ? {} : { 'AWS::Lambda::EventSourceMapping': 10 }),
    },
  }
}

const listenersOf = (scenario: string): ListenerFinding[] => [
  ...['orchestrated', 'orchestrated-direct'].flatMap((contestant) =>
    [...commands, ...compensations].map((message) => {
      const isLast = message === 'NotifyCustomer'
      return {
        contestant,
        message,
        kind: 'command' as const,
        producer: 'OrderFlow',
        scenario,
        sent: compensations.includes(message) ? 40 : 2000,
        producerOutcome: 'fails' as const,
        orderOutcome: isLast ? ('holds' as const) : ('fails' as const),
        verdict: 'producer fails' as const,
      }
    }),
  ),
  ...events.map((message) => {
    const isHeard = !['CustomerNotified', 'NotificationFailed', 'OrderCompleted'].includes(message)
    return {
      contestant: 'choreographed',
      message,
      kind: 'event' as const,
      producer: message.startsWith('Order') ? 'order' : 'inventory',
      scenario,
      sent: message === 'NotificationFailed' ? 0 : 2000,
      producerOutcome: 'holds' as const,
      orderOutcome: isHeard ? ('fails' as const) : ('holds' as const),
      verdict: isHeard ? ('order fails' as const) : ('life goes on' as const),
    }
  }),
]
