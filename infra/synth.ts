import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssetManifestArtifact, type CloudAssembly } from 'aws-cdk-lib/cx-api'
import { resultsStackOf } from './names.ts'
import { orderApp, type ResultsStackName, type StackName, stackNames } from './order-app.ts'

export type { StackName }

/** A CloudFormation template, as CDK wrote it. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
  readonly [section: string]: unknown
}

/** The templates of all contestants, synthesised in this process. */
export const synth = (): Readonly<Record<StackName, Template>> => synthAll().contestants

/** Everything that is deployed: the contestants, and the stacks of the instruments that listen to them. */
export interface Synthesised {
  readonly contestants: Readonly<Record<StackName, Template>>
  readonly results: Readonly<Record<ResultsStackName, Template>>
  /** ARNs of the roles that the CDK takes on to deploy them, with the account's placeholders. */
  readonly deployRoles: readonly string[]
}

/**
 * The functions' code is a stand-in of one line. Bundling it for real would take longer than everything else
 * here, and all that a template says of code is the hash in its asset's key: the rest is what `cdk deploy` deploys.
 * CDK's own validation takes ten seconds; a test runs it.
 */
export const synthAll = (): Synthesised => {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'))
  try {
    const codeFolder = join(folder, 'code')
    mkdirSync(codeFolder)
    writeFileSync(join(codeFolder, 'code.js'), '// Stands for the bundles.\n')
    const assembly = orderApp(codeFolder, {
      outdir: join(folder, 'out'),
      builtinCloudFormationValidation: false,
      context: { 'aws:cdk:bundling-stacks': [] },
    }).synth()
    return {
      contestants: templatesIn(assembly, stackNames),
      results: templatesIn(assembly, stackNames.map(resultsStackOf)),
      deployRoles: rolesIn(assembly),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const templatesIn = <Name extends string>(
  assembly: CloudAssembly,
  names: readonly Name[],
): Readonly<Record<Name, Template>> =>
  Object.fromEntries(names.map((name) => [name, assembly.getStackByName(name).template])) as Record<
    Name,
    Template
  >

const rolesIn = (assembly: CloudAssembly): readonly string[] => {
  const files = assembly.artifacts
    .filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact))
    .flatMap(({ contents: { files = {} } }) => Object.values(files))
    .flatMap(({ destinations }) => Object.values(destinations))
  const roles = [
    ...assembly.stacks.flatMap(({ assumeRoleArn, lookupRole }) => [assumeRoleArn, lookupRole?.arn]),
    ...files.map(({ assumeRoleArn }) => assumeRoleArn),
  ]
  return [...new Set(roles.filter((role) => role !== undefined))]
}
