import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { deadline, subscriptions } from '../choreographed/subscriptions.ts'
import { commandRoutes } from '../orchestrated/commands.ts'

/** A bundle: the `file` of a template's `file.export`, the module of entries behind it, and which of them it exports. */
interface Bundle {
  readonly file: string
  readonly entries: string
  readonly handlers: readonly string[]
}

const commands = commandRoutes.map(({ handler }) => handler)

export const bundles: readonly Bundle[] = [
  { file: 'orchestrated', entries: '../orchestrated/entry.ts', handlers: commands },
  { file: 'orchestrated-direct', entries: '../orchestrated/entry-direct.ts', handlers: commands },
  {
    file: 'choreographed',
    entries: '../choreographed/entry.ts',
    handlers: [...subscriptions.map(({ handler }) => handler), deadline.handler],
  },
]

/** Bundles all functions into the folder with one call of esbuild, and gives the folder back. */
export const bundleHandlers = async (folder: string): Promise<string> => {
  await build({ ...buildOptions, outdir: folder })
  return folder
}

/**
 * An entry makes a handler; Lambda wants the handler. This module turns the one into the other, for each export, on
 * its first use: a function has the environment of its own handler, not of its neighbours in the bundle.
 */
const wrapperOf = ({ entries, handlers }: Bundle): string =>
  [
    `import * as entries from ${JSON.stringify(entries)}`,
    `import { lambdaHandler } from ${JSON.stringify(fileURLToPath(new URL('./lambda.ts', import.meta.url)))}`,
    ...handlers.map(
      (name) =>
        `export const ${name} = (event, context) => (handlers.${name} ??= lambdaHandler(entries.${name}))(event, context)`,
    ),
    'const handlers = {}',
  ].join('\n')

const here = fileURLToPath(new URL('.', import.meta.url))

const wrappers: Plugin = {
  name: 'wrappers',
  setup: (plugin) => {
    plugin.onResolve({ filter: /^handlers:/ }, ({ path }) => ({ path, namespace: 'handlers' }))
    plugin.onLoad({ filter: /.*/, namespace: 'handlers' }, ({ path }) => {
      const bundle = bundles.find(({ file }) => path === `handlers:${file}`)
      if (bundle === undefined) throw new Error(`No bundle is called "${path}".`)
      return { contents: wrapperOf(bundle), resolveDir: here, loader: 'js' }
    })
  },
}

const buildOptions: BuildOptions = {
  entryPoints: bundles.map(({ file }) => ({ in: `handlers:${file}`, out: file })),
  plugins: [wrappers],
  bundle: true,
  minify: true,
  // Stack traces name the functions as they are written.
  keepNames: true,
  platform: 'node',
  target: 'node22',
  // CommonJS, since parts of the SDK call require() at run time, which a bundle of ES modules cannot.
  format: 'cjs',
  // An entry that its module does not export is no warning: the function would fail on its first message.
  logOverride: { 'import-is-undefined': 'error' },
  logLevel: 'warning',
}
