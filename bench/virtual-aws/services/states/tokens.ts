import { BriefMap } from '../../brief-map.ts'

/** Who waits for a token: told once how its task came out, or that it still runs. */
export interface Waiting {
  succeed(output: unknown): void
  fail(error: string | null, cause: string | null): void
  heartbeat(): void
  readonly machineArn: string
}

export type TokenState =
  | { readonly kind: 'waiting'; readonly waiting: Waiting }
  /** Issued once; its task has been answered, has timed out, or its execution has ended. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed' }

/**
 * Task tokens. Only those that are waited for are held; whether another was ever issued can be read from the token
 * itself, so that memory does not grow with the number of tasks.
 */
export interface TaskTokens {
  issue(waiting: Waiting): string
  close(token: string): void
  stateOf(token: unknown): TokenState
  readonly waitingCount: number
}

/** Base 36, two digits at a time: `toString(36)` takes its time. */
const twoDigits = Array.from({ length: 36 * 36 }, (_, value) => value.toString(36).padStart(2, '0'))

/** A whole number of at least 0 in base 36. */
export const base36 = (value: number): string => {
  let most = value
  let text = ''
  while (most >= twoDigits.length) {
    text = `${twoDigits[most % twoDigits.length]}${text}`
    most = Math.floor(most / twoDigits.length)
  }
  const first = twoDigits[most] ?? ''
  return `${most < 36 ? first.charAt(1) : first}${text}`
}

const prefix = 'AQCEAAAAKgAAAAMAAAAAAAAAA'
const form = new RegExp(`^${prefix}([0-9a-z]+)\\.([0-9a-z]+)$`)

export const createTokens = (seal: () => number): TaskTokens => {
  const waiting = new BriefMap<Waiting>()
  // The seal tells the tokens of one deployment from those of another.
  const secret = Math.floor(seal() * 2 ** 32)
  let issued = 0
  const sealed = (serial: number): string => base36((Math.imul(serial, 0x9e3779b1) ^ secret) >>> 0)
  return {
    issue: (waiter) => {
      issued += 1
      const token = `${prefix}${base36(issued)}.${sealed(issued)}`
      waiting.set(token, waiter)
      return token
    },
    close: (token) => {
      waiting.delete(token)
    },
    stateOf: (token) => {
      const waiter = typeof token === 'string' ? waiting.get(token) : undefined
      if (waiter !== undefined) return { kind: 'waiting', waiting: waiter }
      const read = typeof token === 'string' ? form.exec(token) : null
      if (read === null) return { kind: 'malformed' }
      const serial = Number.parseInt(read[1] ?? '', 36)
      return { kind: serial <= issued && sealed(serial) === read[2] ? 'closed' : 'unknown' }
    },
    get waitingCount() {
      return waiting.size
    },
  }
}
