import type { Template } from '../virtual-aws/deploy.ts'
import { cacheFolder, kept, root } from './cache.ts'

type Templates = Readonly<Record<string, Template>>

/** Everything that a template is made from: the stacks, what they import, and the versions that are installed. */
export const templatesMadeFrom = ['infra', 'orchestrated', 'choreographed', 'shared', 'package-lock.json']

/** The templates of all contestants; synthesised once, and again whenever a byte of what they are made from differs. */
export const templates = async (folder: string = cacheFolder, from = root): Promise<Templates> => {
  const { text } = await kept(
    {
      name: 'templates.json',
      madeFrom: templatesMadeFrom,
      from,
      mark: '',
      make: async () => {
        const { synth } = await import('../../infra/synth.ts')
        return JSON.stringify(synth())
      },
    },
    folder,
  )
  return JSON.parse(text) as Templates
}
