import type { Kernel } from '../../kernel.ts'

/** Who waits for messages of one queue, and the one timer that stands while anybody does. */
export class WakeUps {
  readonly #kernel: Kernel
  /** Looks at what is due; called in an event of its own. */
  readonly #due: () => void
  /** Never changed, only replaced: whoever is told may stop to listen. */
  #listeners: readonly (() => void)[] = []
  #timer: { readonly handle: number; readonly atMs: number } | undefined

  constructor(kernel: Kernel, due: () => void) {
    this.#kernel = kernel
    this.#due = due
  }

  add(listener: () => void): void {
    this.#listeners = [...this.#listeners, listener]
  }

  remove(listener: () => void): void {
    const index = this.#listeners.indexOf(listener)
    if (index >= 0) this.#listeners = this.#listeners.toSpliced(index, 1)
  }

  tell(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Sees to it that somebody looks at that time, unless nobody waits. */
  arm(atMs: number | undefined): void {
    if (this.#listeners.length === 0 || atMs === undefined) return
    if (this.#timer !== undefined) {
      if (this.#timer.atMs <= atMs) return
      this.#kernel.cancel(this.#timer.handle)
    }
    const handle = this.#kernel.at(Math.max(atMs, this.#kernel.nowMs), this.#wake)
    this.#timer = { handle, atMs }
  }

  readonly #wake = (): void => {
    this.#timer = undefined
    this.#due()
  }
}
