import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { threeFaults } from './effects.testing.ts'
import { fixtureResults } from './fixture.testing.ts'
import { renderHtml } from './html.ts'

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const isThere = existsSync(executable)
const isDemanded = process.env['CI'] === 'true'
if (!isThere && !isDemanded)
  console.log(`Skipped: the report in a browser, since there is none at ${executable} (set CHROMIUM).`)

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const widths = [400, 1400]
const schemes = ['light', 'dark'] as const
const views = schemes.flatMap((scheme) => widths.map((width) => ({ scheme, width })))

// With CI=true a missing browser makes these fail rather than vanish.
describe.skipIf(!isThere && !isDemanded)('the report in a browser without network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const file = join(folder, 'report.html')
  const faultsFile = join(folder, 'faults.html')
  let browser: Browser | undefined

  beforeAll(async () => {
    const longName = `A title without end: ${'Step Functions Standard '.repeat(6)}`
    const results = fixtureResults(['steady', 'refusals', 'scarcity', 'carrier-outage'], (given) => ({
      ...given,
      contestants: given.contestants.map((contestant, at) =>
        at === 1 ? { ...contestant, title: longName } : contestant,
      ),
      figures: given.figures.map((figure) => ({ ...figure, source: `${figure.source}/${'x'.repeat(300)}` })),
    }))
    writeFileSync(file, await renderHtml(results))
    writeFileSync(faultsFile, await renderHtml(threeFaults()))
    if (!isThere) return
    browser = await chromium.launch({
      executablePath: executable,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  /** Opens the page with every fold unfolded, and hands back what it complained of or asked for. */
  const open = async (width: number, scheme: 'light' | 'dark', from = file) => {
    if (browser === undefined) throw new Error(`Expected a browser at ${executable}.`)
    const context = await browser.newContext({
      offline: true,
      colorScheme: scheme,
      viewport: { width, height: 900 },
      bypassCSP: true,
    })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url())
    })
    await page.goto(pathToFileURL(from).href)
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true')
    return { page, complaints, close: () => context.close() }
  }

  const violationsOf = async (page: Page): Promise<unknown> => {
    await page.addScriptTag({ path: axeSource })
    return page.evaluate(`axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' // ')))`)
  }

  it.each(
    views.flatMap((view) => [
      { ...view, name: 'of every day', from: file },
      { ...view, name: 'of faults', from: faultsFile },
    ]),
  )(
    '$name opens quietly, is accessible and does not scroll sideways: $scheme, $width px',
    async ({ width, scheme, from }) => {
      const { page, complaints, close } = await open(width, scheme, from)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await violationsOf(page)).toEqual([])
      expect(complaints).toEqual([])
      await close()
    },
    60_000,
  )

  it.each(widths)(
    'keeps every text of a picture inside the picture: %i px',
    async (width) => {
      const { page, close } = await open(width, 'light')
      const outside =
        await page.evaluate(`[...document.querySelectorAll('svg[role=img]')].flatMap((picture) => {
        const frame = picture.getBoundingClientRect()
        return [...picture.querySelectorAll('text')].filter((text) => {
          const box = text.getBoundingClientRect()
          return frame.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        }).map((text) => picture.querySelector('title').textContent + ': ' + text.textContent)
      })`)
      expect(outside).toEqual([])
      await close()
    },
    60_000,
  )

  it('unfolds the order that a cell leads to, and shows it', async () => {
    const { page, close } = await open(400, 'light', faultsFile)
    await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = false')
    await page.click('a[href="#poison-order-000023--choreographed"]')
    const seen = await page.evaluate(`[...document.querySelectorAll('details[open]')].map((fold) => {
      return fold.querySelector('summary').textContent
    })`)
    expect(seen).toEqual(['poison: order-000023'])
    const topOf = (id: string) =>
      page.evaluate(`document.getElementById('${id}').getBoundingClientRect().top / innerHeight`)
    expect(await topOf('poison-order-000023--choreographed')).toBeLessThan(0.9)
    await page.click('#poison-order-000023--choreographed a')
    expect(await topOf('row-poison')).toBeLessThan(0.9)
    expect(await topOf('row-poison')).toBeGreaterThanOrEqual(0)
    await close()
  }, 60_000)

  it('shows every cell of the matrix and of a timeline on a narrow page', async () => {
    const { page, close } = await open(390, 'light', faultsFile)
    const outside = await page.evaluate(`[...document.querySelectorAll('.stacked td, .flowing td')].filter(
      (cell) => cell.getBoundingClientRect().right > innerWidth).map((cell) => cell.textContent)`)
    expect(outside).toEqual([])
    await close()
  }, 60_000)

  it('can be reached by keyboard: the skip link first, then contents', async () => {
    const { page, close } = await open(1400, 'light')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await close()
  }, 60_000)
})
