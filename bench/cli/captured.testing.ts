import { afterEach, beforeEach, vi } from 'vitest'

/** What a command of a test writes, from one test to the next; none of it reaches the terminal. */
export const captured = (): { stdout: string; stderr: string } => {
  const told = { stdout: '', stderr: '' }
  beforeEach(() => {
    for (const stream of ['stdout', 'stderr'] as const) {
      told[stream] = ''
      vi.spyOn(process[stream], 'write').mockImplementation((text) => {
        told[stream] += String(text)
        return true
      })
    }
  })
  afterEach(() => {
    vi.restoreAllMocks()
    process.exitCode = 0
  })
  return told
}
