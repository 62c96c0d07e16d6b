import { lawsOf, tally } from '../laws.ts'
import type { RecoveryAction, RecoveryRemark, RecoveryResult } from '../results.ts'
import type { RecoveryTotals } from './recovery.ts'

/** The recovery of a run, from that of its shards; undefined where nobody watched for it. */
export const recoveryOf = (shards: readonly RecoveryTotals[]): RecoveryResult | undefined => {
  if (shards.length === 0) return undefined
  const after = shards.flatMap((shard) => shard.after ?? [])
  return {
    actions: actionsOf(shards.flatMap(({ actions }) => actions)),
    ...(after.length === 0
      ? {}
      : {
          after: {
            outcomes: tally(after.map(({ outcomes }) => outcomes).join('')),
            brokenLaws: lawsOf(after.map(({ laws }) => laws)).filter(({ held }) => !held),
            left: remarksOf(after.flatMap(({ left }) => left)),
            traps: remarksOf(after.flatMap(({ traps }) => traps)),
          },
        }),
  }
}

const actionsOf = (all: readonly RecoveryAction[]): RecoveryAction[] => {
  const sums = new Map<string, RecoveryAction>()
  for (const each of all) {
    const key = JSON.stringify([each.action, each.resource])
    const before = sums.get(key)
    const untils = [each, before].flatMap((one) => one?.until ?? [])
    sums.set(key, {
      ...each,
      ...(untils.length === 0 ? {} : { until: Math.min(...untils) }),
      times: each.times + (before?.times ?? 0),
      items: each.items + (before?.items ?? 0),
    })
  }
  return [...sums.values()]
}

const remarksOf = (all: readonly RecoveryRemark[]): RecoveryRemark[] => {
  const sums = new Map<string, RecoveryRemark>()
  for (const each of all) {
    const key = JSON.stringify([each.what, each.resource, each.why])
    sums.set(key, { ...each, count: each.count + (sums.get(key)?.count ?? 0) })
  }
  return [...sums.values()]
}
