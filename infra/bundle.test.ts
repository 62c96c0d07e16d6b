import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { bundleHandlers } from './bundle.ts'
import { at, resourcesOf } from './templates.testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('the bundles export what the templates name, and nothing else', async () => {
  const require = createRequire(import.meta.url)
  await bundleHandlers(folder)
  const named = resourcesOf('AWS::Lambda::Function').map(({ properties }) =>
    String(at(properties, 'Handler')),
  )
  const exported = ['orchestrated', 'orchestrated-direct', 'choreographed'].flatMap((file) =>
    Object.entries<unknown>(require(join(folder, `${file}.js`))).map(([name, handler]) => {
      expect(handler).toBeTypeOf('function')
      return `${file}.${name}`
    }),
  )
  expect(exported.toSorted()).toEqual(named.toSorted())
})
