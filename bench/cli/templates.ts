import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Template } from '../virtual-aws/deploy.ts'

type Templates = Readonly<Record<string, Template>>

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Everything that a template is made from: the stacks, what they import, and the versions that are installed. */
const madeFrom = ['infra', 'orchestrated', 'choreographed', 'shared', 'package-lock.json']

/**
 * The templates of all contestants. Synthesised once, and again whenever a byte of what they are made from differs:
 * the cache's name is the hash of all of it. A cache that cannot be read or written costs time and nothing else.
 */
export const templates = async (folder: string = join(root, '.cache'), from = root): Promise<Templates> => {
  const key = keyOf(from)
  const file = join(folder, `templates-${key}.json`)
  const known = readCached(file)
  if (known !== undefined) return known
  const { synth } = await import('../../infra/synth.ts')
  const made: Templates = synth()
  // What was edited while it was read belongs under no name.
  if (keyOf(from) === key) keep(folder, file, JSON.stringify(made))
  return made
}

/** Hash of the names and contents of all that templates are made from. */
export const keyOf = (from: string): string => {
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

const readCached = (file: string): Templates | undefined => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const [digest = '', body = ''] = [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]
  return digest === digestOf(body) ? (JSON.parse(body) as Templates) : undefined
}

const keep = (folder: string, file: string, body: string): void => {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(temporary, `${digestOf(body)}\n${body}`)
    renameSync(temporary, file)
  } catch {
    // A folder that nobody may write to, a full disk: the next run synthesises again.
  }
}

const digestOf = (body: string): string => createHash('sha256').update(body).digest('hex')
