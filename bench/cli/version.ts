import { readFileSync } from 'node:fs'

const packageJson: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** The version that package.json states. */
export const version = String(
  packageJson !== null && typeof packageJson === 'object' ? Reflect.get(packageJson, 'version') : '',
)
