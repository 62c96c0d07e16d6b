import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPython } from '../live/emulator/python.ts'
import { openTerminal, type Terminal } from './terminal.testing.ts'

const python = await findPython()
const ovc = fileURLToPath(new URL('./ovc.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ovc-cost-'))
const out = join(folder, 'results')

/** In the place of AWS: it notes what is asked of it, and hangs up. */
let asked = 0
let onAsked: (socket: Socket) => void
const aws: Server = createServer(({ socket }) => {
  asked += 1
  onAsked(socket)
})
beforeAll(() => new Promise<void>((resolve) => void aws.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  aws.close()
  rmSync(folder, { recursive: true, force: true })
})

let terminal: Terminal
beforeEach(() => {
  asked = 0
  onAsked = (socket) => void socket.destroy()
  const words = ['compare', '--target', 'aws', '--scenario', 'steady', '--count', '20000', '--rate', '5']
  terminal = openTerminal(
    python?.command ?? '',
    [process.execPath, '--import', 'tsx', ovc, ...words, '--out', out],
    {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  )
})
afterEach(() => terminal.close())

const ctrlC = '\u0003'

describe.skipIf(python === undefined)('a run on AWS that costs more than a dollar, at a terminal,', () => {
  it('says what it costs, asks, and goes on at a yes', async () => {
    await terminal.until('Go on?')
    expect(terminal.shown()).toMatch(/This run costs about \$\d+\.\d\d at list prices, without free tiers\./)
    expect(asked).toBe(0)
    terminal.press('y')
    expect(await terminal.exitCode).toBe(2)
    expect(asked).toBeGreaterThan(0)
    expect(terminal.shown()).toContain('ovc: AWS cannot be reached in eu-west-1')
  })

  it.each([
    { name: 'a no', keys: 'n' },
    { name: 'Enter alone', keys: '\r' },
    { name: 'Ctrl-C', keys: ctrlC },
  ])('asks nothing of AWS and writes nothing at $name', async ({ keys }) => {
    await terminal.until('Go on?')
    terminal.press(keys)
    expect(await terminal.exitCode).toBe(130)
    expect(terminal.shown()).toContain('ovc: stopped; nothing was run and nothing spent')
    expect(asked).toBe(0)
    expect(existsSync(out)).toBe(false)
  })

  it('is stopped by Ctrl-C after the yes too', async () => {
    onAsked = (socket) => {
      terminal.press(ctrlC)
      // A terminal echoes it when it makes a signal of it.
      void terminal.until('^C').then(() => socket.destroy())
    }
    await terminal.until('Go on?')
    terminal.press('y')
    expect(await terminal.exitCode).toBe(130)
    expect(terminal.shown()).toMatch(/ovc: stopped after 0 of 60000 orders/)
    expect(existsSync(out)).toBe(false)
  })
})
