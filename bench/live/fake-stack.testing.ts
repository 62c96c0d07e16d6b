import { connect, type LiveClients } from './target.ts'

type Answer = (input: Readonly<Record<string, unknown>>) => unknown

/** Where no answer is given: what a choreographed stack with one function would say that has nothing to tell. */
const standing: Readonly<Record<string, Answer>> = {
  DescribeStacksCommand: ({ StackName }) => ({
    Stacks: [
      {
        StackName,
        StackStatus: 'CREATE_COMPLETE',
        Outputs: [
          ...['Order', 'Inventory', 'Payment', 'Shipping', 'Notification'].map((service) => [
            `${service}TableName`,
            service,
          ]),
          ['CreateOrderQueueUrl', 'https://front-door'],
          ['ResultsQueueUrl', 'https://results'],
        ].map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  }),
  ListStackResourcesCommand: () => ({
    StackResourceSummaries: [
      { ResourceType: 'AWS::Lambda::Function', LogicalResourceId: 'F', PhysicalResourceId: 'the-function' },
    ],
  }),
  UpdateFunctionConfigurationCommand: () => ({}),
  BatchWriteCommand: () => ({}),
  ScanCommand: () => ({ Items: [] }),
  FilterLogEventsCommand: () => ({ events: [] }),
  DeleteMessageBatchCommand: () => ({}),
}

/**
 * Real clients whose requests go nowhere: by the name of the command, each is given the answer named here. An order that
 * is handed in has ended when the results queue is asked next, unless `SendMessageCommand` says otherwise.
 */
export const fakeClients = (answers: Readonly<Record<string, Answer>> = {}) => {
  const clients = connect({ kind: 'aws', region: 'us-east-1' })
  const asked: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[] = []
  const ended: string[] = []
  let environment: unknown
  const remembering: Readonly<Record<string, Answer>> = {
    GetFunctionConfigurationCommand: () => ({ Environment: environment }),
    SendMessageCommand: ({ MessageBody }) => {
      ended.push(String(JSON.parse(String(MessageBody)).subject))
      return {}
    },
    ReceiveMessageCommand: () => ({
      Messages: ended.splice(0, 10).map((subject) => ({
        Body: JSON.stringify({ detail: { id: subject, type: 'OrderCompleted', subject } }),
        ReceiptHandle: subject,
      })),
    }),
  }
  const send = async (command: { readonly input: Readonly<Record<string, unknown>> }) => {
    const { name } = command.constructor
    asked.push({ name, input: command.input })
    const answer = answers[name] ?? remembering[name] ?? standing[name]
    if (answer === undefined) throw new Error(`Nobody answers ${name}.`)
    // As from afar: others have their turn.
    await new Promise((resolve) => setImmediate(resolve))
    const answered = answer(command.input)
    if (name === 'UpdateFunctionConfigurationCommand') environment = command.input['Environment']
    return answered
  }
  for (const client of Object.values(clients)) Object.assign(client, { send })
  return { clients: clients as LiveClients, asked, end: (orderId: string) => void ended.push(orderId) }
}
