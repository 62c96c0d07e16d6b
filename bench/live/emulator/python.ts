import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A Python that MiniStack runs on. */
export interface Python {
  readonly command: string
  /** `3.11`. */
  readonly version: string
}

/** Where everything of the emulator is kept that may be deleted at any time. */
export const emulatorFolder = fileURLToPath(new URL('../../../.cache/ministack', import.meta.url))
const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url))

const oldest = 10
const names = ['python3', ...['13', '12', '11', '10'].map((minor) => `python3.${minor}`)]

/** Fails where the module that makes environments is missing, as it is on a bare Debian. */
const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'

const run = promisify(execFile)
const installTimeoutMs = 300_000

/** The first Python on the path that is 3.10 or newer and can make virtual environments; undefined when there is none. */
export const findPython = async (candidates: readonly string[] = names): Promise<Python | undefined> => {
  for (const command of candidates) {
    const version = await versionOf(command)
    if (version !== undefined && Number(/^3\.(\d+)$/.exec(version)?.[1]) >= oldest)
      return { command, version }
  }
  return undefined
}

const versionOf = async (command: string): Promise<string | undefined> => {
  try {
    return (await run(command, ['-c', probe])).stdout.trim()
  } catch {
    // Not there, or without what the probe imports: not a Python for us.
    return undefined
  }
}

/** What to tell whoever has none. */
export const pythonMissing =
  'the emulator needs Python 3.10 or newer with the modules venv and ensurepip (on Debian: apt install python3-venv)'

/**
 * The interpreter of a virtual environment in which MiniStack is installed, each wheel checked against its hash.
 * Made once for a set of requirements and a Python, under a temporary name, so that two processes may do it at once.
 */
export const environmentFor = async (
  python: Python,
  folder: string = emulatorFolder,
  required: string = requirements,
): Promise<string> => {
  const key = createHash('sha256').update(readFileSync(required)).update(python.version).digest('hex')
  const environment = join(folder, `python${python.version}-${key.slice(0, 16)}`)
  const interpreterOf = (place: string): string => join(place, 'bin', 'python')
  if (existsSync(interpreterOf(environment))) return interpreterOf(environment)
  mkdirSync(folder, { recursive: true })
  const making = mkdtempSync(`${environment}.tmp-`)
  try {
    await run(python.command, ['-m', 'venv', making])
    await run(interpreterOf(making), [...pipInstall, '--requirement', required], {
      timeout: installTimeoutMs,
    })
    put(making, environment, interpreterOf(environment))
  } catch (cause) {
    throw new Error(`MiniStack could not be installed into ${environment}: ${messageOf(cause)}`, { cause })
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return interpreterOf(environment)
}

/** Puts what was made in its place, unless another process was faster: then theirs is as good. */
const put = (making: string, place: string, interpreter: string): void => {
  try {
    renameSync(making, place)
  } catch (cause) {
    if (existsSync(interpreter)) return
    // What lies there has lost its Python since.
    if (!existsSync(place)) throw cause
    rmSync(place, { recursive: true, force: true })
    renameSync(making, place)
  }
}

const pipInstall = [
  ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
  ...['--require-hashes', '--only-binary=:all:'],
]

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
