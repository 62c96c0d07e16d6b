import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

const stacks = (...names: readonly string[]) => names.map((name) => `*:stack/${name}/*`)

describe('the wildcards of one field', () => {
  it.each([
    {
      name: 'as many as a rule had that AWS took',
      wildcards: stacks('Api', 'Shared', 'Worker'),
      refused: false,
    },
    {
      name: 'as many as it had when AWS refused it',
      wildcards: stacks('Api', 'Shared', 'Worker', 'Monitoring'),
      refused: true,
    },
    {
      name: 'a sequence that repeats, as recorded on AWS',
      wildcards: ['/Users/*/dir/dir/dir/dir/dir/doc.txt'],
      refused: false,
    },
    { name: 'a sequence that repeats more often', wildcards: [`*${'a'.repeat(10)}`], refused: true },
    { name: 'repetition without a wildcard before it', wildcards: ['a'.repeat(500)], refused: false },
    { name: 'ten wildcards', wildcards: ['*a*b*c*d*e*f*g*h*i*'], refused: false },
    { name: 'eleven wildcards', wildcards: ['*a*b*c*d*e*f*g*h*i*j*'], refused: true },
  ])('are too complex or not: $name', ({ wildcards, refused }) => {
    const compiling = (field: readonly unknown[]) => () => compilePattern({ field })
    const each = compiling(wildcards.map((wildcard) => ({ wildcard })))
    const but = compiling([{ 'anything-but': { wildcard: wildcards } }])
    for (const compile of [each, but])
      if (refused) expect(compile).toThrow('Rule is too complex')
      else expect(compile).not.toThrow()
  })
})
