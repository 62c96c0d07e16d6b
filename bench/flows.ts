import type { ContestantInfo } from './results.ts'

type Flow = ContestantInfo['flow']

interface State {
  readonly Type: string
  readonly Next?: string
  readonly Default?: string
  readonly Choices?: readonly { readonly Next: string }[]
  readonly Catch?: readonly { readonly Next: string; readonly ErrorEquals: readonly string[] }[]
}

/** The picture of a state machine, read from its definition. */
export const flowOfStateMachine = (definition: {
  readonly StartAt: string
  readonly States: Readonly<Record<string, unknown>>
}): Flow => {
  const states = Object.entries(definition.States) as [string, State][]
  const edges = states.flatMap(([from, state]): Flow['edges'] => {
    const next = [state.Next, state.Default, ...(state.Choices ?? []).map((choice) => choice.Next)]
    const caught = (state.Catch ?? []).map((handler) => ({
      from,
      to: handler.Next,
      label: handler.ErrorEquals.length > 2 ? 'technical end' : handler.ErrorEquals.join(', '),
      kind: 'catch' as const,
    }))
    return [
      ...next.flatMap((to) => (to === undefined ? [] : [{ from, to, label: '', kind: 'next' as const }])),
      ...caught,
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
