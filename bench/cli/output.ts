import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { BadInput } from '../workload/bad-input.ts'

const refusal = (folder: string, cause: unknown): BadInput =>
  new BadInput(
    `--out ${folder}: expected a folder that can be written, but ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  )

/**
 * Makes a folder and those above it, one by one, and gives the topmost that was made. Node's own recursive mkdir never
 * returns where a file system refuses new folders with ENOENT, as /proc does.
 */
const makeFolder = (folder: string): string | undefined => {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`)
    return undefined
  }
  const topmost = makeFolder(dirname(folder))
  mkdirSync(folder)
  return topmost ?? folder
}

/** Refuses an output folder, or files in it, that cannot be written, before anything is run; leaves nothing behind. */
export const checkWritable = (folder: string, names: readonly string[]): void => {
  if (folder === '') throw new BadInput('--out: expected a folder, got an empty text')
  const probe = join(folder, `.probe.${process.pid}.tmp`)
  let created: string | undefined
  try {
    created = makeFolder(resolve(folder))
    for (const name of names) {
      const path = join(folder, name)
      if (existsSync(path) && !statSync(path).isFile()) throw new Error(`${path} is no file`)
    }
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (cause) {
    throw refusal(folder, cause)
  } finally {
    if (created !== undefined) rmSync(created, { recursive: true, force: true })
  }
}

/** Refuses the same of one file that an option names. */
export const checkFileWritable = (file: string): void => {
  if (file === '') throw new BadInput('--out: expected a file, got an empty text')
  if (existsSync(file) && statSync(file).isDirectory())
    throw new BadInput(`--out ${file}: expected a file that can be written, but it is a folder`)
  checkWritable(dirname(resolve(file)), [basename(file)])
}

/** Writes one file that an option names, in a folder that is made where it lacks, whole or not at all. */
export const writeFile = (file: string, text: string): void => {
  writeAll(dirname(resolve(file)), { [basename(file)]: text })
}

/** Writes all files or none: each to a temporary name beside its place, then all are renamed. */
export const writeAll = (folder: string, files: Readonly<Record<string, string>>): readonly string[] => {
  const names = Object.keys(files)
  const temporary = (name: string): string => join(folder, `.${name}.${process.pid}.tmp`)
  try {
    makeFolder(resolve(folder))
    for (const name of names) writeFileSync(temporary(name), files[name] ?? '')
    for (const name of names) renameSync(temporary(name), join(folder, name))
  } catch (cause) {
    for (const name of names) rmSync(temporary(name), { force: true })
    throw refusal(folder, cause)
  }
  return names.map((name) => join(folder, name))
}
