import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configuredRegion } from './region.ts'

const folder = mkdtempSync(join(tmpdir(), 'region-'))
writeFileSync(
  join(folder, 'config'),
  '[default]\nregion = eu-west-1\n[profile bench]\nregion = eu-central-1\n[profile bare]\noutput = json\n[profile odd]\nregion = not a region\n',
)
writeFileSync(join(folder, 'empty'), '')

const before = { ...process.env }
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  Object.assign(process.env, {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'empty'),
    AWS_EC2_METADATA_DISABLED: 'true',
  })
})
afterEach(() => {
  process.env = { ...before }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the region of the AWS configuration', () => {
  it.each([
    { name: 'that of the default profile', environment: {}, region: 'eu-west-1' },
    { name: 'that of the profile that is named', profile: 'bench', environment: {}, region: 'eu-central-1' },
    {
      name: 'that of AWS_PROFILE',
      environment: { AWS_PROFILE: 'bench' },
      region: 'eu-central-1',
    },
    {
      name: 'AWS_REGION before any profile',
      profile: 'bench',
      environment: { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'us-west-2' },
      region: 'us-east-2',
    },
    {
      name: 'AWS_DEFAULT_REGION before any profile, as the AWS CLI and the CDK read it',
      profile: 'bench',
      environment: { AWS_DEFAULT_REGION: 'us-west-2' },
      region: 'us-west-2',
    },
    { name: 'none where a profile names none', profile: 'bare', environment: {}, region: undefined },
    { name: 'none where there is no such profile', profile: 'nope', environment: {}, region: undefined },
    {
      name: 'none where there is no configuration',
      environment: { AWS_CONFIG_FILE: join(folder, 'empty') },
      region: undefined,
    },
  ])('is $name', async ({ profile, environment, region }) => {
    Object.assign(process.env, environment)
    expect(await configuredRegion(profile)).toBe(region)
  })

  it('is refused where it can be none', async () => {
    await expect(configuredRegion('odd')).rejects.toThrow(/--region: .*"not a region"/)
  })
})
