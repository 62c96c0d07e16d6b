import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AslRun } from '../../asl.ts'

/** One execution recorded on AWS. */
export interface Recorded extends Required<Pick<AslRun, 'input' | 'type' | 'taskOutcomes'>> {
  readonly id: string
  readonly key: string
  readonly class: 'pure' | 'task' | 'callback' | 'map-io'
  /** Its output holds ids or times. */
  readonly nondeterministic: boolean
  readonly status: string
  readonly output: unknown
  readonly error: string | null
  readonly cause: unknown
  /** Missing where AWS's history was not kept. */
  readonly path: readonly string[] | null
  readonly definitionFile: string
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')

/** Where the recordings lie; undefined when this machine has none. */
export const recordedFolder = (): string | undefined => {
  const folder = process.env['AWS_RECORDED'] ?? join(root, '../shared/aws-recorded')
  return existsSync(join(folder, 'executions.jsonl')) ? folder : undefined
}

export const readLines = <T>(folder: string, file: string): readonly T[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)

export const readDefinition = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'))
