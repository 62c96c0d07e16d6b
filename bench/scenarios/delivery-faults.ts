import { chance } from '../../shared/chance.ts'
import type { FaultHooks, TimedDelivery } from '../virtual-aws/faults.ts'
import { messageIn, sentMsIn } from './deliveries.ts'
import type { Spell } from './scenario.ts'
import { type FaultOf, isWithin, placeOf, type Site, stepAt } from './site.ts'

export const duplicateHooks = (duplicates: readonly FaultOf<'duplicate'>[], seed: number): FaultHooks => {
  if (duplicates.length === 0) return {}
  return {
    copies: ({ resource, body }) => {
      const draw = drawsFor(seed, resource, body)
      if (draw === undefined) return []
      return duplicates
        .filter(({ at, probability }) => at === placeOf(resource) && draw('duplicate') < probability)
        .map(({ delayMs }) => within(delayMs, draw('duplicate-delay')))
    },
  }
}

/** What is late twice over is late by the sum. */
export const delayHooks = (delays: readonly FaultOf<'delay'>[], site: Site, seed: number): FaultHooks => {
  if (delays.length === 0) return {}
  return {
    held: ({ resource, body }) => {
      const step = stepAt(site, resource)
      const here = delays.filter(
        (delay) => delay.at === placeOf(resource) && (delay.step === undefined || delay.step === step),
      )
      const draw = here.length === 0 ? undefined : drawsFor(seed, resource, body)
      if (draw === undefined) return 0
      return here
        .filter(({ probability }) => draw('delay') < probability)
        .reduce((sum, { delayMs }) => sum + within(delayMs, draw('delay-by')), 0)
    },
  }
}

/** No rule delivers anything until it is over, whenever it was taken. */
export const stallHooks = (stalls: readonly Spell[], site: Site): FaultHooks => {
  if (stalls.length === 0) return {}
  return {
    stalled: ({ atMs }) =>
      stalls
        .filter((stall) => isWithin(site, stall, atMs))
        .reduce((most, { fromMs, forMs }) => Math.max(most, site.startMs + fromMs + forMs - atMs), 0),
  }
}

/** JSON, but no message. */
const poison = '"poison"'

export const poisonHooks = (poisons: readonly FaultOf<'poison'>[], site: Site, seed: number): FaultHooks => {
  if (poisons.length === 0) return {}
  return {
    rewritten: ({ resource, body }) => {
      const orderId = messageIn(body)?.orderId
      const step = stepAt(site, resource)
      if (orderId === undefined || step === undefined) return undefined
      return poisons.some(
        (each) => each.step === step && chance(seed, 'faults', 'poison', step, orderId) < each.probability,
      )
        ? poison
        : undefined
    },
  }
}

export const schemaHooks = (changes: readonly FaultOf<'schema'>[], site: Site): FaultHooks => {
  if (changes.length === 0) return {}
  const isUnreadable = (change: FaultOf<'schema'>, { body, atMs }: TimedDelivery): boolean => {
    const sentMs = sentMsIn(body)
    if (sentMs === undefined) return false
    // What is sent after the whole change is of the new version for both.
    if (change.producer === 'behind') return isWithin(site, change, sentMs)
    return isWithin(site, change, sentMs) && isWithin(site, change, atMs)
  }
  return {
    rewritten: (delivery) =>
      changes.some(
        (change) => change.step === stepAt(site, delivery.resource) && isUnreadable(change, delivery),
      )
        ? ofAnotherVersion(String(delivery.body))
        : undefined,
  }
}

/** The version that a handler cannot read; the flow knows version 1 of everything. */
const ofAnotherVersion = (body: string): string => body.replaceAll(/("dataschema":\s*"\w+\/)\d+"/g, '$12"')

const drawsFor = (seed: number, resource: string, body: unknown) => {
  const message = messageIn(body)
  if (message === undefined) return undefined
  return (purpose: string): number =>
    chance(seed, 'faults', purpose, resource, message.orderId, message.messageId, message.attempt)
}

const within = ([least, most]: readonly [number, number], share: number): number =>
  least + share * (most - least)
