import { statesApi, statesGuide } from '../documentation.ts'
import { between, equal, includes } from '../expectations.ts'
import { machine, machineRole } from '../resources.ts'
import { group } from '../statement.ts'
import { ended, lasted, outputOf, run, start, succeeded } from './executions.ts'

const shared = { MachineRole: machineRole }

const Failing = machine({
  StartAt: 'No',
  States: { No: { Type: 'Fail', Error: 'Shop.Closed', Cause: "{% 'until ' & $states.input.day %}" } },
})

export const flow = group({ stack: 'states-flow', service: 'Step Functions', shared }, [
  {
    id: 'succeed',
    statement: 'Succeed ends an execution as SUCCEEDED with its output',
    documentation: statesGuide('state-succeed'),
    resources: {
      Succeeding: machine({
        StartAt: 'Done',
        States: { Done: { Type: 'Succeed', Output: { got: '{% $states.input.n %}' } } },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'Succeeding', { n: 7 }), { got: 7 }, 'output'),
  },
  {
    id: 'fail',
    statement: 'Fail ends an execution as FAILED with its error and cause, which JSONata may make',
    documentation: statesGuide('state-fail'),
    resources: { Failing },
    check: async (aws) =>
      includes(
        await run(aws, 'Failing', { day: 'Monday' }),
        { status: 'FAILED', error: 'Shop.Closed', cause: 'until Monday' },
        'the end',
      ),
  },
  {
    id: 'fail-output',
    statement: 'An execution that failed has no output',
    documentation: statesApi('DescribeExecution'),
    resources: { Failing },
    check: async (aws) => {
      const { status, output } = await run(aws, 'Failing', { day: 'Monday' })
      equal([status, output], ['FAILED', undefined], 'status and output')
    },
  },
  {
    id: 'pass-output',
    statement: 'Without Output a state passes its input on; with it, what it is made of',
    documentation: statesGuide('transforming-data'),
    resources: {
      Passing: machine({
        StartAt: 'Same',
        States: {
          Same: { Type: 'Pass', Next: 'Made' },
          Made: {
            Type: 'Pass',
            Output: { sum: '{% $sum($states.input.list) %}', text: 'as it stands', nested: ['{% 1 + 1 %}'] },
            End: true,
          },
        },
      }),
    },
    check: async (aws) =>
      equal(
        await outputOf(aws, 'Passing', { list: [1, 2, 3] }),
        { sum: 6, text: 'as it stands', nested: [2] },
        'output',
      ),
  },
  {
    id: 'variables',
    statement:
      'A variable of Assign is there from the next state on; expressions of one Assign see the values before it',
    documentation: statesGuide('workflow-variables'),
    resources: {
      Assigning: machine({
        StartAt: 'First',
        States: {
          First: { Type: 'Pass', Assign: { x: 1, y: '{% $states.input.y %}' }, Next: 'Second' },
          Second: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Next: 'Third' },
          Third: { Type: 'Pass', Output: { x: '{% $x %}', y: '{% $y %}' }, End: true },
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'Assigning', { y: 2 }), { x: 2, y: 1 }, 'output'),
  },
  {
    id: 'choice',
    statement: 'Choice goes where the first condition that holds says, and to Default when none does',
    documentation: statesGuide('state-choice'),
    resources: {
      Choosing: machine({
        StartAt: 'Which',
        States: {
          Which: {
            Type: 'Choice',
            Choices: [
              { Condition: '{% $states.input.n > 10 %}', Next: 'Large' },
              { Condition: '{% $states.input.n > 5 %}', Next: 'Medium' },
            ],
            Default: 'Small',
          },
          Large: { Type: 'Pass', Output: 'large', End: true },
          Medium: { Type: 'Pass', Output: 'medium', End: true },
          Small: { Type: 'Pass', Output: 'small', End: true },
        },
      }),
    },
    check: async (aws) =>
      equal(
        await Promise.all([20, 7, 1].map((n) => outputOf(aws, 'Choosing', { n }))),
        ['large', 'medium', 'small'],
        'outputs',
      ),
  },
  {
    id: 'no-choice',
    statement: 'A Choice that nothing matches and that has no Default fails with States.NoChoiceMatched',
    documentation: statesGuide('concepts-error-handling'),
    resources: {
      Undecided: machine({
        StartAt: 'Which',
        States: {
          Which: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Never' }] },
          Never: { Type: 'Succeed' },
        },
      }),
    },
    check: async (aws) =>
      includes(await run(aws, 'Undecided'), { status: 'FAILED', error: 'States.NoChoiceMatched' }, 'the end'),
  },
  {
    id: 'query-error',
    statement: 'A JSONata expression without a value fails the execution with States.QueryEvaluationError',
    documentation: statesGuide('transforming-data'),
    resources: {
      Asking: machine({
        StartAt: 'Ask',
        States: { Ask: { Type: 'Pass', Output: '{% $states.input.missing %}', End: true } },
      }),
    },
    check: async (aws) =>
      includes(
        await run(aws, 'Asking'),
        { status: 'FAILED', error: 'States.QueryEvaluationError' },
        'the end',
      ),
  },
  {
    id: 'context',
    statement: 'The context object tells the names of execution and state, and the input of the execution',
    documentation: statesGuide('input-output-contextobject'),
    resources: {
      Knowing: machine({
        StartAt: 'Self',
        States: {
          Self: {
            Type: 'Pass',
            Output: {
              name: '{% $states.context.Execution.Name %}',
              state: '{% $states.context.State.Name %}',
              input: '{% $states.context.Execution.Input.n %}',
            },
            End: true,
          },
        },
      }),
    },
    check: async (aws) =>
      equal(
        succeeded(await ended(aws, await start(aws, 'Knowing', { n: 3 }, 'known'))),
        { name: 'known', state: 'Self', input: 3 },
        'output',
      ),
  },
  {
    id: 'wait-seconds',
    statement: 'Wait waits as many seconds as an expression says',
    documentation: statesGuide('state-wait'),
    resources: {
      Waiting: machine({
        StartAt: 'Rest',
        States: { Rest: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', End: true } },
      }),
    },
    check: async (aws) =>
      between(lasted(await run(aws, 'Waiting', { seconds: 2 })), 1900, 5000, 'milliseconds'),
  },
  {
    id: 'wait-timestamp',
    statement: 'Wait until a time that is past goes on at once, and until one to come then',
    documentation: statesGuide('state-wait'),
    resources: {
      WaitingUntil: machine({
        StartAt: 'Rest',
        States: { Rest: { Type: 'Wait', Timestamp: '{% $states.input.until %}', End: true } },
      }),
    },
    check: async (aws) => {
      const untilMs = Math.ceil((aws.now() + 2000) / 1000) * 1000
      const [past, future] = await Promise.all([
        run(aws, 'WaitingUntil', { until: '2016-03-14T01:59:00Z' }),
        run(aws, 'WaitingUntil', { until: new Date(untilMs).toISOString().replace('.000', '') }),
      ])
      between(lasted(past), 0, 1500, 'milliseconds until a time that is past')
      between((future.stopDate?.getTime() ?? 0) - untilMs, -100, 3000, 'milliseconds after the time')
    },
  },
  {
    id: 'map',
    statement: 'Map gives the outputs of its iterations in the order of the items, whichever ends first',
    documentation: statesGuide('state-map-inline'),
    resources: {
      Mapping: machine({
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            Items: '{% $states.input.waits %}',
            ItemSelector: {
              wait: '{% $states.context.Map.Item.Value %}',
              index: '{% $states.context.Map.Item.Index %}',
            },
            ItemProcessor: {
              ProcessorConfig: { Mode: 'INLINE' },
              StartAt: 'Rest',
              States: {
                Rest: { Type: 'Wait', Seconds: '{% $states.input.wait %}', Next: 'Say' },
                Say: { Type: 'Pass', Output: '{% $states.input.index %}', End: true },
              },
            },
            End: true,
          },
        },
      }),
    },
    check: async (aws) => {
      const end = await run(aws, 'Mapping', { waits: [2, 0, 1] })
      equal(succeeded(end), [0, 1, 2], 'output')
      between(lasted(end), 1900, 4500, 'milliseconds, side by side')
    },
  },
  {
    id: 'map-one-at-a-time',
    statement: 'Map with MaxConcurrency 1 runs one iteration after the other',
    documentation: statesGuide('state-map-inline'),
    resources: {
      MappingInTurn: machine({
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            Items: [1, 1, 1],
            MaxConcurrency: 1,
            ItemProcessor: {
              StartAt: 'Rest',
              States: { Rest: { Type: 'Wait', Seconds: 1, End: true } },
            },
            End: true,
          },
        },
      }),
    },
    check: async (aws) => between(lasted(await run(aws, 'MappingInTurn')), 2900, 8000, 'milliseconds'),
  },
  {
    id: 'map-empty',
    statement: 'Map over an empty array gives an empty array',
    documentation: statesGuide('state-map-inline'),
    resources: {
      MappingNothing: machine({
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            Items: '{% $states.input.items %}',
            ItemProcessor: { StartAt: 'Never', States: { Never: { Type: 'Fail', Error: 'Entered' } } },
            End: true,
          },
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'MappingNothing', { items: [] }), [], 'output'),
  },
  {
    id: 'parallel',
    statement: 'Parallel gives each branch its input, and the outputs of the branches in their order',
    documentation: statesGuide('state-parallel'),
    resources: {
      Forking: machine({
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [
              {
                StartAt: 'Slow',
                States: { Slow: { Type: 'Wait', Seconds: 1, Output: '{% $states.input.n %}', End: true } },
              },
              {
                StartAt: 'Fast',
                States: { Fast: { Type: 'Pass', Output: '{% $states.input.n + 1 %}', End: true } },
              },
            ],
            End: true,
          },
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'Forking', { n: 1 }), [1, 2], 'output'),
  },
  {
    id: 'parallel-scope',
    statement: 'Branches read the variables of the state machine, and what they assign ends with them',
    documentation: statesGuide('workflow-variables'),
    resources: {
      Scoping: machine({
        StartAt: 'Set',
        States: {
          Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Both' },
          Both: {
            Type: 'Parallel',
            Branches: [
              {
                StartAt: 'In',
                States: {
                  In: { Type: 'Pass', Assign: { inner: '{% $outer + 1 %}' }, Next: 'Out' },
                  Out: { Type: 'Pass', Output: '{% $inner %}', End: true },
                },
              },
            ],
            Next: 'After',
          },
          After: {
            Type: 'Pass',
            Output: { outer: '{% $outer %}', branch: '{% $states.input[0] %}' },
            End: true,
          },
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'Scoping'), { outer: 1, branch: 2 }, 'output'),
  },
  {
    id: 'json-path',
    statement: 'In JSONPath, Parameters make the input and ResultPath puts the result beside it',
    documentation: statesGuide('input-output-resultpath'),
    resources: {
      Pathing: machine({
        QueryLanguage: 'JSONPath',
        StartAt: 'Copy',
        States: {
          Copy: {
            Type: 'Pass',
            Parameters: { 'copied.$': '$.order.id', fixed: true },
            ResultPath: '$.result',
            End: true,
          },
        },
      }),
    },
    check: async (aws) =>
      equal(
        await outputOf(aws, 'Pathing', { order: { id: 'o1' } }),
        { order: { id: 'o1' }, result: { copied: 'o1', fixed: true } },
        'output',
      ),
  },
])
