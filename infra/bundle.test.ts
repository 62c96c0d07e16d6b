import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleHandlers } from './bundle.ts'
import { orderApp } from './order-app.ts'
import { at, everyTemplate, resourcesOf } from './templates.testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  await bundleHandlers(join(folder, 'code'))
})

it('a deployed template is a synthesised one with another hash of its code', () => {
  const assembly = orderApp(join(folder, 'code'), {
    outdir: join(folder, 'out'),
    builtinCloudFormationValidation: false,
  }).synth()
  const withoutHash = (template: unknown): string =>
    JSON.stringify(template).replaceAll(/"S3Key":"[0-9a-f]{64}[.]zip"/g, '"S3Key":""')
  for (const [name, template] of everyTemplate) {
    const deployed: unknown = assembly.getStackByName(name).template
    expect(deployed).not.toEqual(template)
    expect(withoutHash(deployed)).toBe(withoutHash(template))
  }
})

it('the bundles export what the templates name, and nothing else', () => {
  const require = createRequire(import.meta.url)
  const named = resourcesOf('AWS::Lambda::Function').map(({ properties }) =>
    String(at(properties, 'Handler')),
  )
  const exported = ['orchestrated', 'orchestrated-direct', 'choreographed'].flatMap((file) =>
    Object.entries<unknown>(require(join(folder, 'code', `${file}.js`))).map(([name, handler]) => {
      expect(handler).toBeTypeOf('function')
      return `${file}.${name}`
    }),
  )
  expect(exported.toSorted()).toEqual(named.toSorted())
})
