import { describe, expect, it } from 'vitest'
import type { Statement } from './statement.ts'
import { type Implementation, verdictJson, verdictMarkdown, verdictText } from './verdict-table.ts'

const statement = (id: string, service: Statement['service']): Statement => ({
  id,
  service,
  statement: `What ${id} says`,
  documentation: `https://docs.aws.amazon.com/${id}.html`,
  stack: 'stack',
  template: { Resources: {} },
  check: async () => undefined,
})

const statements = [statement('a', 'SQS'), statement('b', 'SQS'), statement('c', 'Lambda')]
const implementations: readonly Implementation[] = [
  { name: 'virtual', verdicts: statements.map(({ id }) => ({ id, holds: true })), differences: [] },
  {
    name: 'endpoint',
    verdicts: [
      { id: 'a', holds: true },
      { id: 'b', holds: false, instead: 'got 2 | <3>' },
      { id: 'c', holds: false, instead: 'got nothing' },
    ],
    differences: [{ id: 'c', seen: /nothing/, emulator: 'Has none.', documented: 'There is one.' }],
  },
]

describe('the table of verdicts', () => {
  it('as text has a line a statement, what was seen where one does not hold, and the totals', () => {
    expect(verdictText(statements, implementations).split('\n')).toEqual([
      'statement  virtual  endpoint  what it says',
      'a          holds    holds     What a says',
      'b          holds    differs   What b says',
      '           endpoint: got 2 | <3>',
      'c          holds    differs   What c says',
      '           endpoint: got nothing (known: Has none.)',
      '',
      'virtual: 3 of 3 hold',
      'endpoint: 1 of 3 hold',
    ])
  })

  it('as Markdown counts by service, and tells what AWS says where a difference is known', () => {
    const text = verdictMarkdown(statements, implementations)
    expect(text).toContain('| SQS | 2 | 2 | 1 |\n| Lambda | 1 | 1 | 0 |\n| **all** | 3 | 3 | 1 |')
    expect(text).toContain('| holds | **differs**: got 2 \\| &lt;3> |')
    expect(text).toContain('| holds | differs: Has none. AWS: There is one. |')
    expect(text).toContain('What a says ([AWS](https://docs.aws.amazon.com/a.html))')
  })

  it('as data has the verdict of each implementation by its name', () => {
    expect(verdictJson(statements, implementations)[2]).toEqual({
      id: 'c',
      service: 'Lambda',
      statement: 'What c says',
      documentation: 'https://docs.aws.amazon.com/c.html',
      verdicts: {
        virtual: { holds: true },
        endpoint: { holds: false, instead: 'got nothing', known: 'Has none.' },
      },
    })
  })

  it('leaves out of an implementation what was not checked there', () => {
    const [virtual] = implementations
    if (virtual === undefined) throw new Error('there is one')
    const none = { ...virtual, verdicts: [] }
    expect(verdictMarkdown(statements, [none])).toContain('| not checked |')
    expect(verdictText(statements, [none])).toContain('virtual: 0 of 3 hold')
  })
})
