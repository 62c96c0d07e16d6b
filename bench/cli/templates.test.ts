import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { keyOf } from './cache.ts'
import { templates, templatesMadeFrom } from './templates.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'))
  for (const entry of ['infra', 'orchestrated', 'choreographed', 'shared', 'package-lock.json'])
    cpSync(join(root, entry), join(folder, 'project', entry), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the cache of templates', () => {
  it.each([
    'infra/alarms.ts',
    'orchestrated/order-flow.asl.json',
    'choreographed/subscriptions.ts',
    'shared/patience.ts',
    'package-lock.json',
  ])('has another key when a byte of %s differs', (name) => {
    const project = join(folder, 'project')
    const before = keyOf(project, templatesMadeFrom)
    const text = readFileSync(join(project, name), 'utf8')
    writeFileSync(join(project, name), `${text} `)
    expect(keyOf(project, templatesMadeFrom)).not.toBe(before)
    writeFileSync(join(project, name), text)
    expect(keyOf(project, templatesMadeFrom)).toBe(before)
  })

  it('gives what synthesis gives, at first, from the cache, and in place of a cache that was tampered with', async () => {
    const cache = join(folder, 'cache')
    const made = JSON.parse(JSON.stringify(synth()))
    expect(await templates(cache)).toEqual(made)
    const [file = ''] = readdirSync(cache)
    expect(readdirSync(cache)).toHaveLength(1)
    expect(await templates(cache)).toEqual(made)
    writeFileSync(
      join(cache, file),
      readFileSync(join(cache, file), 'utf8').replace('AWS::SQS::Queue', 'AWS::SQS::Quack'),
    )
    expect(await templates(cache)).toEqual(made)
  })

  it('is done without where it cannot be written', async () => {
    expect(Object.keys(await templates(join(fileURLToPath(import.meta.url), 'no-folder')))).toContain(
      'Choreographed',
    )
  })
})
