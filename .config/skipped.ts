import { z } from 'zod'

/** Tests of these files read data that is no part of the project. */
const readers = [
  'bench/cli/compare.e2e.test.ts',
  'bench/virtual-aws/services/event-bus/pattern/pattern.test.ts',
  'bench/virtual-aws/services/states/conformance.test.ts',
  'bench/virtual-aws/services/states/history-conformance.test.ts',
  'bench/workload/trace.test.ts',
]

const reportSchema = z.object({
  testResults: z.array(
    z.object({ name: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

const isSkip = (status: string): boolean => ['pending', 'skipped', 'todo'].includes(status)

/** How many tests of a report of Vitest were skipped in files that read data which a clone elsewhere has not. */
export const skippedForWantOfData = (report: unknown): number =>
  (reportSchema.safeParse(report).data?.testResults ?? [])
    .filter(({ name }) => readers.some((file) => name.endsWith(`/${file}`)))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => isSkip(status)).length
