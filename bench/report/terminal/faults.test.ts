import { describe, expect, it } from 'vitest'
import type { Results } from '../../results.ts'
import { disturbedResults, type Told, threeFaults } from '../effects.testing.ts'
import { fixtureResults } from '../fixture.testing.ts'
import { renderTerminal } from '../terminal.ts'
import { columnsMax } from './tables.ts'

const printed = (results: Results): readonly string[] =>
  renderTerminal(results, { colour: false }).split('\n')

/** The two lines of the first contestant in a scenario. */
const cellOf = (told: Told): string => {
  const lines = printed(disturbedResults({ crash: [told, {}, {}] }))
  const from = lines.findIndex((line) => line.startsWith('what breaks'))
  const at = lines.findIndex((line, index) => index > from && line.startsWith('crash '))
  const words = (line: string | undefined) => (line ?? '').replace(/^crash|untouched.*/g, '').trim()
  return `${words(lines[at])} / ${words(lines[at + 1])}`
}

describe('what faults did, on the terminal', () => {
  it('stands where the styles differ most first, two lines a scenario and a cell a contestant', () => {
    const lines = printed(threeFaults())
    const from = lines.findIndex((line) => line.startsWith('what breaks'))
    expect(lines.slice(from, from + 15).join('\n')).toMatchInlineSnapshot(`
      "what breaks, who notices, what is lost (simulated; where the styles differ most comes first)
                     orchestrated  orchestrated-direct  choreographed
      rule-disabled  untouched     untouched            strands 205, never back +
                                                        page 46 min
      poison         rejects 14 +  rejects 14           strands 14 +
                     page 3.4 h    nobody is told       page 46 min
      crash          survives      survives             survives
                     ticket 60 s   ticket 60 s          ticket 60 s
      against the same orders undisturbed · back: how long after its end the last order touched had ended
      ticket, page: the first alarm that would not have rung undisturbed, from when the fault began
      times are rounded to whole seconds, and from ten minutes to whole minutes; the report has tenths
      + there is something to do: the report says what; with --recover it is done
      orders that show it are in the report; to see the first again:
        npm run -s ovc -- explain --scenario poison --order order-000023
      "
    `)
  })

  it.each<{ name: string; told: Told; says: string }>([
    {
      name: 'orders that are rejected',
      told: { harm: 'rejects orders', endedOtherwise: 9 },
      says: 'rejects 9 / nobody is told',
    },
    {
      name: 'orders that are broken',
      told: { harm: 'breaks orders', outcomes: { inconsistent: 2 }, untold: 2 },
      says: 'breaks 2 / nobody is told !',
    },
    {
      name: 'what comes back, in whole seconds',
      told: {
        harm: 'survives',
        recovery: { unaided: { open: 2, ended: 2, recoveredMs: 2_449 }, actions: [] },
      },
      says: 'survives, back 2 s / nobody is told',
    },
    {
      name: 'a ticket before the page, in the same unit',
      told: {
        harm: 'survives',
        detected: { ticket: { alarm: 'A', afterMs: 1_260_000 }, page: { alarm: 'B', afterMs: 2_730_000 } },
      },
      says: 'survives / ticket 21, page 46 min',
    },
    {
      name: 'a ticket before the page, in another unit',
      told: {
        harm: 'survives',
        detected: { ticket: { alarm: 'A', afterMs: 30_000 }, page: { alarm: 'B', afterMs: 2_730_000 } },
      },
      says: 'survives / ticket 30 s, page 46 min',
    },
    {
      name: 'a page alone where the ticket comes after it',
      told: {
        harm: 'survives',
        detected: { ticket: { alarm: 'A', afterMs: 43_200_000 }, page: { alarm: 'B', afterMs: 12_240_000 } },
      },
      says: 'survives / page 3.4 h',
    },
  ])('tells of $name', ({ told, says }) => {
    expect(cellOf(told)).toBe(says)
  })

  it('explains its signs where they occur alone', () => {
    const quiet = printed(disturbedResults({ crash: [{ harm: 'survives' }, {}, {}] })).join('\n')
    expect(quiet).not.toMatch(/^[!+] /m)
    const loud = printed(
      disturbedResults({
        crash: [
          {
            harm: 'strands orders',
            endedOtherwise: 9,
            untold: 9,
            recovery: { actions: [{ action: 'deploy again', resource: 'Stack', times: 1, items: 1 }] },
          },
          {},
          {},
        ],
      }),
    ).join('\n')
    expect(loud).toMatch(/^crash +strands 9 \+ +untouched +untouched\n +nobody is told !$/m)
    expect(loud).toMatch(/^! .*\n\+ /m)
  })

  it('hands over the command of an order that shows it, uncut', () => {
    const command = `npm run -s ovc -- explain --orders ${'deep/'.repeat(40)}orders.csv`
    const results = disturbedResults(
      { crash: [{ harm: 'survives', shows: 'a' }, {}, {}] },
      { crash: [{ order: 'a', command }] },
    )
    expect(printed(results)).toContain(`  ${command}`)
  })

  it('fits its columns with names without end and millions of orders', () => {
    const told: Told = {
      harm: 'strands orders',
      outcomes: { stuck: 1_999_999 },
      untold: 1_999_999,
      detected: { ticket: { alarm: 'A', afterMs: 30_000 }, page: { alarm: 'B', afterMs: 12 * 3_600_000 } },
      recovery: { unaided: { open: 2, ended: 1 }, actions: [] },
    }
    const lines = printed(disturbedResults({ [`crash-${'x'.repeat(200)}`]: [told, told, told] }))
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columnsMax)
    expect(lines.join('\n')).toMatch(/^crash-x+… /m)
  })

  it('is not spoken of where no fault was held against an undisturbed run', () => {
    expect(renderTerminal(fixtureResults(['steady', 'crash']), { colour: false })).not.toContain(
      'what breaks',
    )
  })
})
