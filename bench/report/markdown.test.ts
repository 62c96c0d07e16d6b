import { expect, it } from 'vitest'
import { fixtureResults } from './fixture.testing.ts'
import { escaped, renderMarkdown } from './markdown.ts'

it.each([
  { text: 'a|b', markdown: 'a\\|b' },
  { text: '<script>', markdown: '&lt;script&gt;' },
  { text: '[x](javascript:alert(1))', markdown: '\\[x\\](javascript:alert(1))' },
  { text: '**bold** `code`', markdown: '\\*\\*bold\\*\\* \\`code\\`' },
  { text: 'one\n\n# two', markdown: 'one # two' },
  { text: '# one', markdown: '\\# one' },
  { text: '1. one', markdown: '1\\. one' },
  { text: '41.0', markdown: '41.0' },
  { text: '&lt;', markdown: '&amp;lt;' },
  { text: 'snake_case stays', markdown: 'snake_case stays' },
  { text: '_slanted_', markdown: '\\_slanted\\_' },
])('$text becomes $markdown', ({ text, markdown }) => {
  expect(escaped(text)).toBe(markdown)
})

it('closes a fence only where the command ends', () => {
  const markdown = renderMarkdown(
    fixtureResults(['steady'], (results) => ({
      ...results,
      run: { ...results.run, command: 'x ``` y\n```\nz' },
    })),
  )
  expect(markdown).toContain('````\nx ``` y ``` z\n````')
})

it('aligns the columns of a table, so that it can be read raw', () => {
  const lines = renderMarkdown(fixtureResults(['steady'])).split('\n')
  const first = lines.findIndex((line) => line.startsWith('| contestant '))
  const table = lines.slice(first, first + 5)
  expect(new Set(table.map((line) => [...line].length)).size).toBe(1)
})
