import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { type AslRun, runAsl, stateTypesOf } from '../virtual-aws/asl.ts'
import { stateTypes } from '../virtual-aws/services/states/definition/fields.ts'
import { BadInput } from '../workload/bad-input.ts'
import { type BatchLine, readBatch, textOf, writeLines } from './batch.ts'

/** State machines by themselves, on the virtual clock, with mocked tasks. */
export const aslCommand = (): Command =>
  new Command('asl')
    .description('Run state machines on the virtual clock, with the outcomes of their tasks given.')
    .requiredOption('--batch <file>', 'JSONL, one execution a line; see below')
    .addHelpText(
      'after',
      `
A line:    {"id", "definition": {…} or "definitionFile": path relative to the file, "input"?, "type"?: "STANDARD" |
           "EXPRESS", "taskOutcomes"?: {state: [{"kind": "success" | "failure" | "timeout", "output"?, "error"?,
           "cause"?, "iter"?: [index of the Map item]}]}, "withHistory"?: true}
An answer: {"id", "status", "output"?, "error"?, "cause"?, "path": [states in the order entered], "elapsedMs"}, one a
           line in the order of the file.

Outcomes of a state are used up attempt by attempt; a state must be a Task of the definition. Without taskOutcomes
every task succeeds with its payload as output. With them, a task whose state they do not name does so too, but last,
when nothing else is left to happen, so that a timeout of the machine or a failure in another branch comes first; one
with a timeout of its own does so at once. When a state's outcomes are used up, its task waits for ever and the status
is RUNNING, unless a timeout of the machine ends it. A "timeout" is no answer: the state's own TimeoutSeconds or
HeartbeatSeconds ends it, or, where it has none, States.Timeout when nothing else is left to happen. "iter" gives the
indexes of the Map items that an outcome is of, outermost first.
With "withHistory" the answer has "history" too: every event, as GetExecutionHistory tells it.
elapsedMs is virtual time: waits, retry intervals and timeouts as the language defines them; tasks and transitions take
none. States of a distributed Map's children are not in the path: they are executions of their own.
A definition that AWS would refuse has the status INVALID and the reason as its cause, and so has an input of more than
256 KiB, with the exception of StartExecution as its error; a definition that asks for what is not modelled here (an
ItemReader, say) has the status NOT_MODELLED and names it. A line that is none as above has the status BAD_INPUT and
says what was expected; one that is no JSON or has no id refuses the file.`,
    )
    .allowExcessArguments(false)
    .action(async ({ batch }: { readonly batch: string }) => {
      const answers: unknown[] = []
      for (const line of readBatch(batch))
        answers.push({ id: line.value['id'], ...(await answerTo(() => runIn(line, batch))) })
      writeLines(answers)
    })

/** One line that cannot be run must not cost the others their answers. */
const answerTo = async (read: () => AslRun): Promise<object> => {
  try {
    return await runAsl(read())
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const status = error instanceof BadInput ? 'BAD_INPUT' : 'NOT_MODELLED'
    return { status, cause: error.message, path: [], elapsedMs: 0 }
  }
}

const outcomeSchema = z.object({
  kind: z.enum(['success', 'failure', 'timeout']),
  output: z.unknown().optional(),
  error: z.string().nullish(),
  cause: z.unknown().optional(),
  iter: z.array(z.int().nonnegative()).optional(),
})

const lineSchema = z.object({
  definition: z.unknown().optional(),
  definitionFile: z.string().optional(),
  input: z.unknown().optional(),
  type: z.enum(['STANDARD', 'EXPRESS']).nullish(),
  taskOutcomes: z.record(z.string(), z.array(outcomeSchema)).nullish(),
  withHistory: z.boolean().nullish(),
})

const runIn = ({ value, at }: BatchLine, batch: string): AslRun => {
  const read = lineSchema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new BadInput(`${at}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a run'}`)
  }
  const { definition, definitionFile, input, type, taskOutcomes, withHistory } = read.data
  if ((definition === undefined) === (definitionFile === undefined))
    throw new BadInput(`${at}: expected either "definition" or "definitionFile"`)
  const machine = definitionFile === undefined ? definition : definitionIn(definitionFile, at, batch)
  refuseStrangers(machine, taskOutcomes ?? {}, at)
  return {
    definition: machine,
    ...(input === undefined ? {} : { input }),
    ...(type == null ? {} : { type }),
    ...(withHistory == null ? {} : { withHistory }),
    ...(taskOutcomes == null ? {} : { taskOutcomes: taskOutcomes as NonNullable<AslRun['taskOutcomes']> }),
  }
}

/** An outcome that no task will ever take is a slip of the pen, and a run without it would answer another question. */
const refuseStrangers = (machine: unknown, outcomes: object, at: string): void => {
  const types = stateTypesOf(machine)
  // Without any state, or with one of no known type, the definition is one that AWS refuses, and the answer says why.
  if (types.size === 0) return
  for (const state of Object.keys(outcomes)) {
    const type = types.get(state)
    const found = types.has(state) ? `it is a ${type} state` : 'the definition has no state of that name'
    if (type === 'Task' || (types.has(state) && !stateTypes.includes(String(type)))) continue
    throw new BadInput(`${at}: taskOutcomes.${state}: expected the name of a Task state, but ${found}`)
  }
}

const definitionIn = (file: string, at: string, batch: string): unknown => {
  const text = textOf(resolve(dirname(batch), file), at)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadInput(`${at}: expected ${file} to hold JSON`, { cause })
  }
}
