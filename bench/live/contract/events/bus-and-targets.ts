import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { eventsApi, eventsGuide } from '../documentation.ts'
import { between, equal, eventually, holds, includes, present, refused } from '../expectations.ts'
import {
  arnOf,
  bus,
  fifoQueue,
  functionRole,
  lambdaFunction,
  machine,
  machineRole,
  openToRules,
  permission,
  queue,
  refTo,
  rule,
  ruleRole,
} from '../resources.ts'
import { receiveOne, receiveUpTo } from '../sqs/messages.ts'
import { group } from '../statement.ts'
import { describe } from '../states/executions.ts'
import { delivered, listening, put, putAll, sourceOf } from './events.ts'

const inputPage = eventsGuide('eb-transform-target-input')
const deadLetterPage = eventsGuide('eb-rule-dlq')

const queues = [
  'Envelope',
  'Timed',
  'Partial',
  'ByType',
  'Constant',
  'Path',
  'Transformed',
  'Sentence',
  'OnOneBus',
  'FirstOfTwo',
  'SecondOfTwo',
  'Awake',
  'Asleep',
  'Forbidden',
  'DeadLetters',
]
const shared = {
  Bus: bus,
  // Not of the one that is to be refused.
  Policy: openToRules(...queues.filter((name) => name !== 'Forbidden'), 'InOrder', 'GoneDeadLetters'),
}

export const busAndTargets = group({ stack: 'events', service: 'EventBridge', shared }, [
  {
    id: 'put',
    statement: 'PutEvents answers for each entry in order with the id of its event',
    documentation: eventsApi('PutEvents'),
    check: async (aws) => {
      const { FailedEntryCount, Entries = [] } = await putAll(aws, 'Nobody', [{}, {}, {}])
      equal(FailedEntryCount, 0, 'FailedEntryCount')
      equal(new Set(Entries.map(({ EventId }) => present(EventId, 'EventId'))).size, 3, 'different ids')
    },
  },
  {
    id: 'partial-failure',
    statement: 'An entry whose detail is no JSON fails alone, with ErrorCode MalformedDetail in its place',
    documentation: eventsApi('PutEventsResultEntry'),
    resources: listening('Partial'),
    check: async (aws) => {
      const { FailedEntryCount, Entries = [] } = await putAll(aws, 'Partial', [
        { Detail: '{"n":1}' },
        { Detail: 'no JSON' },
        { Detail: '{"n":3}' },
      ])
      equal(FailedEntryCount, 1, 'FailedEntryCount')
      equal(
        Entries.map(({ ErrorCode }) => ErrorCode),
        [undefined, 'MalformedDetail', undefined],
        'ErrorCode',
      )
      equal(Entries[1]?.EventId, undefined, 'EventId of what failed')
      equal((await delivered(aws, 'Partial', 2)).length, 2, 'delivered')
    },
  },
  {
    id: 'incomplete-entry',
    statement: 'An entry without a source fails with ErrorCode InvalidArgument',
    documentation: eventsApi('PutEventsResultEntry'),
    check: async (aws) => {
      const { FailedEntryCount, Entries = [] } = await putAll(aws, 'Nobody', [{ Source: '' }, {}])
      equal([FailedEntryCount, Entries[0]?.ErrorCode], [1, 'InvalidArgument'], 'the answer')
    },
  },
  {
    id: 'too-many',
    statement: 'PutEvents of more than ten entries is a ValidationException',
    documentation: eventsApi('PutEvents'),
    check: async (aws) => {
      const eleven = Array.from({ length: 11 }, () => ({}))
      await refused(putAll(aws, 'Nobody', eleven), 'ValidationException', 'eleven entries')
    },
  },
  {
    id: 'envelope',
    statement:
      'An event is delivered in its envelope: id, source, type, account, time, region, resources, detail',
    documentation: eventsGuide('eb-events-structure'),
    resources: listening('Envelope'),
    check: async (aws) => {
      const { Entries = [] } = await putAll(aws, 'Envelope', [
        {
          Detail: '{"n":1}',
          DetailType: 'Order Placed',
          Resources: ['arn:aws:example'],
        },
      ])
      const event = Object(JSON.parse((await delivered(aws, 'Envelope', 1))[0] ?? '{}'))
      equal(
        { ...event, account: undefined, region: undefined, time: undefined },
        {
          version: '0',
          id: Entries[0]?.EventId,
          'detail-type': 'Order Placed',
          source: sourceOf('Envelope'),
          account: undefined,
          time: undefined,
          region: undefined,
          resources: ['arn:aws:example'],
          detail: { n: 1 },
        },
        'the event',
      )
      holds(/^\d{12}$/.test(event.account), `account: expected twelve digits, got ${event.account}`)
      holds(/^[a-z]+-[a-z-]+-\d$/.test(event.region), `region: expected one, got ${event.region}`)
      holds(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(event.time),
        `time: expected one to the second, got ${event.time}`,
      )
    },
  },
  {
    id: 'time',
    statement: 'An event bears the time that its entry gives',
    documentation: eventsApi('PutEventsRequestEntry'),
    resources: listening('Timed'),
    check: async (aws) => {
      await putAll(aws, 'Timed', [{ Time: new Date('2026-01-05T10:11:12Z') }])
      const event = Object(JSON.parse((await delivered(aws, 'Timed', 1))[0] ?? '{}'))
      equal(event.time, '2026-01-05T10:11:12Z', 'time')
    },
  },
  {
    id: 'detail-type',
    statement: 'A rule on detail-type takes the events of that type alone',
    documentation: eventsGuide('eb-event-patterns'),
    resources: listening('ByType', { 'detail-type': ['OrderPlaced'] }),
    check: async (aws) => {
      await putAll(aws, 'ByType', [
        { DetailType: 'OrderPlacedTwice' },
        { DetailType: 'OrderPlaced', Detail: '{"n":1}' },
      ])
      const bodies = await delivered(aws, 'ByType', 1)
      equal(
        bodies.map((body) => Object(JSON.parse(body)).detail),
        [{ n: 1 }],
        'what was delivered',
      )
    },
  },
  {
    id: 'every-rule',
    statement: 'Every rule that matches an event delivers it',
    documentation: eventsGuide('eb-rules'),
    resources: {
      ...listening('FirstOfTwo', { source: ['contract.two'] }),
      ...listening('SecondOfTwo', { source: [{ prefix: 'contract.tw' }] }),
    },
    check: async (aws) => {
      await putAll(aws, 'two', [{ Detail: '{"n":2}' }])
      const both = await Promise.all([delivered(aws, 'FirstOfTwo', 1), delivered(aws, 'SecondOfTwo', 1)])
      equal(
        both.map((bodies) => bodies.map((body) => Object(JSON.parse(body)).detail)),
        [[{ n: 2 }], [{ n: 2 }]],
        'what was delivered',
      )
    },
  },
  {
    id: 'other-bus',
    statement: 'A rule hears nothing of the events of another bus',
    documentation: eventsGuide('eb-event-bus'),
    resources: listening('OnOneBus'),
    check: async (aws) => {
      await putAll(aws, 'OnOneBus', [{ EventBusName: 'default', Detail: '{"n":1}' }, { Detail: '{"n":2}' }])
      equal(
        (await delivered(aws, 'OnOneBus', 1)).map((body) => Object(JSON.parse(body)).detail),
        [{ n: 2 }],
        'what was delivered',
      )
    },
  },
  {
    id: 'disabled',
    statement: 'A disabled rule delivers nothing',
    documentation: eventsApi('PutRule'),
    resources: {
      ...listening('Awake'),
      Asleep: queue(),
      AsleepRule: rule({
        EventBusName: refTo('Bus'),
        State: 'DISABLED',
        EventPattern: { source: [sourceOf('Awake')] },
        Targets: [{ Id: 'queue', Arn: arnOf('Asleep') }],
      }),
    },
    check: async (aws) => {
      await putAll(aws, 'Awake', [{}])
      equal((await delivered(aws, 'Awake', 1)).length, 1, 'delivered by a rule that is enabled')
      equal(await delivered(aws, 'Asleep', 0), [], 'delivered by the one that is not')
    },
  },
  {
    id: 'constant',
    statement: 'Input of a target is what it gets, whatever the event',
    documentation: inputPage,
    resources: listening('Constant', {}, { Input: '{"always":"this"}' }),
    check: async (aws) => {
      await put(aws, 'Constant', [{ n: 1 }])
      equal(
        (await delivered(aws, 'Constant', 1)).map((body) => JSON.parse(body)),
        [{ always: 'this' }],
        'what was delivered',
      )
    },
  },
  {
    id: 'path',
    statement: 'InputPath gives the target the part of the event that it names',
    documentation: inputPage,
    resources: listening('Path', {}, { InputPath: '$.detail.order' }),
    check: async (aws) => {
      await put(aws, 'Path', [{ order: { id: 7 } }])
      equal(
        (await delivered(aws, 'Path', 1)).map((body) => JSON.parse(body)),
        [{ id: 7 }],
        'what was delivered',
      )
    },
  },
  {
    id: 'transformer',
    statement: 'An input transformer makes JSON of the parts that it picked',
    documentation: inputPage,
    resources: listening(
      'Transformed',
      {},
      {
        InputTransformer: {
          InputPathsMap: { id: '$.detail.id', lines: '$.detail.lines', type: '$.detail-type' },
          InputTemplate: '{"id": <id>, "lines": <lines>, "said": "a <type> came"}',
        },
      },
    ),
    check: async (aws) => {
      await put(aws, 'Transformed', [{ id: 'o1', lines: [{ sku: 'a' }] }])
      equal(
        (await delivered(aws, 'Transformed', 1)).map((body) => JSON.parse(body)),
        [{ id: 'o1', lines: [{ sku: 'a' }], said: 'a Told came' }],
        'what was delivered',
      )
    },
  },
  {
    id: 'transformer-text',
    statement: 'An input transformer makes a text of a template in quotation marks',
    documentation: inputPage,
    resources: listening(
      'Sentence',
      {},
      {
        InputTransformer: {
          InputPathsMap: { id: '$.detail.id', n: '$.detail.n' },
          InputTemplate: '"order <id> has <n> lines"',
        },
      },
    ),
    check: async (aws) => {
      await put(aws, 'Sentence', [{ id: 'o1', n: 3 }])
      equal(await delivered(aws, 'Sentence', 1), ['"order o1 has 3 lines"'], 'what was delivered')
    },
  },
  {
    id: 'fifo-target',
    statement: 'A FIFO queue as target gets the events in the message group that the target names',
    documentation: eventsApi('SqsParameters'),
    resources: {
      InOrder: fifoQueue('InOrder', { ContentBasedDeduplication: true }),
      InOrderRule: rule({
        EventBusName: refTo('Bus'),
        EventPattern: { source: [sourceOf('InOrder')] },
        Targets: [{ Id: 'queue', Arn: arnOf('InOrder'), SqsParameters: { MessageGroupId: 'orders' } }],
      }),
    },
    check: async (aws) => {
      await put(aws, 'InOrder', [{ n: 1 }])
      const message = await receiveOne(aws, 'InOrder', 15)
      equal(message.Attributes?.MessageGroupId, 'orders', 'MessageGroupId')
      equal(Object(JSON.parse(message.Body ?? '{}')).detail, { n: 1 }, 'detail')
    },
  },
  {
    id: 'machine-target',
    statement: 'A state machine as target is started with the event as input',
    documentation: eventsGuide('eb-targets'),
    resources: {
      MachineRole: machineRole,
      RuleRole: ruleRole,
      Started: machine({ StartAt: 'Same', States: { Same: { Type: 'Pass', End: true } } }),
      StartedRule: rule({
        EventBusName: refTo('Bus'),
        EventPattern: { source: [sourceOf('Started')] },
        Targets: [{ Id: 'machine', Arn: arnOf('Started'), RoleArn: arnOf('RuleRole') }],
      }),
    },
    check: async (aws) => {
      await put(aws, 'Started', [{ n: 4 }])
      const executionArn = await eventually(
        aws,
        async () => {
          const stateMachineArn = aws.named('Started')
          const { executions = [] } = await aws.sfn.send(new ListExecutionsCommand({ stateMachineArn }))
          return executions[0]?.executionArn
        },
        'an execution',
      )
      const { input = '{}' } = await describe(aws, executionArn)
      includes(JSON.parse(input), { source: sourceOf('Started'), detail: { n: 4 } }, 'input')
    },
  },
  {
    id: 'function-target',
    statement: 'A function as target is invoked with the event',
    documentation: eventsGuide('eb-targets'),
    resources: {
      FunctionRole: functionRole,
      Heard: queue(),
      Hearing: lambdaFunction('witness', { TOLD_URL: refTo('Heard') }),
      HearingRule: rule({
        EventBusName: refTo('Bus'),
        EventPattern: { source: [sourceOf('Hearing')] },
        Targets: [{ Id: 'function', Arn: arnOf('Hearing') }],
      }),
      HearingPermission: permission({
        FunctionName: refTo('Hearing'),
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('HearingRule'),
      }),
    },
    check: async (aws) => {
      await put(aws, 'Hearing', [{ n: 6 }])
      const { Body = '{}' } = await receiveOne(aws, 'Heard', 20)
      includes(JSON.parse(Body), { source: sourceOf('Hearing'), detail: { n: 6 } }, 'what it was given')
    },
  },
  {
    id: 'no-permission',
    statement:
      'An event that the target does not let in goes to the dead-letter queue at once, with the reason in attributes',
    documentation: deadLetterPage,
    resources: {
      ...listening('Forbidden', {}, { DeadLetterConfig: { Arn: arnOf('DeadLetters') } }),
      DeadLetters: queue(),
    },
    outputs: { ForbiddenRuleArn: arnOf('ForbiddenRule'), ForbiddenArn: arnOf('Forbidden') },
    check: async (aws) => {
      const fromMs = aws.now()
      await put(aws, 'Forbidden', [{ n: 8 }])
      const { Body = '{}', MessageAttributes = {} } = await receiveOne(aws, 'DeadLetters', 15)
      between(aws.now() - fromMs, 0, 15_000, 'milliseconds until it came')
      equal(Object(JSON.parse(Body)).detail, { n: 8 }, 'detail')
      const said = (name: string) => MessageAttributes[name]?.StringValue
      equal(
        [said('RULE_ARN'), said('TARGET_ARN'), said('ERROR_CODE')],
        [aws.named('ForbiddenRuleArn'), aws.named('ForbiddenArn'), 'NO_PERMISSIONS'],
        'RULE_ARN, TARGET_ARN, ERROR_CODE',
      )
      holds(said('ERROR_MESSAGE') !== undefined, 'ERROR_MESSAGE: expected one')
    },
  },
  {
    id: 'target-gone',
    statement:
      'An event for a target that is not there goes to the dead-letter queue as it was, not as the target was to get it',
    documentation: deadLetterPage,
    resources: {
      GoneDeadLetters: queue(),
      GoneRule: rule({
        EventBusName: refTo('Bus'),
        EventPattern: { source: [sourceOf('Gone')] },
        Targets: [
          {
            Id: 'queue',
            Arn: {
              // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of the template's.
              'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-Gone',
            },
            InputPath: '$.detail',
            DeadLetterConfig: { Arn: arnOf('GoneDeadLetters') },
          },
        ],
      }),
    },
    check: async (aws) => {
      await put(aws, 'Gone', [{ n: 9 }])
      const [message] = await receiveUpTo(aws, 'GoneDeadLetters', 1, 15)
      includes(
        JSON.parse(message?.Body ?? '{}'),
        { source: sourceOf('Gone'), detail: { n: 9 } },
        'the dead letter',
      )
      holds(message?.MessageAttributes?.['ERROR_CODE'] !== undefined, 'ERROR_CODE: expected one')
    },
  },
])
