/** A statement that MiniStack does not keep, and is known not to. */
export interface Difference {
  readonly id: string
  /** What the check says of it; a statement that fails otherwise is not explained by this. */
  readonly seen: RegExp
  /** What MiniStack does. */
  readonly emulator: string
  /** What AWS's documentation says, on the page that the statement names. */
  readonly documented: string
}

/** Of MiniStack 1.5.33. One that is no more there fails `contract.emulator.test.ts`, as does one that is not listed. */
export const emulatorDifferences: readonly Difference[] = [
  {
    id: 'sqs-messages.delete-old-handle',
    seen: /receipt handle is invalid/,
    emulator: 'Forgets the handles of earlier receives, and refuses them.',
    documented: 'With an old ReceiptHandle the request will succeed, but the message might not be deleted.',
  },
  {
    id: 'sqs-messages.wait-bounds',
    seen: /21 s: expected InvalidParameterValue, but it was taken/,
    emulator: 'Takes any WaitTimeSeconds.',
    documented: 'The maximum long poll wait time is 20 seconds.',
  },
  {
    id: 'sqs-messages.delay-bounds',
    seen: /901 s: expected InvalidParameterValue, but it was taken/,
    emulator: 'Takes any DelaySeconds.',
    documented: 'Valid values of DelaySeconds: 0 to 900.',
  },
  {
    id: 'sqs-visibility.bounds',
    seen: /43,201 s: expected InvalidParameterValue, but it was taken/,
    emulator: 'Takes any VisibilityTimeout.',
    documented: 'The new value of the visibility timeout: 0 to 43200 seconds.',
  },
  {
    id: 'sqs-visibility.not-in-flight',
    seen: /expected MessageNotInflight, but it was taken/,
    emulator: 'Hides a message that is visible, too.',
    documented: 'MessageNotInflight: the specified message is not in flight.',
  },
  {
    id: 'sqs-visibility.move-back',
    seen: /StartMessageMoveTask is not valid for this endpoint/,
    emulator: 'Has no message move tasks.',
    documented:
      'StartMessageMoveTask starts an asynchronous task to move messages from a source queue to a destination queue.',
  },
  {
    id: 'states-api.idempotent',
    seen: /Execution already exists/,
    emulator: 'Refuses a name that was used, without comparing the input.',
    documented:
      'Called with the same name and input as a running execution, the call succeeds and returns the same response as the original request.',
  },
  {
    id: 'states-api.invalid-name',
    seen: /expected InvalidName, but it was taken/,
    emulator: 'Takes any name.',
    documented:
      'A name must not contain white space or brackets; InvalidName: the provided name is not valid.',
  },
  {
    id: 'states-api.invalid-input',
    seen: /expected InvalidExecutionInput, but it was taken/,
    emulator: 'Takes any input.',
    documented: 'InvalidExecutionInput: the provided JSON input data is not valid.',
  },
  {
    id: 'states-api.history',
    seen: /got \[\[1,null,"ExecutionStarted"\]/,
    emulator: 'Gives events without previousEventId.',
    documented: 'previousEventId: the id of the previous event.',
  },
  {
    id: 'states-api.not-redrivable',
    seen: /Unknown action: RedriveExecution/,
    emulator: 'Has no RedriveExecution.',
    documented: 'ExecutionNotRedrivable: the execution Amazon Resource Name (ARN) cannot be redriven.',
  },
  {
    id: 'states-api.update',
    seen: /output of the one that ran: expected "before", got "after"/,
    emulator: 'Goes on with the new definition in executions that run.',
    documented: 'Running executions will continue to use the previous definition and roleArn.',
  },
  {
    id: 'states-flow.succeed',
    seen: /output: expected {"got":7}, got {"n":7}/,
    emulator: 'Ignores Output of a Succeed state.',
    documented:
      'Succeed states that use JSONata can include an Output field; its value overrides the state output default.',
  },
  {
    id: 'states-flow.fail-output',
    seen: /status and output: expected \["FAILED",null\], got \["FAILED","{/,
    emulator: 'Gives a failed execution an output, made of error and cause.',
    documented: 'output is set only if the execution succeeds; if it fails, this field is null.',
  },
  {
    id: 'states-flow.variables',
    seen: /expected {"x":2,"y":1}, got {"x":2,"y":2}/,
    emulator: 'Assigns one variable after the other, so that an expression sees those before it.',
    documented: 'All variable references of an Assign use the values as they were on state entry.',
  },
  {
    id: 'states-errors.function-error',
    seen: /got \["FAILED","Runtime.HandlerError"\]/,
    emulator: 'Calls every error that a function in Node throws Runtime.HandlerError.',
    documented: 'Errors of a function are reported by the name that its runtime gives them.',
  },
  {
    id: 'states-errors.max-delay',
    seen: /the end of the execution: not within/,
    emulator: 'Ignores MaxDelaySeconds: the third retry waits 100 s.',
    documented: 'MaxDelaySeconds: the maximum number of seconds to which a retry interval can increase.',
  },
  {
    id: 'states-errors.machine-timeout',
    seen: /the end of the execution: not within/,
    emulator: 'Ignores TimeoutSeconds of a state machine.',
    documented:
      'If it runs longer than TimeoutSeconds the execution fails with a States.Timeout, and its status is TIMED_OUT.',
  },
  {
    id: 'states-errors.parallel-fails',
    seen: /milliseconds: expected 3900 to 8500, got 1\d{4}/,
    emulator: 'Waits for all branches before it looks whether one failed.',
    documented:
      'If any branch fails the entire Parallel state is considered to have failed, and all its branches are stopped.',
  },
  {
    id: 'states-errors.task-history',
    seen: /got \["ExecutionStarted","TaskStateEntered","TaskScheduled","TaskFailed","ExecutionFailed"\]/,
    emulator: 'Records no TaskStarted.',
    documented: 'TaskStarted is among the types of events, and contains details about the start of a task.',
  },
  {
    id: 'states-tokens.second-answer',
    seen: /expected TaskTimedOut, got TaskDoesNotExist/,
    emulator: 'Forgets a token that was answered.',
    documented:
      'TaskTimedOut: the task token has either expired or the task associated with the token has already been closed.',
  },
  {
    id: 'states-tokens.late-answer',
    seen: /expected TaskTimedOut, got TaskDoesNotExist/,
    emulator: 'Forgets a token whose task timed out.',
    documented:
      'TaskTimedOut: the task token has either expired or the task associated with the token has already been closed.',
  },
  {
    id: 'states-tokens.invalid-token',
    seen: /expected InvalidToken, got TaskDoesNotExist/,
    emulator: 'Does not tell a token that never was one from one that it forgot.',
    documented: 'InvalidToken: the provided token is not valid. TaskDoesNotExist is of activities.',
  },
  {
    id: 'states-tokens.invalid-output',
    seen: /expected InvalidOutput, but it was taken/,
    emulator: 'Takes any output.',
    documented: 'InvalidOutput: the provided JSON output data is not valid.',
  },
  {
    id: 'states-tokens.heartbeat-missed',
    seen: /the end of the execution: not within/,
    emulator: 'Ignores HeartbeatSeconds.',
    documented:
      'States.HeartbeatTimeout: a Task state failed to send a heartbeat for a period longer than the HeartbeatSeconds value.',
  },
  {
    id: 'states-tokens.retry-token',
    seen: /the token: expected another one/,
    emulator: 'Keeps one token for all attempts of a task.',
    documented: 'If a Task state using the callback task token times out, a new random token is generated.',
  },
  {
    id: 'states-tokens.stopped',
    seen: /expected TaskTimedOut, but it was taken/,
    emulator: 'Takes answers to tasks of an execution that was stopped.',
    documented:
      'TaskTimedOut: the task token has either expired or the task associated with the token has already been closed.',
  },
  {
    id: 'states-tokens.history',
    seen: /got \["ExecutionStarted","TaskStateEntered","TaskScheduled","TaskSucceeded",/,
    emulator: 'Records neither TaskStarted nor TaskSubmitted.',
    documented: 'TaskStarted and TaskSubmitted are among the types of events.',
  },
  {
    id: 'states-tokens.redrive',
    seen: /Unknown action: RedriveExecution/,
    emulator: 'Has no RedriveExecution.',
    documented:
      'Redriving continues an unsuccessful execution from the unsuccessful step; redriveCount tells how often it was.',
  },
  {
    id: 'states-tokens.put-events',
    seen: /resources: expected the ARN of the execution/,
    emulator: 'Adds nothing to the resources of an event.',
    documented:
      'The execution ARN and the state machine ARN are automatically appended to the Resources field of each entry.',
  },
  {
    id: 'events.partial-failure',
    seen: /FailedEntryCount: expected 1, got 0/,
    emulator: 'Takes any text as detail.',
    documented: 'MalformedDetail: the Detail is not valid JSON.',
  },
  {
    id: 'events.incomplete-entry',
    seen: /expected \[1,"InvalidArgument"\], got \[0,null\]/,
    emulator: 'Takes an entry without a source.',
    documented: 'InvalidArgument: a parameter is not valid, as a missing Source, DetailType or Detail.',
  },
  {
    id: 'events.time',
    seen: /time: expected "2026-01-05T10:11:12Z"/,
    emulator: 'Gives every event the time at which it came.',
    documented: 'Time: the time stamp of the event; only if none is provided the one of the PutEvents call.',
  },
  {
    id: 'events.no-permission',
    seen: /a message from DeadLetters within 15 s: there is none/,
    emulator: 'Asks no queue policy, and has no dead-letter queues of targets.',
    documented:
      'Events that fail by missing permissions to a target are sent directly to its dead-letter queue.',
  },
  {
    id: 'events.target-gone',
    seen: /the dead letter: expected .* got {}/,
    emulator: 'Drops the event: it has no dead-letter queues of targets.',
    documented: 'Events for a target that no longer exists are sent directly to its dead-letter queue.',
  },
  {
    id: 'lambda-invoke.error-name',
    seen: /got {"errorType":"Runtime.HandlerError"}/,
    emulator: 'Calls every error that a function in Node throws Runtime.HandlerError.',
    documented:
      'Lambda turns an exception into JSON with its errorType, as ReferenceError, and errorMessage.',
  },
  {
    id: 'lambda-invoke.invalid-payload',
    seen: /expected InvalidRequestContentException, but it was taken/,
    emulator: 'Takes any payload.',
    documented: 'InvalidRequestContentException: the request body could not be parsed as JSON.',
  },
  {
    id: 'lambda-invoke.throttled',
    seen: /no concurrency: expected TooManyRequestsException, but it was taken/,
    emulator: 'Leaves ReservedConcurrentExecutions of a template aside.',
    documented:
      'With a reserved concurrency of 0 a function does not process any events until the limit is removed.',
  },
  {
    id: 'lambda-invoke.on-failure',
    seen: /got {"condition":"RetriesExhausted","approximateInvokeCount":3}/,
    emulator: 'Tells three invocations of every event that failed.',
    documented: 'approximateInvokeCount: how often the function was invoked with the event.',
  },
  {
    id: 'lambda-invoke.dead-letter',
    seen: /a message from Lost within 20 s: there is none/,
    emulator: 'Leaves DeadLetterConfig of a function in a template aside.',
    documented:
      'Lambda sends the event to the dead-letter queue as is, with RequestID, ErrorCode and ErrorMessage.',
  },
]
