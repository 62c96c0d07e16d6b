import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where this project lies. */
export const root = fileURLToPath(new URL('../..', import.meta.url))
export const cacheFolder = join(root, '.cache')

/** What was made of something else, and is made again whenever a byte of that differs. */
export interface Made {
  /** Name of the file, before its key: `templates.json`. */
  readonly name: string
  /** Files and folders that it is made from, relative to `from`. */
  readonly madeFrom: readonly string[]
  readonly from: string
  /** What a line of the file begins with that bears its digest. */
  readonly mark: string
  make(): Promise<string>
}

/**
 * The text that was made, and the file that holds it; undefined where it could not be kept. The file's name bears the
 * hash of all that it was made from, its first line that of the text. A cache that cannot be read or written costs time
 * and nothing else.
 */
export const kept = async (
  made: Made,
  folder: string,
): Promise<{ readonly text: string; readonly file: string | undefined }> => {
  const key = keyOf(made.from, made.madeFrom)
  const extension = extname(made.name)
  const file = join(folder, `${basename(made.name, extension)}-${key}${extension}`)
  const known = readCached(file, made.mark)
  if (known !== undefined) return { text: known, file }
  const text = await made.make()
  // What was edited while it was read belongs under no name.
  const isKept = keyOf(made.from, made.madeFrom) === key && keep(file, made.mark, text)
  return { text, file: isKept ? file : undefined }
}

/** Hash of the names and contents of all that something is made from. */
export const keyOf = (from: string, madeFrom: readonly string[]): string => {
  const hash = createHash('sha256').update(process.version)
  for (const name of madeFrom.flatMap((entry) => filesIn(from, entry))) {
    const bytes = readFileSync(join(from, name))
    hash.update(`\0${name}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex').slice(0, 32)
}

const filesIn = (from: string, entry: string): readonly string[] => {
  if (entry.endsWith('.json')) return [entry]
  return readdirSync(join(from, entry), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(from.length))
    .toSorted()
}

const readCached = (file: string, mark: string): string | undefined => {
  let whole: string
  try {
    whole = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const end = whole.indexOf('\n')
  const text = whole.slice(end + 1)
  return whole.slice(0, end) === `${mark}${digestOf(text)}` ? text : undefined
}

const keep = (file: string, mark: string, text: string): boolean => {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(temporary, `${mark}${digestOf(text)}\n${text}`)
    renameSync(temporary, file)
    removeOld(file)
    return true
  } catch {
    // A folder that nobody may write to, a full disk: the next run makes it again.
    return false
  }
}

/** Whoever is at work with one that was made a moment ago keeps it. */
const keptMs = 3_600_000

const removeOld = (file: string): void => {
  const [stem = ''] = basename(file).split('-')
  const newest = statSync(file).mtimeMs
  for (const name of readdirSync(dirname(file))) {
    const other = join(dirname(file), name)
    if (name.startsWith(`${stem}-`) && statSync(other).mtimeMs < newest - keptMs)
      rmSync(other, { force: true })
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
