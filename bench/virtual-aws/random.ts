import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { sha256Hex } from './sha256.ts'
import type { Random } from './world.ts'

/** Streams of one seed, one for each name: the same name continues the same stream. */
export type RandomFork = (name: string) => Random

/** Forks the streams of a run: a draw from one of them shifts no other. */
export const forkRandom = (seed: number): RandomFork => {
  const streams = new Map<string, Random>()
  return (name) => {
    const known = streams.get(name)
    if (known !== undefined) return known
    const stream = streamOf(`${seed}/${name}`)
    streams.set(name, stream)
    return stream
  }
}

const unitPerStep = 2 ** -32

/** 32 bits a draw: the finest share it can tell is 2.3e-10, far below any tail that the tables hold. */
const streamOf = (label: string): Random => {
  const hash = sha256Hex(label)
  const words = [0, 8, 16, 24].map((offset) => Number.parseInt(hash.slice(offset, offset + 8), 16) | 0)
  const generator = xoroshiro128plusFromState(words)
  return { next: () => (generator.next() >>> 0) * unitPerStep }
}
