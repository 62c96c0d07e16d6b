import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, disconnect, type LiveClients } from '../target.ts'
import { type Emulator, emulatorRegion, startEmulator } from './emulator.ts'

const ovc = fileURLToPath(new URL('../../cli/ovc.ts', import.meta.url))

it('stops with every worker of its functions, and leaves no file but its log', async () => {
  const emulator = await startEmulator()
  const processes = await processesOf(emulator.url)
  await emulator.stop()
  await emulator.ended
  await allGone(processes)
  expect(existsSync(processes.folder)).toBe(false)
  expect(readFileSync(emulator.logFile, 'utf8')).toContain('Ready')
})

describe('a function', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator()
  })
  afterAll(() => emulator.stop())

  it('inherits nothing of the environment that the emulator was started in', async () => {
    const { variables } = await processesOf(emulator.url)
    expect(Object.keys(process.env)).toContain('VITEST')
    expect(variables).not.toContain('VITEST')
  })

  it('has at most three processes, and the other invocations wait for their turn', async () => {
    const clients = connect({ kind: 'endpoint', url: emulator.url, region: emulatorRegion })
    const told = await Promise.all(Array.from({ length: 9 }, () => tell(clients, 200)))
    expect(new Set(told.map(({ worker }) => worker)).size).toBe(3)
    disconnect(clients)
  })
})

it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'ends with every worker when the process that started it gets %s',
  async (signal) => {
    const parent = spawn(process.execPath, ['--import', 'tsx', ovc, 'emulator'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = new Promise((resolve) => parent.once('exit', resolve))
    try {
      const url = await new Promise<string>((resolve, reject) => {
        parent.stdout.once('data', (line) => resolve(String(line).trim()))
        parent.once('exit', (code) => reject(new Error(`It ended with exit code ${code}.`)))
      })
      const processes = await processesOf(url)
      parent.kill(signal)
      await ended
      await allGone(processes)
    } finally {
      parent.kill('SIGKILL')
    }
  },
)

it.each([
  { name: 'ends at once', python: 'raise SystemExit(3)', why: 'it ended with exit code 3' },
  { name: 'never answers', python: 'time.sleep(600)', why: 'it did not answer' },
])('fails, names its log and leaves nothing when it $name', async ({ python, why }) => {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-test-'))
  try {
    const program = join(folder, 'program.py')
    const says = 'print(os.getpid(), subprocess.Popen(["sleep", "600"]).pid, flush=True)'
    writeFileSync(program, ['import os, subprocess, time', says, python].join('\n'))
    const message = String(await startEmulator({ program, answersWithinMs: 2_500 }).catch(String))
    expect(message).toContain(`MiniStack did not start: ${why}`)
    const [emulator = 0, worker = 0] = readFileSync(message.replace(/^.*its log: /s, ''), 'utf8')
      .split(' ')
      .map(Number)
    await allGone({ emulator, worker })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

interface Processes {
  readonly emulator: number
  readonly worker: number
}

interface Told extends Processes {
  /** Where everything temporary lies. */
  readonly folder: string
  /** Names of its environment variables. */
  readonly variables: readonly string[]
}

/** Has a function tell in which process it runs, and who started that. */
const processesOf = async (url: string): Promise<Told> => {
  const clients = connect({ kind: 'endpoint', url, region: emulatorRegion })
  try {
    await clients.lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'Teller',
        Runtime: 'nodejs22.x',
        Handler: 'index.tell',
        Role: 'arn:aws:iam::000000000000:role/Teller',
        Code: { ZipFile: zipSync({ 'index.js': strToU8(teller) }) },
      }),
    )
    const told = await tell(clients)
    expect([isRunning(told.emulator), isRunning(told.worker), existsSync(told.folder)]).toEqual([
      true,
      true,
      true,
    ])
    return told
  } finally {
    disconnect(clients)
  }
}

const teller = `exports.tell = async ({ takesMs }) => {
  await new Promise((resolve) => setTimeout(resolve, takesMs))
  const { pid: worker, ppid: emulator, env } = process
  return { worker, emulator, folder: env.TMPDIR, variables: Object.keys(env) }
}`

const tell = async ({ lambda }: Pick<LiveClients, 'lambda'>, takesMs = 0): Promise<Told> => {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: 'Teller', Payload: JSON.stringify({ takesMs }) }),
  )
  return JSON.parse(Payload?.transformToString() ?? '')
}

/** They were told to go; what is left of the waiting is the kernel's. */
const allGone = ({ emulator, worker }: Processes): Promise<void> =>
  expect.poll(() => [isRunning(emulator), isRunning(worker)], { timeout: 5_000 }).toEqual([false, false])

const isRunning = (id: number): boolean => {
  try {
    process.kill(id, 0)
  } catch {
    return false
  }
  // Dead, and not yet buried by whoever adopts orphans.
  return !(existsSync(`/proc/${id}/stat`) && /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${id}/stat`, 'utf8')))
}
