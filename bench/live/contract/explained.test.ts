import { describe, expect, it } from 'vitest'
import { unexplained } from './explained.ts'

const differences = [{ id: 'known', seen: /late/, emulator: 'Comes late.', documented: 'In time.' }]

describe('a verdict', () => {
  it.each([
    { name: 'that holds and is not listed', id: 'other', holds: true, says: undefined },
    { name: 'that does not hold, as it is listed', id: 'known', instead: 'came late', says: undefined },
    {
      name: 'that does not hold otherwise',
      id: 'known',
      instead: 'came early',
      says: /not as listed.*early/,
    },
    {
      name: 'that does not hold and is not listed',
      id: 'other',
      instead: 'gone',
      says: /no difference.*gone/,
    },
    { name: 'that holds although it is listed', id: 'known', holds: true, says: /is no more/ },
  ])('$name: $says', ({ id, instead, says }) => {
    const verdict =
      instead === undefined ? ({ id, holds: true } as const) : ({ id, holds: false, instead } as const)
    const found = unexplained(verdict, differences)
    if (says === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(says)
  })
})
