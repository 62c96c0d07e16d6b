import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Everything that is written for users. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

/** Runs a command as the documents show it. */
export const ovc = (words: readonly string[], cwd = '.', env: NodeJS.ProcessEnv = process.env) =>
  run(
    process.execPath,
    ['--import', resolve('node_modules/tsx/dist/loader.mjs'), resolve('bench/cli/ovc.ts'), ...words],
    {
      cwd,
      env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      maxBuffer: 64 * 1024 * 1024,
    },
  )
