import { expect, it } from 'vitest'
import { countedIds } from './identifiers.ts'

it('counted identifiers are a series and a count in hexadecimal digits, in the form of a UUID', () => {
  const next = countedIds(0x1a3b)
  const ids = Array.from({ length: 70_000 }, next)
  expect(ids).toEqual(
    ids.map((_, index) => `00001a3b-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`),
  )
})
