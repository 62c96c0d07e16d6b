import type { ContestantInfo } from './results.ts'

type Flow = ContestantInfo['flow']

interface State {
  readonly Type: string
  readonly Next?: string
  readonly End?: boolean
  readonly Default?: string
  readonly Choices?: readonly { readonly Next: string; readonly Condition?: string }[]
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[]
}

/** Where states with `End: true` lead. */
const done = 'done'

/** A JSONata condition without its frame: `{% $states.input.type = 'OrderShipped' %}` asks for the type. */
const readable = (condition: string | undefined): string =>
  (condition ?? '').replace(/^\{%\s*|\s*%\}$/g, '').replaceAll('$states.input.', '')

/** The picture of a state machine, read from its definition. */
export const flowOfStateMachine = (definition: {
  readonly StartAt: string
  readonly States: Readonly<Record<string, unknown>>
}): Flow => {
  const states = Object.entries(definition.States) as [string, State][]
  const edges = states.flatMap(([from, state]): Flow['edges'] => {
    const next = (to: string | undefined, label = ''): Flow['edges'] =>
      to === undefined ? [] : [{ from, to, label, kind: 'next' }]
    return [
      ...next(state.Next),
      ...next(state.End === true ? done : undefined),
      ...(state.Choices ?? []).flatMap((choice) => next(choice.Next, readable(choice.Condition))),
      ...next(state.Default, 'otherwise'),
      ...(state.Catch ?? []).map((handler) => ({
        from,
        to: handler.Next,
        label: handler.ErrorEquals.includes('States.ALL')
          ? 'technical failure'
          : handler.ErrorEquals.join(', '),
        kind: 'catch' as const,
      })),
    ]
  })
  return {
    nodes: [
      { id: 'start', label: 'StartExecution', kind: 'start' },
      ...states.map(([id, state]) => ({
        id,
        label: id,
        kind: state.Type === 'Succeed' || state.Type === 'Fail' ? ('end' as const) : ('state' as const),
      })),
      ...(states.some(([, state]) => state.End === true)
        ? [{ id: done, label: 'done', kind: 'end' as const }]
        : []),
    ],
    edges: [{ from: 'start', to: definition.StartAt, label: '', kind: 'next' }, ...edges],
  }
}

/** The picture of a choreography, read from its subscriptions: services, and the events between them. */
export const flowOfSubscriptions = (
  subscriptions: readonly {
    readonly listener: string
    readonly on: readonly string[]
    readonly publishes: readonly string[]
  }[],
): Flow => {
  const services = [...new Set(subscriptions.map((subscription) => subscription.listener))]
  const publishers = (event: string): string[] => [
    ...new Set(
      subscriptions.filter((other) => other.publishes.includes(event)).map((other) => other.listener),
    ),
  ]
  const edges = subscriptions
    .filter((subscription) => subscription.listener !== 'view')
    .flatMap((subscription) =>
      subscription.on.flatMap((message): Flow['edges'] => {
        const from = publishers(message)
        if (from.length === 0)
          return [{ from: 'customer', to: subscription.listener, label: message, kind: 'command' }]
        return from.map((publisher) => ({
          from: publisher,
          to: subscription.listener,
          label: message,
          kind: 'event',
        }))
      }),
    )
  return {
    nodes: [
      { id: 'customer', label: 'customer', kind: 'start' },
      ...services.map((id) => ({
        id,
        label: id === 'view' ? 'order view (hears every event)' : `${id} service`,
        kind: id === 'view' ? ('view' as const) : ('service' as const),
      })),
    ],
    edges,
  }
}
