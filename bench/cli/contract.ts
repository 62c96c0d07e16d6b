import { Command, Option } from 'commander'
import type { Statement } from '../live/contract/statement.ts'
import type { Implementation } from '../live/contract/verdict-table.ts'
import type { Target } from '../live/target.ts'
import { BadInput } from '../workload/bad-input.ts'
import { interruptible } from './interrupt.ts'
import { checkWritable, writeAll } from './output.ts'

interface ContractOptions {
  readonly target: 'virtual' | 'endpoint' | 'aws'
  readonly endpoint?: string
  readonly profile?: string
  readonly region: string
  readonly only?: readonly string[]
  readonly prefix?: string
  readonly out?: string
}

/** What is said of AWS, checked here, on an endpoint, or on AWS itself. */
export const contractCommand = (): Command =>
  new Command('contract')
    .description('Check what is said of AWS here: in the virtual AWS, on an endpoint, or on AWS itself.')
    .addOption(
      new Option('--target <where>', 'where it is checked, beside the virtual AWS')
        .choices(['virtual', 'endpoint', 'aws'])
        .default('virtual'),
    )
    .option('--endpoint <url>', 'of --target endpoint: the address of what answers as AWS does')
    .option('--profile <name>', 'of --target aws: a profile of the shared configuration')
    .option('--region <region>', 'where the stacks are deployed', 'us-east-1')
    .option('--only <id...>', 'these statements, or those whose id begins so')
    .option('--prefix <name>', 'what names of the stacks begin with; by default made of the time')
    .option('--out <dir>', 'folder for contract.md and contract.json')
    .addHelpText(
      'after',
      `
On an endpoint or on AWS it deploys some small stacks of queues, tables, functions, rules and state machines, and
deletes them when it ends, also on Ctrl-C. On AWS it takes some minutes, and its requests cost less than a cent.
What the emulator MiniStack is known to do otherwise is told with the reason, and breaks nothing on an endpoint.`,
    )
    .allowExcessArguments(false)
    .action(contractRun)

const contractRun = async (options: ContractOptions): Promise<void> => {
  const target = targetOf(options)
  const { statements } = await import('../live/contract/all.ts')
  const chosen = chosenOf(statements, options.only)
  if (options.out !== undefined) checkWritable(options.out, ['contract.md', 'contract.json'])
  const implementations = [
    await checkedHere(chosen),
    ...(target === undefined ? [] : [await checkedThere(chosen, target, options)]),
  ]
  await tell(chosen, implementations, options.out)
  const { unexplained } = await import('../live/contract/explained.ts')
  const isBroken = implementations.some(({ verdicts, differences }) =>
    verdicts.some((verdict) => !verdict.holds && unexplained(verdict, differences) !== undefined),
  )
  process.exitCode = isBroken ? 1 : 0
}

const targetOf = ({ target, endpoint, profile, region }: ContractOptions): Target | undefined => {
  if (target !== 'endpoint' && endpoint !== undefined)
    throw new BadInput(`--endpoint ${endpoint}: expected --target endpoint beside it, got ${target}`)
  if (target !== 'aws' && profile !== undefined)
    throw new BadInput(`--profile ${profile}: expected --target aws beside it, got ${target}`)
  if (target === 'virtual') return undefined
  if (target === 'aws') return { kind: 'aws', region, ...(profile === undefined ? {} : { profile }) }
  if (endpoint === undefined || !URL.canParse(endpoint))
    throw new BadInput(`--endpoint: expected the URL of an endpoint, got ${endpoint ?? 'none'}`)
  return { kind: 'endpoint', url: endpoint, region }
}

const chosenOf = (
  statements: readonly Statement[],
  only: readonly string[] | undefined,
): readonly Statement[] => {
  if (only === undefined) return statements
  for (const text of only)
    if (!statements.some(({ id }) => id.startsWith(text)))
      throw new BadInput(`--only ${text}: expected the beginning of an id, such as ${statements[0]?.id}`)
  return statements.filter(({ id }) => only.some((text) => id.startsWith(text)))
}

const checkedHere = async (chosen: readonly Statement[]): Promise<Implementation> => {
  const { virtualVerdicts } = await import('../live/contract/virtual.ts')
  return { name: 'virtual', verdicts: await virtualVerdicts(chosen), differences: [] }
}

/** New rules, roles and mappings of AWS take some time until they work everywhere. */
const settleMs = { aws: 30_000, endpoint: 0 }

const checksAtOnce = 24

const checkedThere = async (
  chosen: readonly Statement[],
  target: Target,
  { prefix = `ovc-contract-${Date.now().toString(36)}` }: ContractOptions,
): Promise<Implementation> => {
  const { checkOnWire } = await import('../live/contract/wire.ts')
  const { unreachable } = await import('../live/contract/unreachable.ts')
  const { emulatorDifferences } = await import('../live/contract/emulator-differences.ts')
  const { connect, disconnect } = await import('../live/target.ts')
  const clients = connect(target)
  const { kind } = target
  const told = (line: string): void => {
    process.stderr.write(`${line}\n`)
  }
  try {
    const verdicts = await interruptible((signal) =>
      checkOnWire(clients, chosen, { prefix, atOnce: checksAtOnce, settleMs: settleMs[kind], signal, told }),
    )
    return { name: kind, verdicts, differences: kind === 'endpoint' ? emulatorDifferences : [] }
  } catch (error) {
    const why = unreachable(error)
    throw why === undefined ? error : new BadInput(`--target ${kind}: ${why}`, { cause: error })
  } finally {
    disconnect(clients)
  }
}

const tell = async (
  chosen: readonly Statement[],
  implementations: readonly Implementation[],
  out: string | undefined,
): Promise<void> => {
  const { verdictJson, verdictMarkdown, verdictText } = await import('../live/contract/verdict-table.ts')
  process.stdout.write(`${verdictText(chosen, implementations)}\n`)
  if (out === undefined) return
  const written = writeAll(out, {
    'contract.md': `# The contract\n\n${verdictMarkdown(chosen, implementations)}\n`,
    'contract.json': `${JSON.stringify(verdictJson(chosen, implementations), null, 2)}\n`,
  })
  process.stdout.write(`\nWritten: ${written.join(', ')}\n`)
}
