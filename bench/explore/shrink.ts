import { type Arena, type Finding, findingsOf } from './findings.ts'
import { narrowerFaults, type Schedule } from './schedule.ts'

export interface Shrunk {
  readonly schedule: Schedule
  readonly finding: Finding
  /** Schedules that were tried. */
  readonly tries: number
}

/** Schedules that are tried at most: shrinking stops there with the least that was found. */
export const triesMax = 300

/**
 * The least schedule under which the same contestants break the same law: first the fewest faults, then the fewest
 * orders, then a kinder world, then narrower faults, until nothing can be taken away.
 */
export const shrink = async (
  found: { readonly schedule: Schedule; readonly finding: Finding },
  arena: Arena,
  tried?: () => void,
): Promise<Shrunk> => {
  const contestants = arena.contestants.filter(({ id }) => found.finding.contestants.includes(id))
  let best = found
  let tries = 0
  /** Whether a lesser schedule still breaks the law; then it is the best so far. */
  const isStillBroken = async (schedule: Schedule): Promise<boolean> => {
    if (tries >= triesMax) return false
    tries += 1
    tried?.()
    const findings = await findingsOf(schedule, { ...arena, contestants })
    const finding = findings.find(({ law }) => law === found.finding.law)
    if (finding === undefined) return false
    best = { schedule, finding }
    return true
  }
  for (let before: Schedule | undefined; before !== best.schedule && tries < triesMax; ) {
    before = best.schedule
    await fewest(best.schedule.faults, (faults) => isStillBroken({ ...best.schedule, faults }))
    await fewest(
      best.schedule.orders,
      async (orders) => orders.length > 0 && isStillBroken({ ...best.schedule, orders }),
    )
    await fewest(Object.entries(best.schedule.world), (rates) =>
      isStillBroken({ ...best.schedule, world: Object.fromEntries(rates) }),
    )
    for (const index of best.schedule.faults.keys()) await narrowed(index, () => best.schedule, isStillBroken)
  }
  return { ...best, tries }
}

/** Delta debugging: takes parts away, halves first and single ones last, as long as what is left still fails. */
const fewest = async <Item>(
  items: readonly Item[],
  isStillBroken: (fewer: readonly Item[]) => Promise<boolean>,
): Promise<void> => {
  let left = items
  for (let size = left.length; size >= 1; size = Math.floor(size / 2))
    for (let start = 0; start < left.length; ) {
      const without = [...left.slice(0, start), ...left.slice(start + size)]
      if (await isStillBroken(without)) left = without
      else start += size
    }
}

const narrowed = async (
  index: number,
  scheduleNow: () => Schedule,
  isStillBroken: (schedule: Schedule) => Promise<boolean>,
): Promise<void> => {
  for (let isNarrower = true; isNarrower; ) {
    isNarrower = false
    const { faults } = scheduleNow()
    const fault = faults[index]
    for (const lesser of fault === undefined ? [] : narrowerFaults(fault)) {
      isNarrower = await isStillBroken({ ...scheduleNow(), faults: faults.with(index, lesser) })
      if (isNarrower) break
    }
  }
}
