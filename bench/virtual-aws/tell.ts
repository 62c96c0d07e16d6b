import type { Answer, Answered } from './world.ts'

/** Tells an answer to whoever asked. */
export const tell = (asker: Answered, answer: Answer): void => {
  if (typeof asker === 'function') asker(answer)
  else asker.answered(answer)
}
