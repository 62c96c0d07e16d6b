/** What an Express machine is billed by beside its requests: the memory and the duration of each execution. */
export interface ExpressTerms {
  readonly definitionBytes: number
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html (read 2026-11-25). */
export const expressMsMax = 5 * 60_000

const megabyte = 1_000_000
const baseMB = 50
const chunkMB = 64
const stepMs = 100

export interface ExpressBill {
  readonly memoryMB: number
  readonly durationMs: number
}

/**
 * Memory is 50 MB, the definition, and the data of every Parallel branch and Map iteration, in chunks of 64 MB; the
 * duration is rounded up to 100 ms. An execution without inner steps is taken to hold its own input once.
 * Source: https://aws.amazon.com/step-functions/pricing/, examples 3 and 4 (read 2026-11-25).
 */
export const expressBill = (
  { definitionBytes }: ExpressTerms,
  dataBytes: number,
  elapsedMs: number,
): ExpressBill => ({
  memoryMB: chunkMB * Math.ceil((baseMB + (definitionBytes + dataBytes) / megabyte) / chunkMB),
  durationMs: stepMs * Math.ceil(elapsedMs / stepMs),
})

/** GB-milliseconds; AWS divides the billed MB by 1,024. */
export const gbMsOf = ({ memoryMB, durationMs }: ExpressBill): number => (memoryMB / 1024) * durationMs
