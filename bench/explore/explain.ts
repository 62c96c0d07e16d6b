import { createTrace } from '../trace.ts'
import { type Arena, type Finding, runSchedule } from './findings.ts'
import { promises } from './promises.ts'
import { type Schedule, workloadOf } from './schedule.ts'
import { sequenceDiagram } from './sequence.ts'

/** The failing order of a finding as a sequence diagram, in each of the contestants that it is about. */
export const diagramsOf = async (
  schedule: Schedule,
  { contestants, examples }: Finding,
  arena: Arena,
): Promise<
  readonly { readonly contestant: string; readonly orderId: string; readonly diagram: string }[]
> => {
  const orderIds = workloadOf(schedule).arrivals.map(({ orderId }) => orderId)
  // A law about stock names an article: any of the orders may be the one.
  const orderId = examples.find((example) => orderIds.includes(example)) ?? orderIds[0] ?? ''
  const diagrams = []
  for (const contestant of arena.contestants.filter(({ id }) => contestants.includes(id))) {
    const trace = createTrace(orderId)
    let intendedMs = 0
    await runSchedule(schedule, contestant, arena, {
      observers: [trace.observer],
      provider: trace.provider,
      submitted: (submitted, atMs) => {
        if (submitted === orderId) intendedMs = atMs
      },
    })
    const template = arena.templates[contestant.stack] ?? { Resources: {} }
    diagrams.push({
      contestant: contestant.id,
      orderId,
      diagram: sequenceDiagram(trace.entries(), intendedMs, template),
    })
  }
  return diagrams
}

/** Kinds of fault that exploration draws from, and those of which the design promises nothing. */
export const exploredKinds: readonly string[] = Object.entries(promises).flatMap(([kind, promised]) =>
  'within' in promised ? [kind] : [],
)
