import type { ContestantResult, FaultEffect, Results, ScenarioResults } from '../results.ts'
import { fixtureResults } from './fixture.testing.ts'

type Alarms = NonNullable<ContestantResult['alarms']>

/** What a test says of one contestant under one fault; the rest is as of one that was not touched. */
export interface Told {
  readonly harm?: FaultEffect['harm']
  readonly endedOtherwise?: number
  readonly late?: number
  readonly fulfilledUndisturbed?: number
  readonly outcomes?: Partial<ContestantResult['outcomes']>
  readonly services?: readonly string[]
  readonly extra?: Partial<FaultEffect['extra']>
  readonly detected?: Alarms['detected']
  readonly untold?: number
  readonly recovery?: ContestantResult['recovery']
  readonly shows?: string
}

/** By contestant: orchestrated, orchestrated-direct, choreographed. */
export type ToldRow = readonly [Told, Told, Told]

const orders = 2_000

const toldResult = (base: ContestantResult, told: Told): ContestantResult => {
  const { recovery: _, ...result } = base
  const stuck = told.harm === 'strands orders' ? (told.endedOtherwise ?? 0) : 0
  return {
    ...result,
    orders,
    outcomes: {
      fulfilled: orders - (told.endedOtherwise ?? 0),
      rejected: (told.endedOtherwise ?? 0) - stuck,
      stuck,
      inconsistent: 0,
      ...told.outcomes,
    },
    ...(told.recovery === undefined ? {} : { recovery: told.recovery }),
    alarms: {
      watching: 40,
      rang: [],
      detected: told.detected ?? {},
      untold: { orders: told.untold ?? 0, examples: [] },
    },
    effect: {
      harm: told.harm ?? 'untouched',
      orders: {
        endedOtherwise: told.endedOtherwise ?? 0,
        late: told.late ?? 0,
        ...(told.fulfilledUndisturbed === undefined
          ? {}
          : { fulfilledUndisturbed: told.fulfilledUndisturbed }),
      },
      services: (told.services ?? []).map((service) => ({ service, failed: 3, otherwise: 2 })),
      extra: {
        usdPerMillionOrders: 0,
        ratio: 1,
        ci95: [1, 1],
        verdict: 'no difference',
        invocations: 0,
        ...told.extra,
      },
      ...(told.shows === undefined ? {} : { shows: told.shows }),
    },
  }
}

/** `steady`, and a scenario with a fault for each row, in their order. */
export const disturbedResults = (
  rows: Readonly<Record<string, ToldRow>>,
  shown: Readonly<Record<string, ScenarioResults['shown']>> = {},
  change: (results: Results) => Results = (results) => results,
): Results =>
  fixtureResults(['steady', ...Object.keys(rows)], (results) =>
    change({
      ...results,
      scenarios: results.scenarios.map((scenario) => {
        const row = rows[scenario.id]
        if (row === undefined) return scenario
        return {
          ...scenario,
          faults: [{ kind: scenario.id }],
          results: Object.fromEntries(
            Object.entries(scenario.results).map(([id, result], at) => [
              id,
              toldResult(result, row[at] ?? {}),
            ]),
          ),
          ...(shown[scenario.id] === undefined ? {} : { shown: shown[scenario.id] }),
        }
      }),
    }),
  )

/** A queue was redriven, and that is what came of it. */
export const recoveredTo = (
  outcomes: Partial<ContestantResult['outcomes']>,
): NonNullable<ContestantResult['recovery']> => ({
  actions: [{ action: 'redrive queue', resource: 'Dlq', times: 1, items: 9 }],
  after: {
    outcomes: { fulfilled: 0, rejected: 0, stuck: 0, inconsistent: 0, ...outcomes },
    brokenLaws: [],
    left: [],
    traps: [],
  },
})

const page = (afterMs: number, alarm = 'OrderOverdueInboxAlarm'): Alarms['detected'] => ({
  page: { alarm, afterMs },
})

const entries = [
  { atMs: 0, tookMs: 13.4, by: 'caller', what: 'states:StartExecution OrderFlow', detail: '', billed: '' },
  {
    atMs: 43_203_832,
    tookMs: 0,
    by: 'ProcessPaymentQueue',
    what: 'sqs:ReceiveMessage',
    detail: 'received again',
    billed: '200 sqs.request',
    error: 'SchemaError',
    times: 200,
    untilMs: 43_263_832,
  },
]

/** Three faults: one that only one style has, one that rejects in one and loses in the other, one that both survive alike. */
export const threeFaults = (): Results =>
  disturbedResults(
    {
      crash: [
        { harm: 'survives', detected: { ticket: { alarm: 'A', afterMs: 60_000 } }, shows: 'order-000001' },
        { harm: 'survives', detected: { ticket: { alarm: 'A', afterMs: 60_000 } }, shows: 'order-000001' },
        { harm: 'survives', detected: { ticket: { alarm: 'A', afterMs: 60_000 } }, shows: 'order-000001' },
      ],
      poison: [
        {
          harm: 'rejects orders',
          endedOtherwise: 14,
          detected: { ticket: { alarm: 'A', afterMs: 43_200_000 }, ...page(12_240_000) },
          services: ['payment'],
          extra: { ratio: 1.138, ci95: [1.12, 1.16], verdict: 'dearer', invocations: 8_400 },
          recovery: {
            actions: [{ action: 'redrive queue', resource: 'ProcessPaymentDlq', times: 1, items: 42 }],
          },
          shows: 'order-000023',
        },
        { harm: 'rejects orders', endedOtherwise: 14, services: ['payment'], shows: 'order-000023' },
        {
          harm: 'strands orders',
          endedOtherwise: 14,
          detected: page(2_760_000),
          services: ['payment', 'inventory'],
          recovery: {
            actions: [
              { action: 'redrive queue', resource: 'PaymentOnInventoryReservedDlq', times: 1, items: 14 },
            ],
          },
          shows: 'order-000023',
        },
      ],
      'rule-disabled': [
        {},
        {},
        {
          harm: 'strands orders',
          endedOtherwise: 205,
          late: 3,
          detected: page(2_730_000),
          recovery: {
            unaided: { open: 206, ended: 1 },
            actions: [{ action: 'replay archive', resource: 'OrderArchive', times: 1, items: 205 }],
          },
          shows: 'order-000033',
        },
      ],
    },
    {
      crash: [{ order: 'order-000001', command: 'npm run -s ovc -- explain --order order-000001' }],
      poison: [
        {
          order: 'order-000023',
          cameMs: 31_500,
          command: 'npm run -s ovc -- explain --scenario poison --order order-000023',
          timelines: {
            orchestrated: { outcome: 'rejected', entries },
            'orchestrated-direct': { outcome: 'rejected', entries: entries.slice(0, 1) },
            choreographed: { outcome: 'stuck', entries },
          },
        },
      ],
    },
  )
