import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, type Json } from '../templates.testing.ts'
import { runCdk } from './cdk.ts'
import { stopWhereConfigured } from './executions.ts'
import { runProgram } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'cdk-'))
const assembly = join(folder, 'cdk.out')
const before = { ...process.env }

/** As on a machine that has never heard of AWS. */
beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  Object.assign(process.env, { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' })
  const { exitCode } = await runCdk(['synth', '--quiet', '--output', assembly], 'silently')
  expect(exitCode).toBe(0)
})
afterAll(() => {
  process.env = before
  rmSync(folder, { recursive: true, force: true })
})

const json = (name: string): Json => JSON.parse(readFileSync(join(assembly, name), 'utf8'))

describe("the CDK's own command line, with no account,", () => {
  it('synthesises every stack, with the bundles of all functions', () => {
    const stacks = readdirSync(assembly).filter((name) => name.endsWith('.template.json'))
    expect(stacks.toSorted()).toEqual(
      ['Orchestrated', 'OrchestratedDirect', 'Choreographed']
        .flatMap((name) => [`${name}.template.json`, `${name}Results.template.json`])
        .toSorted(),
    )
    const [code = ''] = readdirSync(assembly).filter((name) => name.startsWith('asset.'))
    expect(readdirSync(join(assembly, code)).toSorted()).toEqual([
      'choreographed.js',
      'orchestrated-direct.js',
      'orchestrated.js',
    ])
    const functions = stacks
      .flatMap((name) => Object.values(at(json(name), 'Resources') ?? {}))
      .filter((resource) => at(resource, 'Type') === 'AWS::Lambda::Function')
    expect(functions).toHaveLength(34)
    for (const each of functions)
      expect(at(each, 'Properties')).toMatchObject({
        Runtime: 'nodejs22.x',
        Architectures: ['arm64'],
        Code: { S3Key: `${code.replace('asset.', '')}.zip` },
      })
  })

  it('ends a deploy before it begins, which is told in one line', async () => {
    let told = ''
    const exitCode = await runProgram(['deploy', 'choreographed', '--yes'], {
      out: () => undefined,
      error: (text) => {
        told += text
      },
      regionOf: () => Promise.resolve(undefined),
      stopExecutions: () => Promise.reject(new Error('Nothing is to be stopped.')),
      cdk: (words) =>
        runCdk(
          [...words.filter((word) => !['--app', 'cdk.out'].includes(word)), '--app', assembly],
          'silently',
        ),
    })
    expect({ exitCode, told }).toEqual({
      exitCode: 2,
      told: 'deploy: no AWS credentials were found; give a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n',
    })
  })

  it('ends a destruction before it begins, where nobody may look for executions', async () => {
    let told = ''
    const exitCode = await runProgram(['destroy', 'orchestrated', '--yes'], {
      out: () => undefined,
      error: (text) => {
        told += text
      },
      regionOf: () => Promise.resolve(undefined),
      stopExecutions: stopWhereConfigured,
      cdk: () => Promise.reject(new Error('Nothing is to be deleted.')),
    })
    expect(exitCode).toBe(2)
    expect(told).toMatch(/^destroy: No AWS credentials were found: .*\n$/)
  })
})
