import { join } from 'node:path'
import { cacheFolder, kept, root } from './cache.ts'

const madeFrom = ['bench', 'orchestrated', 'choreographed', 'shared', 'package-lock.json']

/** In a module, what packages of the older kind require by. */
const requireBanner = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`

/**
 * A module and all that it imports as one file of plain JavaScript: it loads in a fifth of the time, and runs without
 * the names that the loader of TypeScript gives to each closure whenever it is made. The file, or undefined where none
 * can be kept; then the module is to be loaded as it is written.
 */
export const bundleOf = async (entry: string, folder: string = cacheFolder): Promise<string | undefined> => {
  const { file } = await kept(
    {
      name: entry.replace(/^.*\/|\.ts$/g, '').concat('.mjs'),
      madeFrom,
      from: root,
      mark: '// ',
      make: () => bundled(entry),
    },
    folder,
  )
  return file
}

const bundled = async (entry: string): Promise<string> => {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: requireBanner },
    // Asked for on demand, by a measurement of the speed alone.
    external: ['aws-local-stepfunctions'],
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
