import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { findPython } from '../live/emulator/python.ts'
import { openTerminal, type Terminal } from './terminal.testing.ts'

const python = await findPython()
const ovc = fileURLToPath(new URL('./ovc.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ovc-cost-'))
const out = join(folder, 'results')

/**
 * Credentials are asked of a program before the first request leaves, which says so at the terminal and has none: whatever
 * the answer is, nothing reaches AWS.
 */
const asked = 'credentials are asked for'
const program = join(folder, 'credentials.sh')
// The SDK asks again after a refusal: only the first is long in coming.
writeFileSync(
  program,
  `echo ${asked} > /dev/tty\n[ -e "$0.asked" ] || { touch "$0.asked"; sleep "$SECONDS_UNTIL_REFUSED"; }\nexit 1\n`,
)
writeFileSync(join(folder, 'config'), `[default]\nregion = eu-west-1\ncredential_process = sh ${program}\n`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let terminal: Terminal
const open = (secondsUntilRefused: number): void => {
  rmSync(`${program}.asked`, { force: true })
  const words = ['compare', '--target', 'aws', '--scenario', 'steady', '--count', '10000', '--rate', '5']
  terminal = openTerminal(
    python?.command ?? '',
    [process.execPath, '--import', 'tsx', ovc, ...words, '--out', out],
    {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_EC2_METADATA_DISABLED: 'true',
      SECONDS_UNTIL_REFUSED: String(secondsUntilRefused),
    },
  )
}
afterEach(() => terminal.close())

const ctrlC = '\u0003'

describe.skipIf(python === undefined)('a run on AWS that costs more than a dollar, at a terminal,', () => {
  it('says what it costs, asks, and goes on at a yes', async () => {
    open(0)
    await terminal.until('Go on?')
    expect(terminal.shown()).toMatch(/This run costs about \$\d+\.\d\d at list prices, without free tiers\./)
    expect(terminal.shown()).not.toContain(asked)
    terminal.press('y')
    expect(await terminal.exitCode).toBe(2)
    expect(terminal.shown()).toContain(asked)
    expect(terminal.shown()).toContain('ovc: No AWS credentials were found')
  })

  it.each([
    { name: 'a no', keys: 'n' },
    { name: 'Enter alone', keys: '\r' },
    { name: 'Ctrl-C', keys: ctrlC },
  ])('asks nothing of AWS and writes nothing at $name', async ({ keys }) => {
    open(0)
    await terminal.until('Go on?')
    terminal.press(keys)
    expect(await terminal.exitCode).toBe(130)
    expect(terminal.shown()).toContain('ovc: stopped; nothing was run and nothing spent')
    expect(terminal.shown()).not.toContain(asked)
    expect(existsSync(out)).toBe(false)
  })

  it('is stopped by Ctrl-C after the yes too', async () => {
    open(5)
    await terminal.until('Go on?')
    terminal.press('y')
    await terminal.until(asked)
    terminal.press(ctrlC)
    expect(await terminal.exitCode).toBe(130)
    expect(terminal.shown()).toMatch(/ovc: stopped after 0 of 30000 orders/)
    expect(existsSync(out)).toBe(false)
  })
})
