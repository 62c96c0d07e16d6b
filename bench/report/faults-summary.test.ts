import { describe, expect, it } from 'vitest'
import { disturbedResults, type Told, threeFaults } from './effects.testing.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'

const survives: Told = { harm: 'survives' }

describe('the summary of a run with faults', () => {
  it('says what each contestant survives and strands, and what strands orders in one style alone', () => {
    expect(renderMarkdown(threeFaults())).toContain(
      '- Of 3 scenarios with faults (simulated), orchestrated survives or is spared 2, rejects orders in 1 and strands orders in 0; ' +
        'orchestrated-direct survives or is spared 2, rejects orders in 1 and strands orders in 0; ' +
        'choreographed survives or is spared 1, rejects orders in 0 and strands orders in 2. ' +
        'In one style alone orders are stranded in choreography (rule-disabled and poison). ' +
        'Each is told in [What breaks, who notices, what is lost](#what-breaks-who-notices-what-is-lost).\n',
    )
  })

  it('leads to the matrix in the page as well', async () => {
    const page = await renderHtml(threeFaults())
    expect(page).toContain('Each is told in <a href="#matrix">What breaks, who notices, what is lost</a>.')
    expect(page).toMatch(/id="matrix"/)
  })

  it('is silent of faults that every order survived', () => {
    const text = renderMarkdown(disturbedResults({ crash: [survives, {}, survives] }))
    expect(text).not.toContain('scenarios with faults')
  })

  it('says at a glance that the sum of stuck orders has those in it that nobody promised to save', () => {
    const unpromised = disturbedResults({ crash: [survives, {}, survives] }, {}, (results) => ({
      ...results,
      scenarios: results.scenarios.map((scenario) =>
        scenario.id === 'crash' ? { ...scenario, promises: 'nothing' as const } : scenario,
      ),
    }))
    expect(renderMarkdown(unpromised)).toContain('all scenarios, those included that promise nothing')
    expect(renderMarkdown(threeFaults())).not.toContain('those included')
  })
})
