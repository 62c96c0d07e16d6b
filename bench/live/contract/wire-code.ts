import { fileURLToPath } from 'node:url'
import { GetFunctionConfigurationCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda'
import type { Aws } from './statement.ts'

/** The functions as one CommonJS file, zipped as Lambda takes it. */
export const bundledCode = async (): Promise<Uint8Array> => {
  const [{ build }, { strToU8, zipSync }] = await Promise.all([import('esbuild'), import('fflate')])
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('wire-functions.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'silent',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild made no file of wire-functions.ts')
  return zipSync({ 'index.js': strToU8(file.text) })
}

const pollMs = 500
const pollsMax = 240

/** Puts the code into a function in place of the template's placeholder, and waits until it is there. */
export const putCode = async (
  lambda: Aws['lambda'],
  sleep: Aws['sleep'],
  FunctionName: string,
  ZipFile: Uint8Array,
): Promise<void> => {
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }))
  for (let poll = 0; poll < pollsMax; poll += 1) {
    const { LastUpdateStatus } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
    if (LastUpdateStatus === 'Successful') return
    if (LastUpdateStatus === 'Failed') break
    await sleep(pollMs)
  }
  throw new Error(`The code of ${FunctionName} could not be put in its place`)
}
