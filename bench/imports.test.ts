import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const rooms = ['shared', 'orchestrated', 'choreographed', 'infra', 'bench']

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
  }
}

/** The check of `npm run check:imports`, on another tree; violations are in its output, not in its exit code. */
const cruise = (folder: string): Cruise => {
  const bin = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const words = [bin, '--config', resolve('.dependency-cruiser.mjs'), '--output-type', 'json', ...rooms]
  return JSON.parse(
    execFileSync(process.execPath, words, { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }),
  )
}

describe('the import rules', () => {
  it('see every source file, and find none that breaks them', () => {
    const { modules, summary } = cruise('.')
    const seen = new Set(modules.map((module) => module.source))
    const files = rooms.flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${room}/${name}`),
    )
    expect(files.length).toBeGreaterThan(200)
    expect(files.filter((file) => !seen.has(file))).toEqual([])
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  })
})

describe('a planted breach is found', () => {
  const breaches = [
    { rule: 'shared-knows-neither-style', from: 'shared/a.ts', to: 'orchestrated/x.ts' },
    { rule: 'orchestrated-alone', from: 'orchestrated/a.ts', to: 'choreographed/x.ts' },
    { rule: 'choreographed-alone', from: 'choreographed/a.ts', to: 'orchestrated/x.ts' },
    { rule: 'infra-reads-definitions', from: 'infra/a.ts', to: 'orchestrated/x.ts' },
    { rule: 'infra-reads-definitions', from: 'infra/b.ts', to: 'infra/cli/x.ts' },
    { rule: 'deploying-asks-the-bench', from: 'infra/cli/a.ts', to: 'shared/x.ts' },
    { rule: 'virtual-aws-knows-no-order', from: 'bench/virtual-aws/a.ts', to: 'shared/x.ts' },
    { rule: 'report-reads-results-only', from: 'bench/report/a.ts', to: 'bench/x.ts' },
    { rule: 'styles-meet-in-contestants', from: 'bench/a.ts', to: 'choreographed/x.ts' },
    { rule: 'templates-by-json', from: 'bench/b.ts', to: 'infra/x.ts' },
    { rule: 'synth-lazily', from: 'bench/cli/a.ts', to: 'infra/x.ts' },
    { rule: 'cdk-only-in-infra', from: 'bench/c.ts', to: 'aws-cdk-lib' },
    { rule: 'runs-in-a-browser', from: 'bench/measure/a.ts', to: 'node:fs' },
    { rule: 'runs-in-a-browser', from: 'bench/failure/a.ts', to: 'node:fs' },
    { rule: 'runs-in-a-browser', from: 'bench/virtual-aws/b.ts', to: 'node:fs' },
    { rule: 'runs-in-a-browser', from: 'bench/contestants.ts', to: 'node:fs' },
    { rule: 'runs-in-a-browser', from: 'shared/b.ts', to: 'node:crypto' },
    { rule: 'tests-are-leaves', from: 'bench/d.ts', to: 'bench/x.test.ts' },
    { rule: 'testing-helpers-for-tests', from: 'bench/e.ts', to: 'bench/x.testing.ts' },
    { rule: 'resolvable', from: 'bench/f.ts', to: 'bench/absent.ts' },
    { rule: 'no-cycles', from: 'bench/g.ts', to: 'bench/h.ts' },
    { rule: 'no-orphans', from: 'bench/orphan.ts', to: undefined },
  ]
  mkdirSync('.cache', { recursive: true })
  const tree = mkdtempSync('.cache/imports-')
  afterAll(() => rmSync(tree, { recursive: true, force: true }))

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    writeFileSync(join(tree, file), text)
  }
  write('tsconfig.json', JSON.stringify({ extends: resolve('tsconfig.json') }))
  for (const target of [
    'shared/x.ts',
    'orchestrated/x.ts',
    'choreographed/x.ts',
    'infra/x.ts',
    'infra/cli/x.ts',
    'bench/x.ts',
  ])
    write(target, 'export const x = 1\n')
  for (const target of ['bench/x.test.ts', 'bench/x.testing.ts']) write(target, 'export const x = 1\n')
  write('bench/h.ts', "import * as g from './g.ts'\nexport const h = g\n")
  for (const { from, to } of breaches) {
    const up = '../'.repeat(from.split('/').length - 1)
    const target = to?.endsWith('.ts') ? `${up}${to}` : to
    write(
      from,
      `${target === undefined ? '' : `import * as x from '${target}'\nexport { x }\n`}export const a = 1\n`,
    )
  }
  const { violations } = cruise(tree).summary

  it.each(breaches)('$rule: $from → $to', ({ rule, from }) => {
    expect(violations.filter((violation) => violation.from === from).map((each) => each.rule.name)).toContain(
      rule,
    )
  })
})
