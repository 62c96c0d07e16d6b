import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emulatorFolder, environmentFor, findPython, pythonMissing } from './python.ts'

/** MiniStack at work: an endpoint that speaks AWS's protocols, made by people who have never heard of this project. */
export interface Emulator {
  readonly url: string
  /** What it said; kept when it has been stopped. */
  readonly logFile: string
  /** Settles when it is no more, whoever ended it. */
  readonly ended: Promise<void>
  /** Ends it with all processes that it started. */
  stop(): Promise<void>
}

/** The account that everything in it belongs to, and the region that a client asks when it names none. */
export const emulatorAccount = '000000000000'
export const emulatorRegion = 'us-east-1'

const launcher = fileURLToPath(new URL('./launcher.py', import.meta.url))
const answersWithinMs = 60_000
const askEveryMs = 100
const logsKeptMs = 86_400_000

export interface EmulatorOptions {
  /** The interpreter that MiniStack is installed for; by default an environment is made when there is none. */
  readonly interpreter?: string
  readonly program?: string
  readonly answersWithinMs?: number
}

/** Starts MiniStack on a free port of 127.0.0.1 with a state of its own, and waits until it answers. */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const interpreter = options.interpreter ?? (await installed())
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const state = mkdtempSync(join(tmpdir(), 'ministack-'))
  const logFile = openLog(port)
  const log = openSync(logFile, 'w')
  const child = spawn(interpreter, [options.program ?? launcher], {
    // A group of its own: what it starts is stopped with it.
    detached: true,
    stdio: ['ignore', log, log],
    env: settings(port, state),
    cwd: state,
  })
  closeSync(log)
  const janitor = sendJanitor(child.pid, state)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const stop = (): Promise<void> => stopGroup(child, ended, janitor)
  try {
    await answer(url, child, options.answersWithinMs ?? answersWithinMs)
  } catch (cause) {
    await stop()
    throw new Error(`MiniStack did not start: ${messageOf(cause)}; its log: ${logFile}`, { cause })
  }
  return { url, logFile, ended, stop }
}

const installed = async (): Promise<string> => {
  const python = await findPython()
  if (python === undefined) throw new Error(`No Python: ${pythonMissing}.`)
  return environmentFor(python)
}

/**
 * Its whole environment, which its functions inherit: nobody's own account, endpoint or options of Node may reach them.
 * They run on the Node that this runs on.
 */
const settings = (port: number, state: string): Readonly<Record<string, string>> => ({
  PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
  HOME: state,
  TMPDIR: state,
  LANG: 'C.UTF-8',
  PYTHONUNBUFFERED: '1',
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  GATEWAY_PORT: String(port),
  MINISTACK_ACCOUNT_ID: emulatorAccount,
  MINISTACK_REGION: emulatorRegion,
  SFTP_ENABLED: '0',
  IOT_MTLS_ENABLED: '0',
  PERSIST_STATE: '0',
  S3_PERSIST: '0',
  STATE_DIR: join(state, 'state'),
  S3_DATA_DIR: join(state, 's3'),
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
})

const openLog = (port: number): string => {
  const folder = join(emulatorFolder, 'logs')
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (statSync(file).mtimeMs < Date.now() - logsKeptMs) rmSync(file, { force: true })
  }
  return join(folder, `${process.pid}-${port}.log`)
}

/** Free when it was asked for; should another take it meanwhile, MiniStack says so and the start fails. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('The system named no port.')),
      )
    })
  })

const answer = async (url: string, child: ChildProcess, withinMs: number): Promise<void> => {
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  for (const untilMs = Date.now() + withinMs; Date.now() < untilMs; ) {
    if (failure !== undefined) throw failure
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`)
    if (child.signalCode !== null) throw new Error(`it was ended by ${child.signalCode}`)
    if (await isReady(url)) return
    await sleep(askEveryMs)
  }
  throw new Error(`it did not answer at ${url} within ${withinMs / 1_000} s`)
}

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/_ministack/ready`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    // Nobody listens yet.
    return false
  }
}

/**
 * Waits for the end of this process, be it by a return, a Ctrl-C or a kill, which is when the pipe to it is closed; then it
 * ends the emulator's whole group and takes its folder away. No handler in this process would be asked after a kill.
 */
const sendJanitor = (group: number | undefined, state: string): ChildProcess => {
  const kill = group === undefined ? '' : `kill -9 -${group} 2>/dev/null; `
  const chores = `cat >/dev/null; ${kill}rm -rf -- "$0"`
  return spawn('/bin/sh', ['-c', chores, state], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
}

/** There is no state worth a goodbye. */
const stopGroup = async (child: ChildProcess, ended: Promise<void>, janitor: ChildProcess): Promise<void> => {
  if (child.pid !== undefined) killGroup(child.pid)
  await ended
  if (janitor.exitCode !== null) return
  const isClean = new Promise((resolve) => janitor.once('exit', resolve))
  janitor.stdin?.end()
  await isClean
}

/** Its leader, still there or not, gave it its id. */
const killGroup = (leader: number): void => {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
