import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orderApp, type StackName } from './order-app.ts'

export type { StackName }

/** A CloudFormation template, as CDK wrote it. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
  readonly [section: string]: unknown
}

/**
 * The templates of all contestants, synthesised in this process.
 *
 * The functions' code is a stand-in of one line. Bundling it for real would take longer than everything else
 * here, and all that a template says of code is the hash in its asset's key: the rest is what `cdk deploy` deploys.
 * CDK's own validation takes ten seconds; a test runs it.
 */
export const synth = (): Readonly<Record<StackName, Template>> => {
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
    const templateOf = (name: StackName): Template => assembly.getStackByName(name).template
    return {
      Orchestrated: templateOf('Orchestrated'),
      OrchestratedDirect: templateOf('OrchestratedDirect'),
      Choreographed: templateOf('Choreographed'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
