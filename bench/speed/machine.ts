/** Tasks of the machine on which interpreters are compared. */
const tasks = 10

const nameOf = (task: number): string => `Task${task}`

/** Ten tasks in a row in JSONPath, which is all that the peer can run; each hands its input on. */
export const tenTasks = {
  StartAt: nameOf(1),
  States: Object.fromEntries(
    Array.from({ length: tasks }, (_, index) => [
      nameOf(index + 1),
      {
        Type: 'Task',
        Resource: 'arn:aws:lambda:us-east-1:111122223333:function:echo',
        ...(index + 1 === tasks ? { End: true } : { Next: nameOf(index + 2) }),
      },
    ]),
  ),
}

export const taskNames: readonly string[] = Object.keys(tenTasks.States)
export const input = { orderId: 'order-000001', lines: [{ sku: 'sku-0001', quantity: 2 }] }
