/** Tasks of the machine on which interpreters are compared. */
const tasks = 10

const nameOf = (task: number): string => `Task${task}`

/**
 * Ten tasks in a row, each with a command much as the order flow sends it, in JSONPath, which is all that the peer can
 * run: an envelope around the order, an id put together (and not hashed, as the flow does), the answer's id kept as the
 * next cause, retries after an outage, and a way out after a refusal.
 */
const commands = {
  StartAt: nameOf(1),
  States: {
    ...Object.fromEntries(
      Array.from({ length: tasks }, (_, index) => [nameOf(index + 1), taskOf(index + 1)]),
    ),
    Rejected: { Type: 'Fail', Error: 'OrderRejected' },
  },
}

function taskOf(task: number) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:lambda:us-east-1:111122223333:function:echo',
    Parameters: {
      specversion: '1.0',
      'id.$': `States.Format('{}/{}/{}', $.order.orderId, '${nameOf(task)}', $.last.type)`,
      source: 'order-flow',
      type: nameOf(task),
      'subject.$': '$.order.orderId',
      dataschema: `${nameOf(task)}/1`,
      'correlationid.$': '$.order.orderId',
      'causationid.$': '$.last.id',
      data: { 'order.$': '$.order' },
    },
    ResultSelector: { 'id.$': '$.id', 'type.$': '$.type' },
    ResultPath: '$.last',
    Retry: [{ ErrorEquals: ['ProviderUnavailable'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }],
    Catch: [{ ErrorEquals: ['Refused'], ResultPath: '$.refusal', Next: 'Rejected' }],
    ...(task === tasks ? { End: true } : { Next: nameOf(task + 1) }),
  }
}

/** Ten tasks in a row that hand on what they are given: the loop alone, no path and no template. */
const passThrough = {
  StartAt: nameOf(1),
  States: Object.fromEntries(
    Array.from({ length: tasks }, (_, index) => {
      const { Type, Resource, ...rest } = taskOf(index + 1)
      return [nameOf(index + 1), { Type, Resource, ...('End' in rest ? { End: true } : { Next: rest.Next }) }]
    }),
  ),
}

/** Where an interpreter stands depends on what it is given: two ends of it. */
export const machines = { commands, passThrough } as const
export type MachineName = keyof typeof machines

export const taskNames: readonly string[] = Array.from({ length: tasks }, (_, index) => nameOf(index + 1))

/** Each task answers with what it was given: nothing but the interpreter is measured. */
export const input = {
  order: {
    orderId: 'order-000001',
    customerId: 'customer-2891',
    country: 'United Kingdom',
    currency: 'GBP',
    amount: 3_627,
    lines: [
      { sku: 'sku-0167', quantity: 2, unitPrice: 1_240 },
      { sku: 'sku-2819', quantity: 1, unitPrice: 1_147 },
    ],
  },
  last: { id: 'order-000001', type: 'OrderCreated' },
}
